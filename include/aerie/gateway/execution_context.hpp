#pragma once

/// \file
/// What guards, interceptors, filters and extractors know of the message or request at hand.

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/gateway/reply.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/http/multipart.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/typed_slots.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Handshake;
class Socket;

namespace core {
class Shard;
}
namespace http {
struct Request;
struct Response;
}  // namespace http

namespace gateway {
struct Route;
}

/// What is being handled: a message or connection of a gateway, or a request.
enum class ContextType : std::uint8_t { ws, http };

/// "ws", "http"
AERIE_API std::string_view to_string(ContextType type) noexcept;

/// One message of a client, its connection being guarded, or one HTTP request. Belongs to the shard of its
/// connection and lives until the message has been answered.
class AERIE_API ExecutionContext {
 public:
  ExecutionContext(ExecutionContext const&) = delete;
  ExecutionContext& operator=(ExecutionContext const&) = delete;
  virtual ~ExecutionContext();

  /// What is being handled.
  virtual ContextType type() const noexcept = 0;
  /// The gateway or controller, "ChatGateway", and its member function, "join_room"; the latter is empty
  /// while a connection is guarded.
  std::string_view class_name() const noexcept;
  /// See `class_name`.
  std::string_view handler_name() const noexcept;
  /// The event, also where its handler is one of every event; of an HTTP request the route's path.
  std::string_view pattern() const noexcept;
  /// What the groups of the namespace's pattern have matched; of an HTTP request the parameters of its path.
  virtual std::vector<std::pair<std::string, std::string>> params() const { return {}; }
  /// One of these. Nothing if there is none of that name.
  std::optional<std::string> param(std::string_view name) const;
  /// True while a guard decides about a connection, not a message.
  bool is_connecting() const noexcept { return connecting_; }

  /// The message without the acknowledgement: undefined, its argument, or an array of several; of a request
  /// the body. Decoded when it is first asked for.
  Value const& payload() const;
  /// One of the caller's own. Decoded for it, or copied where the other one is there already.
  Value payload_for_changes() const;

  /// What was said of the route, or of its class, with `.meta(T{...})`; null if nothing was.
  template <class T>
  T const* metadata() const {
    return static_cast<T const*>(find_metadata(gateway::type_id<T>()));
  }

  // --- What guards leave for those behind them

  /// Keeps one object of each type with the client, for all of its messages; of a request until it has been
  /// answered. The same as `Socket::set`.
  template <class T>
  T& set(T value) {
    return slots().set(std::move(value));
  }
  /// The object of that type; null if none was set.
  template <class T>
  T* find() const noexcept {
    auto const* const kept = find_slots();
    return kept == nullptr ? nullptr : kept->find<T>();
  }
  /// Throws std::out_of_range if none was set.
  template <class T>
  T& get() const {
    if (auto* const found = find<T>()) return *found;
    socketio::throw_no_such_state();
  }

  // --- The client of a gateway

  /// The Socket.IO socket. Throws std::logic_error for HTTP and for other adapters; see `find_socket`.
  Socket& socket() const;
  /// The same; null for HTTP and for other adapters.
  virtual Socket* find_socket() const noexcept { return nullptr; }
  /// For the framework: where runs what ends when the client leaves; null if the call itself does.
  virtual core::TaskContext* tasks_of_client() const { return nullptr; }
  /// The id of the client's connection, of whatever kind.
  virtual std::string_view client_id() const noexcept { return {}; }
  /// The peer's address, without port.
  virtual std::string client_address() const = 0;
  /// Sends an event to the client. Does nothing for HTTP.
  template <class... Ts>
  void emit(std::string_view event, Ts const&... data) const {
    emit_args(event, socketio::EncodableList(data...));
  }
  /// The same with arguments that are collected already.
  virtual void emit_args(std::string_view event, ArgsRef args) const;
  /// The acknowledgement that the client waits for; empty if it does not.
  Ack<> ack() const { return Ack<>(ack_handle()); }
  /// For the framework: the acknowledgement without types.
  virtual socketio::AckHandle ack_handle() const;
  /// Why the client has left, while its gateway is told so.
  virtual DisconnectReason disconnect_reason() const noexcept;
  /// More about it; may be empty.
  virtual std::string_view disconnect_description() const noexcept { return {}; }
  /// A value that a client has given with its handshake: `auth` first, then the query; of a request a bearer
  /// token's. Nothing if it is missing or no text.
  virtual std::optional<std::string> credential(std::string_view name) const = 0;
  /// A cookie that the client has sent with its handshake, or with the request; decoded.
  virtual std::optional<std::string> cookie(std::string_view) const { return std::nullopt; }
  /// Adapters' own types of clients (`WsClient`); null if this is no such client.
  virtual void* find_client(gateway::TypeId) const noexcept { return nullptr; }

  // --- A request

  /// Throws std::logic_error if this is no HTTP request.
  http::Request const& request() const;
  /// The same; null if this is no HTTP request.
  virtual http::Request const* find_request() const noexcept { return nullptr; }
  /// The files of a form that was sent as `multipart/form-data`, where the route reads those.
  virtual std::span<http::MultipartPart const> files() const noexcept { return {}; }
  /// Sets a header of the response, whatever that will be. Does nothing for messages. Throws
  /// std::invalid_argument if it is not allowed (http::append_header).
  virtual void set_header(std::string_view, std::string_view) {}

  // --- For the framework and for adapters

  /// The route that handles it.
  gateway::Route const& route() const noexcept { return *route_; }
  /// The event loop of its connection.
  virtual core::Shard& shard() const noexcept = 0;
  /// The message's arguments, undecoded.
  virtual Args const& args() const noexcept = 0;
  /// Sends one answer, by the rules of gateways (or makes it the response).
  virtual void deliver(ReplyItem const& item) = 0;
  /// Sends a value as the answer.
  virtual void deliver_value(EncodableRef value) = 0;
  /// Sends an event as the answer, whose name is not the value's.
  virtual void deliver_event(std::string_view event, EncodableRef data) = 0;
  /// A response as it is to be sent. Throws std::logic_error if this is no HTTP request.
  virtual void deliver_response(http::Response response);
  /// Takes a stream as a whole, if it is answered that way. False: its items are delivered one by one.
  virtual bool deliver_stream(Generator<ReplyItem>&) { return false; }
  /// Acknowledges without a value, if nobody has answered and the client waits for it.
  virtual void acknowledge() {}
  /// What becomes of an error that no filter has handled.
  virtual void deliver_error(std::exception_ptr const& error) = 0;
  /// Says whether a guard decides about a connection.
  void set_connecting(bool connecting) noexcept { connecting_ = connecting; }
  /// The message's event, where the route is not that of one event. The text outlives the context.
  void set_event(std::string_view event) noexcept { event_ = event; }

 protected:
  explicit ExecutionContext(gateway::Route const& route) noexcept : route_(&route) {}
  /// Where `set` keeps objects; by default in the context itself. Adapters keep them with the client.
  virtual socketio::TypedSlots& slots();
  virtual socketio::TypedSlots const* find_slots() const noexcept { return own_slots_.get(); }

 private:
  void const* find_metadata(gateway::TypeId type) const noexcept;

  gateway::Route const* route_;
  std::string_view event_;  // null where the route says it
  std::optional<Value> mutable payload_;
  core::Owned<socketio::TypedSlots> own_slots_;
  bool connecting_ = false;
};

}}  // namespace aerie::v1
