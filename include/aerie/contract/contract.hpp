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
  /// What a type is made of.
  enum class Kind : std::uint8_t {
    unknown,  ///< Whatever it is.
    codec,    ///< What `codec` says.
    object,   ///< An object with `members`.
    all_of,   ///< Each of `parts` at once.
    any_of,   ///< One of `parts`.
  };
  /// Which of the members below say more.
  Kind kind = Kind::unknown;
  /// Of kind `codec`.
  TypeOps const* codec = nullptr;
  /// Of kind `object`.
  std::vector<Member> members;
  /// Of kinds `all_of` and `any_of`.
  std::vector<Type> parts;

  /// The type of a codec; unknown if there is none.
  static Type of(TypeOps const* codec);
  bool operator==(Type const& other) const;
};

/// A member of an object, or a parameter that has a name.
struct Member {
  /// As it is written on the wire.
  std::string name;
  /// What its value is.
  Type type;
  /// Whether it must be there.
  bool is_required = true;

  bool operator==(Member const&) const = default;
};

/// What answers an event.
struct Acknowledgement {
  /// Whether there is an answer.
  enum class Kind : std::uint8_t {
    none,      ///< Nobody answers.
    given,     ///< With `arguments`.
    possible,  ///< Perhaps, with whatever.
  };
  /// Whether there is one.
  Kind kind = Kind::none;
  /// Of kind `given`.
  std::vector<Type> arguments{};
};

/// An event of a namespace, in one of the two directions.
struct Event {
  /// As it is written on the wire.
  std::string name;
  /// What it is for, in words.
  std::string description{};
  /// Its arguments in order, without the acknowledgement.
  std::vector<Type> arguments{};
  /// The number and the types of the arguments are not known.
  bool has_any_arguments = false;
  /// What the other side answers.
  Acknowledgement acknowledgement{};
};

/// A namespace, or all that a pattern matches.
struct NamespaceContract {
  /// "/chat"; empty where there is a pattern.
  std::string name;
  /// Which names it takes, as a regular expression; empty where there is a name.
  std::string pattern{};
  /// What its types' names begin with: "Chat"; empty for the main namespace.
  std::string prefix{};
  /// What it is for, in words.
  std::string description{};
  /// What clients send, and what they are sent.
  std::vector<Event> incoming{};
  /// What clients are sent.
  std::vector<Event> outgoing{};
  /// What clients send as `auth`; nothing if nobody has said.
  std::optional<Type> auth{};
  /// The codes of errors that clients are told.
  std::vector<gateway::ErrorCodes> error_codes{};
};

/// A route of a controller.
struct RouteContract {
  std::string method;  ///< "GET"
  std::string path;    ///< "/rooms/:id/messages"
  /// What it is for, in words.
  std::string description{};
  /// The class that has it: "RoomController".
  std::string controller;
  /// Its member function.
  std::string handler;
  /// The parameters of the path, in its order.
  std::vector<Member> path_parameters{};
  /// The parameters of the query.
  std::vector<Member> query{};
  /// The headers that it reads.
  std::vector<Member> headers{};
  /// What the request carries; nothing if it reads none.
  std::optional<Type> body{};
  /// Its body is a form with files.
  bool takes_files = false;
  /// Of an answer that is no error.
  int status = 200;
  /// Of an answer that is no error; nothing if its body is empty.
  std::optional<Type> answer{};
  /// It answers with server-sent events, of which `answer` is one.
  bool is_event_stream = false;
  /// The body of an error, where it is not the framework's.
  std::optional<Type> error{};
  /// The versions that answer here, of those that a header tells apart.
  std::vector<std::string> versions{};
};

/// All that clients of an application can ask for, and are told.
struct Contract {
  /// The gateways' side.
  std::vector<NamespaceContract> namespaces;
  /// The controllers' side.
  std::vector<RouteContract> routes;
  /// They are referred to.
  std::vector<gateway::Descriptions> descriptions;
};

/// The contract of the modules of a program, one for each of its applications. Namespaces of one name are
/// one.
AERIE_API Contract collect(std::vector<gateway::Descriptions> descriptions);

/// What a document says of itself.
struct DocumentInfo {
  /// The document's title.
  std::string title = "Aerie application";
  /// The version of the contract, which is the application's.
  std::string version = "1.0.0";
  /// More about it, in words.
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
