#include "contract/json_schema.hpp"
#include "contract/names.hpp"
#include "contract/type_table.hpp"

#include <aerie/contract/contract.hpp>
#include <aerie/core/ascii.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

Value reference(std::string_view where, std::string_view what) {
  return Value::object({{"$ref", std::string(where).append(what)}});
}

/// A key as AsyncAPI has them in components and channels: `^[A-Za-z0-9._-]+$`.
std::string key_of(std::string_view name) {
  std::string key;
  for (char const c : name) {
    bool const is_allowed = core::is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
    key.push_back(is_allowed ? c : '_');
  }
  return key.empty() ? "_" : key;
}

class AsyncApi {
 public:
  explicit AsyncApi(Contract const& contract) : contract_(contract), table_(contract), schemas_(table_) {}

  Value write(DocumentInfo const& info) {
    for (auto const& nsp : contract_.namespaces)
      add(nsp);
    Object document{{"asyncapi", "3.0.0"}, {"info", about(info)}};
    document.set("defaultContentType", "application/json");
    document.set("channels", std::move(channels_));
    document.set("operations", std::move(operations_));
    document.set("components", Value::object({{"schemas", schemas_.components()}}));
    return document;
  }

 private:
  /// A channel on its way into the document.
  struct Channel {
    std::string id;
    Object messages;

    std::string path() const { return "#/channels/" + id; }
  };

  void add(NamespaceContract const& nsp) {
    Channel channel;
    channel.id = nsp.prefix.empty() ? "Main" : nsp.prefix;
    for (auto const& event : nsp.incoming)
      add(channel, event, Direction::to_server);
    for (auto const& event : nsp.outgoing)
      add(channel, event, Direction::to_client);

    Object written;
    written.set("address", nsp.pattern.empty() ? Value(nsp.name) : Value(nullptr));
    if (!nsp.pattern.empty()) written.set("title", "Namespaces that match " + nsp.pattern);
    if (!nsp.description.empty()) written.set("description", nsp.description);
    written.set("messages", std::move(channel.messages));
    if (!nsp.pattern.empty()) written.set("x-pattern", nsp.pattern);
    if (nsp.auth) written.set("x-auth", schemas_.of(*nsp.auth, Direction::to_server));
    if (auto codes = codes_of(nsp); !codes.empty()) written.set("x-error-codes", std::move(codes));
    channels_.set(channel.id, std::move(written));
  }

  static Array codes_of(NamespaceContract const& nsp) {
    Array codes;
    for (auto const& known : nsp.error_codes) {
      for (auto const& name : known.names)
        codes.emplace_back(name);
      if (known.table == nullptr) continue;
      for (auto const& entry : known.table().entries())
        codes.emplace_back(entry.name);
    }
    return codes;
  }

  /// Puts a message into the channel; its key there.
  std::string add_message(Channel& channel, std::string const& wanted, Event const& event, Value payload) {
    auto const key = free_name(wanted, [&](auto const& name) { return !channel.messages.contains(name); });
    Object message{{"name", event.name}, {"title", event.name}};
    if (!event.description.empty()) message.set("description", event.description);
    message.set("payload", std::move(payload));
    channel.messages.set(key, std::move(message));
    return key;
  }

  Value arguments_of(Event const& event, Direction direction) const {
    if (event.has_any_arguments) return Value::object({{"type", "array"}});
    return schemas_.of(event.arguments, direction);
  }

  void add(Channel& channel, Event const& event, Direction direction) {
    bool const is_received = direction == Direction::to_server;
    auto const key = add_message(channel, key_of(event.name), event, arguments_of(event, direction));
    Object operation{{"action", is_received ? "receive" : "send"},
                     {"channel", reference("#/channels/", channel.id)}};
    if (!event.description.empty()) operation.set("summary", event.description);
    operation.set("messages", Value::array({reference(channel.path(), "/messages/" + key)}));
    add_reply(channel, event, direction, operation);
    operations_.set(channel.id + (is_received ? ".receive." : ".send.") + key, std::move(operation));
  }

  void add_reply(Channel& channel, Event const& event, Direction direction, Object& operation) {
    auto const& acknowledgement = event.acknowledgement;
    if (acknowledgement.kind == Acknowledgement::Kind::none) return;
    auto const back = direction == Direction::to_server ? Direction::to_client : Direction::to_server;
    Event reply{event.name, "The acknowledgement."};
    auto payload = acknowledgement.kind == Acknowledgement::Kind::given
                       ? schemas_.of(acknowledgement.arguments, back)
                       : Value::object({{"type", "array"}});
    auto const key = add_message(channel, key_of(event.name) + ".ack", reply, std::move(payload));
    operation.set(
        "reply",
        Value::object({{"channel", reference("#/channels/", channel.id)},
                       {"messages", Value::array({reference(channel.path(), "/messages/" + key)})}}));
  }

  Contract const& contract_;
  TypeTable table_;
  JsonSchemas schemas_;
  Object channels_;
  Object operations_;
};

}  // namespace

std::string to_asyncapi(Contract const& contract, DocumentInfo const& info) {
  // What only routes have is no part of it.
  Contract events;
  events.namespaces = contract.namespaces;
  return pretty(AsyncApi(events).write(info));
}

}}}  // namespace aerie::v1::contract
