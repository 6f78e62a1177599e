#include "contract/names.hpp"
#include "contract/type_table.hpp"
#include "contract/typescript_types.hpp"

#include <aerie/contract/contract.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// What the types of a namespace are called behind its prefix, and what the file itself uses.
constexpr std::string_view own_names[] = {"ServerToClientEvents", "ClientToServerEvents", "HandshakeAuth",
                                          "ErrorCodes"};
constexpr std::string_view global_names[] = {"Namespaces", "Routes",      "Record",         "Date",
                                             "Uint8Array", "ArrayBuffer", "ArrayBufferView"};

std::set<std::string> taken_names(Contract const& contract) {
  std::set<std::string> taken(std::begin(global_names), std::end(global_names));
  for (auto const& nsp : contract.namespaces) {
    for (auto const name : own_names)
      taken.insert(nsp.prefix + std::string(name));
  }
  return taken;
}

class Writer {
 public:
  Writer(Contract const& contract, bool with_comments)
      : contract_(contract),
        with_comments_(with_comments),
        table_(contract, taken_names(contract)),
        types_(table_) {}

  /// All but the head of the file.
  std::string write() {
    for (auto const& entry : table_.entries())
      text_.append("\n").append(types_.declaration(entry, with_comments_));
    for (auto const& nsp : contract_.namespaces)
      write(nsp);
    if (!contract_.namespaces.empty()) write_namespaces();
    if (!contract_.routes.empty()) write_routes();
    return std::move(text_);
  }

 private:
  void say(std::string_view description, std::string_view indent = {}) {
    if (with_comments_) text_ += comment(description, indent);
  }

  void write(NamespaceContract const& nsp) {
    auto const where =
        nsp.pattern.empty() ? "the namespace " + nsp.name : "the namespaces that match " + nsp.pattern;
    auto const about = nsp.description.empty() ? std::string() : "\n" + nsp.description;
    text_ += "\n";
    say("What the server sends in " + where + "." + about);
    write_events(nsp.prefix + "ServerToClientEvents", nsp.outgoing, Direction::to_client);
    text_ += "\n";
    say("What the server takes in " + where + ".");
    write_events(nsp.prefix + "ClientToServerEvents", nsp.incoming, Direction::to_server);
    if (nsp.auth) {
      text_ += "\n";
      say("What is sent as `auth` to connect to " + where + ".");
      text_.append("export type ").append(nsp.prefix).append("HandshakeAuth = ");
      text_.append(types_.of(*nsp.auth, Direction::to_server)).append(";\n");
    }
    if (!nsp.error_codes.empty()) {
      text_ += "\n";
      say("The codes of errors in " + where + ".");
      text_.append("export type ").append(nsp.prefix).append("ErrorCodes = ");
      text_.append(codes_of(nsp)).append(";\n");
    }
  }

  std::string codes_of(NamespaceContract const& nsp) const {
    std::vector<std::string> names;
    std::string text;
    for (auto const& codes : nsp.error_codes) {
      names.insert(names.end(), codes.names.begin(), codes.names.end());
      if (codes.table == nullptr) continue;
      auto const& name = table_.name_of(codes.table());
      if (text.find(name) == text.npos) text.append(text.empty() ? "" : " | ").append(name);
    }
    if (names.empty()) return text;
    return text + (text.empty() ? "" : " | ") + union_of(names);
  }

  void write_events(std::string const& name, std::vector<Event> const& events, Direction direction) {
    text_.append("export interface ").append(name).append(" {\n");
    for (auto const& event : events) {
      say(event.description, "  ");
      text_.append("  ").append(property_name(event.name)).append(": ");
      text_.append(function_of(event, direction)).append(";\n");
    }
    text_ += "}\n";
  }

  /// "(payload: JoinRoom, ack: (answer: Joined) => void) => void"
  std::string function_of(Event const& event, Direction direction) const {
    if (event.has_any_arguments) return "(...args: any[]) => void";
    auto parameters = parameters_of(event.arguments, direction, "payload");
    auto const back = direction == Direction::to_server ? Direction::to_client : Direction::to_server;
    auto const& acknowledgement = event.acknowledgement;
    if (acknowledgement.kind == Acknowledgement::Kind::given) {
      parameters.append(parameters.empty() ? "" : ", ").append("ack: (");
      parameters.append(parameters_of(acknowledgement.arguments, back, "answer")).append(") => void");
    } else if (acknowledgement.kind == Acknowledgement::Kind::possible) {
      // Whether it answers, only the answer shows.
      parameters.append(parameters.empty() ? "" : ", ").append("ack?: (...answer: any[]) => void");
    }
    return "(" + parameters + ") => void";
  }

  std::string parameters_of(std::vector<Type> const& types, Direction direction,
                            std::string_view name) const {
    std::string text;
    for (std::size_t i = 0; i < types.size(); ++i) {
      text.append(text.empty() ? "" : ", ").append(name);
      if (types.size() > 1) text.append(std::to_string(i + 1));
      text.append(": ").append(types_.of(types[i], direction));
    }
    return text;
  }

  void write_namespaces() {
    text_ += "\n";
    say("All namespaces, those of a pattern by the pattern.");
    text_ += "export interface Namespaces {\n";
    for (auto const& nsp : contract_.namespaces) {
      text_.append("  ").append(text_literal(nsp.pattern.empty() ? nsp.name : nsp.pattern)).append(": {\n");
      auto const add = [&](std::string_view name, std::string_view type) {
        text_.append("    ").append(name).append(": ").append(type).append(";\n");
      };
      add("serverToClient", nsp.prefix + "ServerToClientEvents");
      add("clientToServer", nsp.prefix + "ClientToServerEvents");
      add("auth", nsp.auth ? nsp.prefix + "HandshakeAuth" : "unknown");
      add("errorCodes", nsp.error_codes.empty() ? "string" : nsp.prefix + "ErrorCodes");
      text_ += "  };\n";
    }
    text_ += "}\n";
  }

  void write_routes() {
    text_ += "\n";
    say("The HTTP routes, by their methods and paths.");
    text_ += "export interface Routes {\n";
    for (auto const& route : contract_.routes) {
      say(route.description, "  ");
      auto name = route.method + " " + route.path;
      for (std::size_t i = 0; i < route.versions.size(); ++i)
        name.append(i == 0 ? " v" : ",").append(route.versions[i]);
      text_.append("  ").append(text_literal(name)).append(": {\n");
      write_part("params", route.path_parameters);
      write_part("query", route.query);
      write_part("headers", route.headers);
      if (route.body) add_line("body", types_.of(*route.body, Direction::to_server));
      if (route.takes_files) add_line("form", "FormData");
      add_line(route.is_event_stream ? "events" : "response",
               route.answer ? types_.of(*route.answer, Direction::to_client) : "undefined");
      if (route.error) add_line("error", types_.of(*route.error, Direction::to_client));
      text_ += "  };\n";
    }
    text_ += "}\n";
  }

  void write_part(std::string_view name, std::vector<Member> const& members) {
    if (!members.empty()) add_line(name, object_of(members));
  }

  /// Those without a name are all there are, as one object.
  std::string object_of(std::vector<Member> const& members) const {
    std::vector<Member> named;
    std::string whole;
    for (auto const& member : members) {
      if (!member.name.empty()) {
        named.push_back(member);
        continue;
      }
      whole.append(whole.empty() ? "" : " & ").append(types_.of(member.type, Direction::to_server));
    }
    if (named.empty()) return whole;
    auto const text = types_.of(named, Direction::to_server);
    return whole.empty() ? text : whole + " & " + text;
  }

  void add_line(std::string_view name, std::string_view type) {
    text_.append("    ").append(name).append(": ").append(type).append(";\n");
  }

  Contract const& contract_;
  bool with_comments_;
  TypeTable table_;
  TypescriptTypes types_;
  std::string text_;
};

}  // namespace

std::string to_typescript(Contract const& contract, DocumentInfo const& info) {
  std::string text = "// The contract of " + info.title + ", made of what its gateways and controllers say";
  text += info.command.empty() ? ".\n" : ":\n//     " + info.command + "\n";
  text +=
      "// What is changed here is lost when it is made anew. It needs no other file.\n"
      "//\n"
      "// Integers are numbers, which JavaScript has exactly up to 2^53 - 1 (Number.MAX_SAFE_INTEGER); those "
      "that\n"
      "// may be larger the server sends as texts of digits (aerie::IntegerText), which are strings here.\n"
      "\n"
      "/** Changes with the contract. Sent in `auth` as `contract`, it lets the server's log tell of stale "
      "pages. */\n"
      "export const contractHash = \"";
  text += hash_of(contract);
  text += "\";\n";
  return text + Writer(contract, true).write();
}

std::string hash_of(Contract const& contract) {
  // FNV-1a (draft-eastlake-fnv): it tells versions apart, and protects nothing.
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (char const c : Writer(contract, false).write()) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  std::string digits(16, '0');
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, hash >>= 4U)
    *at = "0123456789abcdef"[hash & 15U];
  return digits;
}

}}}  // namespace aerie::v1::contract
