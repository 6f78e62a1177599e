#pragma once

/// \file
/// An Engine.IO session: one client, over whichever transport it uses at the moment.

#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/kept_id.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/engineio/dialect.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/engineio/packet.hpp>
#include <aerie/engineio/session_events.hpp>
#include <aerie/http/request_head.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace core {
class Shard;
}  // namespace core

namespace http {
class Exchange;
}  // namespace http

namespace engineio {

class RequestFlow;
class SessionWatch;
class SharedSink;
class ShardEngine;
class Transport;

/// Why a session has ended.
enum class CloseReason : std::uint8_t {
  transport_close,
  transport_error,
  ping_timeout,
  parse_error,
  forced_close
};

/// The official server's words: "transport close", "ping timeout" ...
AERIE_API std::string_view to_string(CloseReason reason) noexcept;

/// What a session's user hears. Called on the session's shard. What it throws is logged, and ends nothing.
class AERIE_API SessionHandler {
 public:
  virtual ~SessionHandler() = default;
  /// A message. The view is valid during the call; a text has been checked to be UTF-8.
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view bytes) = 0;
  /// The session has ended; the last call.
  virtual void on_close(CloseReason reason) = 0;
  /// The session has moved from polling to WebSocket.
  virtual void on_upgrade() {}
  /// What is sent to many goes to it on another way than before: `Session::shared_sink`.
  virtual void on_reroute() {}
  /// The server wants to end this session, as it drains or closes. False: not before something under way has
  /// answered; then it is asked again soon. When it agrees, or the server's patience is over, `on_close`
  /// follows.
  virtual bool on_shut_down() { return true; }
};

/// Belongs to the shard on which it was opened. It lives until the end of the turn in which it closes.
class AERIE_API Session {
 public:
  enum class State : std::uint8_t { open, closing, closed };

  Session(ShardEngine& engine, core::Id id, http::RequestHead request, core::Endpoint peer, bool secure,
          Dialect dialect = {});
  ~Session();
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;

  std::string_view id() const noexcept { return id_.view(); }
  /// The request that opened the session; it stays the first one after an upgrade.
  http::RequestHead const& request() const noexcept { return request_; }
  core::Endpoint const& peer() const noexcept { return peer_; }
  bool secure() const noexcept { return secure_; }
  TransportKind transport() const noexcept;
  Protocol protocol() const noexcept { return dialect_.protocol; }
  Dialect dialect() const noexcept { return dialect_; }
  State state() const noexcept { return state_; }
  core::Shard& shard() const noexcept;

  /// Gives the session to `handler`, which it owns from then on.
  void set_handler(std::unique_ptr<SessionHandler> handler);
  SessionHandler* handler() const noexcept { return handler_.get(); }
  /// Takes its handler away, which then hears nothing more.
  std::unique_ptr<SessionHandler> take_handler() noexcept { return std::move(handler_); }

  /// Sends a message. After `close` nothing is sent any more. `compress` concerns transports that can.
  void send_text(std::string_view text, bool compress = true);
  void send_binary(std::string_view bytes, bool compress = true);
  /// True if a message would go out at once: what volatile messages ask for.
  bool writable() const noexcept;
  /// Where it takes what many sessions are sent; none if its transport takes nothing ready-made at present
  /// (polling, compression, closing, somebody listens). It holds until the session's handler hears of a
  /// change: `on_upgrade`, `on_reroute`, `on_close`.
  SharedSink shared_sink() const noexcept;
  /// Bytes that were sent and wait for the client: in the queue of its WebSocket, frames and all, or for its
  /// next poll. What the operating system has taken is no longer among them.
  std::size_t buffered_amount() const noexcept;
  /// Calls `reached(true)` as soon as at most `mark` bytes wait for the client, which may be at once; or
  /// `reached(false)` if the session has ended. With 0, the former says that all that was sent has gone.
  void when_buffered(std::size_t mark, UniqueFunction<void(bool)> reached);
  /// Calls `reached(false)` of whoever waits, although the session goes on: for a server that closes.
  void end_waiting();
  /// What is heard of it beside its messages.
  SessionEvents& events();

  /// Bytes that it holds as long as it is open, its transport and handler not counted.
  std::size_t memory() const noexcept { return sizeof *this + request_.memory() + id_.memory(); }

  /// Takes nothing more from the client, whose messages stay in the network, until `resume_reading`: for a
  /// client that asks for more than can be done. What has been read already still comes: at most one read of
  /// a WebSocket, or the rest of one POST. The client is not expected to answer pings meanwhile.
  void pause_reading();
  void resume_reading() noexcept;

  /// Ends the session with "forced close". What has been sent before still reaches the client, unless
  /// `discard`.
  void close(bool discard = false);

 private:
  friend class RequestFlow;
  friend class SessionWatch;
  friend class ShardEngine;
  friend class PollingTransport;
  friend class WebSocketTransport;

  // What transports tell.
  void received(Packet const& packet);
  void from_socket(Transport& transport, Packet const& packet);
  void transport_failed(Transport& transport, CloseReason reason);
  void polled();
  void flushing();
  void progressed() noexcept;

  void on_request(http::Exchange& exchange, std::string headers);

  struct Upgrade;
  struct Rare;
  Upgrade* upgrade() const noexcept;
  SessionWatch* watch() const noexcept;
  Rare& make_rare();
  void forget_rare() noexcept;

  // The life of a session.
  void open_with(std::unique_ptr<Transport> transport);
  bool begin_upgrade(std::unique_ptr<Transport> candidate);
  void candidate_received(Packet const& packet);
  void finish_upgrade();
  void drop_candidate();
  void end(CloseReason reason, bool by_client = false);
  void tell_of_end(CloseReason reason);
  void abandon() noexcept;
  void arrive();
  void heard();
  void heartbeat_received(PacketType type);
  void on_timer();
  core::Milliseconds quiet_time() const noexcept;
  core::Milliseconds heartbeat_timeout() const noexcept;
  void wait_for(core::Milliseconds delay);
  bool missed_its_ping();
  void send(PacketType type, std::string_view data);
  void send_announced(Packet const& packet, bool compress);

  // What its watch asks.
  SessionWatch& make_watch();
  void forget_watch();
  bool is_behind() const noexcept;

  ShardEngine& engine_;
  core::Owned<Transport> transport_;
  core::Owned<SessionHandler> handler_;
  core::Owned<Rare> rare_;  // null unless there is any of it
  http::RequestHead request_;
  core::Timer timer_;
  core::TimePoint deadline_;  // of the timer
  core::Endpoint peer_;
  core::KeptId id_;
  Dialect dialect_;
  State state_ = State::open;
  bool secure_ : 1;
  bool extended_ : 1 = false;
  bool upgraded_ : 1 = false;
  bool awaiting_heartbeat_ : 1;  // a pong; in protocol 3 a ping, which is awaited always
  bool arrived_ : 1 = false;     // of a polling client: it has made a request after its handshake
  bool paused_ : 1 = false;
};

}  // namespace engineio
}}  // namespace aerie::v1
