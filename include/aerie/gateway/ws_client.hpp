#pragma once

/// \file
/// A client on a plain WebSocket, as handlers behind aerie::WsAdapter ask for it: `WsClient& client`.

#include <aerie/core/api.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/socketio/typed_slots.hpp>
#include <aerie/websocket/error.hpp>
#include <aerie/websocket/frame.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// Belongs to the shard of its connection: all of it is called there. Other shards keep a `weak()` and post
/// to `shard()`. What is sent to a client that has left goes nowhere.
class AERIE_API WsClient : public std::enable_shared_from_this<WsClient> {
 public:
  virtual ~WsClient();
  WsClient(WsClient const&) = delete;
  WsClient& operator=(WsClient const&) = delete;

  /// Twenty characters that nobody can guess.
  std::string_view id() const noexcept { return id_; }
  /// The request that has opened the connection: path, query, headers.
  http::RequestHead const& request() const noexcept { return request_; }
  /// The peer's address, without port.
  std::string const& address() const noexcept { return address_; }
  /// True from the answer to the handshake to the first close frame, of either side.
  virtual bool is_open() const noexcept = 0;
  /// How the client has left: the code of its close frame, `no_status` if that had none, `abnormal` if there
  /// was none (also as long as it is there), ours if it has broken the protocol.
  virtual websocket::CloseCode close_code() const noexcept = 0;
  /// Bytes that wait to be sent.
  virtual std::size_t unsent() const noexcept = 0;

  /// Sends `{"event": ..., "data": ...}` as a text frame; without data if that is undefined.
  void emit(std::string_view event, EncodableRef data);
  void emit(std::string_view event);
  /// Sends a frame of one's own making. REQUIRES: `text` is valid UTF-8.
  void send_text(std::string_view text) { send(websocket::Opcode::text, text); }
  /// Sends a binary frame of one's own making.
  void send_binary(std::string_view bytes) { send(websocket::Opcode::binary, bytes); }

  /// Begins the closing handshake; messages that are still on their way from the client are dropped. `reason`
  /// may have 123 bytes. Throws std::invalid_argument for a code that no close frame may carry.
  void close(websocket::CloseCode code = websocket::CloseCode::normal, std::string_view reason = {});
  /// Cuts the connection.
  virtual void terminate() = 0;

  /// Keeps one object of each type with the client: `client.set(User{...})`.
  template <class T>
  T& set(T value) {
    return slots_.set(std::move(value));
  }
  /// The object of that type; null if none was set.
  template <class T>
  T* find() const noexcept {
    return slots_.find<T>();
  }
  /// Throws std::out_of_range if none was set.
  template <class T>
  T& get() const {
    if (auto* const found = find<T>()) return *found;
    socketio::throw_no_such_state();
  }

  /// For the framework: where `set` keeps objects.
  socketio::TypedSlots& slots() noexcept { return slots_; }

  /// The event loop that it belongs to.
  core::Shard& shard() const noexcept { return shard_; }
  /// What may be kept longer; for use on its shard.
  std::weak_ptr<WsClient> weak() noexcept { return weak_from_this(); }

 protected:
  WsClient(core::Shard& shard, core::Id id, http::RequestHead request, std::string address);

 private:
  virtual void send(websocket::Opcode opcode, std::string_view payload) = 0;
  virtual void begin_close(websocket::CloseCode code, std::string_view reason) = 0;

  core::Shard& shard_;
  core::Id id_;
  http::RequestHead request_;
  std::string address_;
  socketio::TypedSlots slots_;
};

namespace gateway::detail {

/// Throws std::logic_error if the message is no plain WebSocket's.
AERIE_API WsClient& ws_client_of(ExecutionContext const& context);

template <Takes<WsClient> P>
struct RouteParameter<P> : NotPiped {
  static_assert(std::is_reference_v<P>, "aerie: take the client by reference: aerie::WsClient&");
  using Kept = WsClient&;
  static constexpr TypeId client() { return type_id<WsClient>(); }
  static Kept make(Call& call, std::size_t) { return ws_client_of(call.context); }
};

}  // namespace gateway::detail
}}  // namespace aerie::v1
