#pragma once

/// \file
/// The options of a program that write its contract:
///
///     int main(int argc, char** argv) {
///       if (auto const status = aerie::emit_contract<AppModule>(argc, argv)) return *status;
///       auto app = aerie::Application::create<AppModule>();
///       ...
///     }
///
///     my-app --emit-typescript web/src/contract.ts --emit-asyncapi asyncapi.json
///     my-app --emit-typescript web/src/contract.ts --check
///
/// It is called first: such a run opens nothing and listens nowhere. A file of `-` is the standard output.
/// One that says so already is left as it is. With `--check` nothing is written, and the status is 1 if a
/// file is not what would be written. See docs/contracts.md.

#include <aerie/contract/contract.hpp>
#include <aerie/core/api.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/gateway/module.hpp>

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 {

/// What is asked of the documents besides what the modules say.
struct ContractOptions {
  /// What the documents say of themselves; by default the title is the program's name.
  std::string title{};
  /// The version that the documents give themselves.
  std::string version = "1.0.0";
  /// More about the application, in words.
  std::string description{};
  /// What the application says of its controllers' paths, so that the contract says it as well.
  gateway::RouteSettings routes{};
};

namespace contract {

/// Whether the arguments ask for a contract: --emit-typescript, --emit-asyncapi, --emit-openapi or --check.
AERIE_API bool is_asked_for(int argc, char const* const* argv);

/// Does what they ask for. Returns the status to exit with; what is wrong is written to `errors`, in a
/// sentence.
AERIE_API int emit(int argc, char const* const* argv, std::function<Contract()> const& collect,
                   ContractOptions const& options, std::ostream& output, std::ostream& errors);
/// The same with the standard streams.
AERIE_API int emit(int argc, char const* const* argv, std::function<Contract()> const& collect,
                   ContractOptions const& options);

}  // namespace contract

/// The status to exit with, if the arguments ask for the contract of the applications with these root
/// modules; nothing otherwise. Throws gateway::StartError where modules do not fit together.
template <class... RootModules>
std::optional<int> emit_contract(int argc, char const* const* argv, ContractOptions const& options = {}) {
  if (!contract::is_asked_for(argc, argv)) return std::nullopt;
  return contract::emit(
      argc, argv, [&] { return contract_of<RootModules...>(options.routes); }, options);
}

/// What the log of a running application tells of its contract: of pages that were built on another one, in
/// development of events that no gateway has said it sends as well. Before it starts; `settings` as for
/// emit_contract.
template <class... RootModules>
void watch_contract(Application& app, bool in_development = false,
                    gateway::RouteSettings const& settings = {}) {
  app.watch_contract({contract::hash_of(contract_of<RootModules...>(settings)), in_development});
}

/// The same of a module with settings of its own (`AppModule::for_root(options)`).
inline std::optional<int> emit_contract(int argc, char const* const* argv, DynamicModule const& root,
                                        ContractOptions const& options = {}) {
  if (!contract::is_asked_for(argc, argv)) return std::nullopt;
  return contract::emit(
      argc, argv, [&] { return contract::collect({gateway::describe(root.reference, options.routes)}); },
      options);
}

}}  // namespace aerie::v1
