#pragma once

/// \file
/// The contract of an application: what its clients may send and what they are sent, read off the
/// descriptions of its gateways and controllers without running any of it. TypeScript, AsyncAPI and OpenAPI
/// are made of it; docs/contracts.md tells what of a program ends up in them.
///
///     aerie::contract::Contract const contract = aerie::contract_of<AppModule>();
///     std::string const text = aerie::contract::to_typescript(contract);
///
/// Plain values; every function here may be called on any thread.

#include <aerie/core/api.hpp>
#include <aerie/gateway/descriptions.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {
namespace contract {

struct Member;

/// A type as contracts have it: that of a codec, or one that is made of several.
struct Type {
  enum class Kind : std::uint8_t {
    unknown,  ///< Whatever it is.
    codec,    ///< What `codec` says.
    object,   ///< An object with `members`.
    all_of,   ///< Each of `parts` at once.
    any_of,   ///< One of `parts`.
  };
  Kind kind = Kind::unknown;
  TypeOps const* codec = nullptr;
  std::vector<Member> members;
  std::vector<Type> parts;

  static Type of(TypeOps const* codec);
  bool operator==(Type const& other) const;
};

/// A member of an object, or a parameter that has a name.
struct Member {
  std::string name;
  Type type;
  bool is_required = true;

  bool operator==(Member const&) const = default;
};

/// What answers an event.
struct Acknowledgement {
  enum class Kind : std::uint8_t {
    none,      ///< Nobody answers.
    given,     ///< With `arguments`.
    possible,  ///< Perhaps, with whatever.
  };
  Kind kind = Kind::none;
  std::vector<Type> arguments{};
};

struct Event {
  std::string name;
  std::string description{};
  std::vector<Type> arguments{};
  /// The number and the types of the arguments are not known.
  bool has_any_arguments = false;
  Acknowledgement acknowledgement{};
};

/// A namespace, or all that a pattern matches.
struct NamespaceContract {
  /// "/chat"; empty where there is a pattern.
  std::string name;
  std::string pattern{};
  /// What its types' names begin with: "Chat"; empty for the main namespace.
  std::string prefix{};
  std::string description{};
  /// What clients send, and what they are sent.
  std::vector<Event> incoming{};
  std::vector<Event> outgoing{};
  /// What clients send as `auth`; nothing if nobody has said.
  std::optional<Type> auth{};
  std::vector<gateway::ErrorCodes> error_codes{};
};

struct RouteContract {
  std::string method;  ///< "GET"
  std::string path;    ///< "/rooms/:id/messages"
  std::string description{};
  std::string controller;
  std::string handler;
  std::vector<Member> path_parameters{};
  std::vector<Member> query{};
  std::vector<Member> headers{};
  std::optional<Type> body{};
  bool takes_files = false;
  int status = 200;
  /// Of an answer that is no error; nothing if its body is empty.
  std::optional<Type> answer{};
  bool is_event_stream = false;
  /// The body of an error, where it is not the framework's.
  std::optional<Type> error{};
  /// The versions that answer here, of those that a header tells apart.
  std::vector<std::string> versions{};
};

struct Contract {
  std::vector<NamespaceContract> namespaces;
  std::vector<RouteContract> routes;
  /// They are referred to.
  std::vector<gateway::Descriptions> descriptions;
};

/// The contract of the modules of a program, one for each of its applications. Namespaces of one name are
/// one.
AERIE_API Contract collect(std::vector<gateway::Descriptions> descriptions);

/// What a document says of itself.
struct DocumentInfo {
  std::string title = "Aerie application";
  std::string version = "1.0.0";
  std::string description{};
  /// How the file is made anew: "my-app --emit-typescript FILE".
  std::string command{};
};

/// One file of TypeScript that needs no other.
AERIE_API std::string to_typescript(Contract const& contract, DocumentInfo const& info = {});
/// An AsyncAPI document of version 3.0.0, as JSON:
/// https://www.asyncapi.com/docs/reference/specification/v3.0.0
AERIE_API std::string to_asyncapi(Contract const& contract, DocumentInfo const& info = {});
/// An OpenAPI document of version 3.1.0, as JSON: https://spec.openapis.org/oas/v3.1.0
AERIE_API std::string to_openapi(Contract const& contract, DocumentInfo const& info = {});

/// All of it as a page for people: one file, without scripts and without anything from elsewhere.
AERIE_API std::string to_html(Contract const& contract, DocumentInfo const& info = {});

/// Sixteen hexadecimal digits that change when the contract does. What is only said in words does not count.
AERIE_API std::string hash_of(Contract const& contract);

}  // namespace contract

/// The contract of the applications whose root modules these are.
template <class... RootModules>
contract::Contract contract_of(gateway::RouteSettings const& settings = {}) {
  return contract::collect({gateway::describe(gateway::module_reference<RootModules>(), settings)...});
}

}}  // namespace aerie::v1
