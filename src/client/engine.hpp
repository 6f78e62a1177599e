#pragma once

/// \file
/// A client's side of one Engine.IO session: how it opens, which transport carries it, the heartbeat, how it
/// ends. It does no I/O itself and is told the time by its shard.
/// https://socket.io/docs/v4/engine-io-protocol/

#include "client/transport.hpp"

#include <aerie/core/timing_wheel.hpp>
#include <aerie/core/turn.hpp>
#include <aerie/socketio/packet.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

/// Who hears of the session. It may close the engine, and retire it, within each call.
class EngineHandler {
 public:
  virtual void on_engine_open() = 0;
  virtual void on_engine_message(socketio::Frame const& frame) = 0;
  virtual void on_engine_ping() {}
  virtual void on_engine_upgrade() {}
  /// What went wrong; `on_engine_close` follows.
  virtual void on_engine_error(TransportError const& error) = 0;
  /// The last call. `reason` is one of the official client's; both texts are valid during the call.
  virtual void on_engine_close(std::string_view reason, std::string_view description) = 0;

 protected:
  ~EngineHandler() = default;
};

/// One session. Belongs to its shard, and is destroyed by `Shard::retire`.
class Engine final : private TransportHandler {
 public:
  enum class State : std::uint8_t { opening, open, closing, closed };

  /// `begin_with_websocket`: that has succeeded before (`Options::remember_upgrade`).
  Engine(Settings settings, EngineHandler& handler, bool begin_with_websocket);
  ~Engine();

  void open();
  /// Somebody else hears of it from now on.
  void set_handler(EngineHandler& handler) noexcept { handler_ = &handler; }
  State state() const noexcept { return state_; }
  std::string const& id() const noexcept { return id_; }
  /// Null before it is known.
  ClientTransport const* transport() const noexcept { return transport_.get(); }
  /// Whether a WebSocket carries it, or has until it ended without an error.
  bool websocket_succeeded() const noexcept { return websocket_succeeded_; }

  void send(socketio::Frame const& frame, bool compress = true);
  /// Whether what is sent now leaves at once.
  bool idle() const noexcept;
  /// True if the server has not pinged for so long that the session is over, though the timer has not said so
  /// yet.
  bool ping_expired() const noexcept;

  /// Sends what waits, then ends the session: `on_engine_close` follows with `forced close`. While the
  /// connection is being upgraded that is awaited.
  void close();
  /// Ends it at once. Nobody hears anything more.
  void cut() noexcept;

 private:
  class Probe;

  void on_transport_open() override {}
  void on_packet(engineio::Packet const& packet) override;
  void on_drain() override;
  void on_paused() override;
  void on_transport_error(TransportError error) override;
  void on_transport_close(std::string_view description) override;

  std::unique_ptr<ClientTransport> make_transport(Transport kind);
  void begin();
  void use(std::unique_ptr<ClientTransport> transport);
  void take_handshake(std::string_view json);
  void opened();
  void send_packet(OutPacket packet);
  void flush();
  std::size_t sendable() const;
  void start_watchdog();
  void on_ping_timeout();
  void probe();
  void probed();
  void probe_failed();
  void drop_probe() noexcept;
  void close_if_ready();
  void closed(std::string_view reason, std::string_view description);
  void let_go() noexcept;

  Settings settings_;
  EngineHandler* handler_;
  std::vector<Transport> transports_;
  std::unique_ptr<ClientTransport> transport_;
  std::unique_ptr<Probe> probe_;
  std::vector<OutPacket> waiting_;
  std::size_t in_flight_ = 0;  // of `waiting_`, what the transport has
  std::string id_;
  core::Milliseconds ping_interval_{0};
  core::Milliseconds ping_timeout_{0};
  std::optional<std::size_t> max_payload_;
  std::optional<core::TimePoint> ping_deadline_;
  bool offers_websocket_ = false;
  bool upgrading_ = false;
  bool websocket_succeeded_ = false;
  State state_ = State::opening;
  core::Timer watchdog_ = core::Timer::calling<&Engine::on_ping_timeout>(this);
};

}}}  // namespace aerie::v1::client
