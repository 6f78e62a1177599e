#pragma once

/// \file
/// The contract of an application as pages of its own, for development:
///
///     auto app = aerie::Application::create<AppModule>();
///     if (is_development) aerie::serve_contract<AppModule>(app);    // GET /docs
///
/// See docs/contracts.md.

#include <aerie/contract/contract.hpp>
#include <aerie/contract/emit.hpp>
#include <aerie/core/api.hpp>
#include <aerie/gateway/application.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 {

namespace contract {

/// Serves the page at `path`, and below it `contract.ts`, `asyncapi.json` and `openapi.json`. Before the
/// application starts. Throws gateway::StartError if something is there already.
AERIE_API void serve(Application& app, Contract const& contract, std::string path,
                     ContractOptions const& options);

}  // namespace contract

/// Whoever can reach the port reads it, so leave it off in production, or behind a proxy that knows who asks.
template <class... RootModules>
void serve_contract(Application& app, std::string path = "/docs", ContractOptions const& options = {}) {
  contract::serve(app, contract_of<RootModules...>(options.routes), std::move(path), options);
}

}}  // namespace aerie::v1
