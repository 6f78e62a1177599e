#include "client/engine.hpp"

#include "client/polling_transport.hpp"
#include "client/websocket_transport.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

constexpr std::string_view probe_text = "probe";
// As far as timers reach: a server that says more means for ever.
constexpr std::int64_t longest_ms = std::int64_t{1} << 31U;

std::optional<core::Milliseconds> duration_in(Value const& object, std::string_view name) {
  auto const number = object[name].get_if<double>();
  if (!number || !(*number >= 0)) return std::nullopt;
  return core::Milliseconds{static_cast<std::int64_t>(std::min(*number, static_cast<double>(longest_ms)))};
}

}  // namespace

/// The WebSocket that a session may go over to.
class Engine::Probe final : private TransportHandler {
 public:
  Probe(Engine& engine, std::unique_ptr<ClientTransport> transport)
      : engine_(engine), transport_(std::move(transport)) {
    transport_->set_handler(this);
  }

  /// The engine hears nothing more.
  void drop() noexcept {
    if (transport_) transport_->cut();
  }

  void open() { transport_->open(); }
  std::unique_ptr<ClientTransport> take() noexcept { return std::move(transport_); }

 private:
  void on_transport_open() override {
    OutPacket const ping{engineio::PacketType::ping, false, std::string(probe_text)};
    transport_->send({&ping, 1});
  }
  void on_packet(engineio::Packet const& packet) override {
    if (packet.type == engineio::PacketType::pong && packet.data == probe_text) return engine_.probed();
    engine_.probe_failed();
  }
  void on_drain() override {}
  void on_transport_error(TransportError) override { engine_.probe_failed(); }
  void on_transport_close(std::string_view) override { engine_.probe_failed(); }

  Engine& engine_;
  std::unique_ptr<ClientTransport> transport_;
};

Engine::Engine(Settings settings, EngineHandler& handler, bool begin_with_websocket)
    : settings_(std::move(settings)), handler_(&handler), transports_(settings_->options.transports) {
  auto const websocket = std::ranges::find(transports_, Transport::websocket);
  if (begin_with_websocket && websocket != transports_.end())
    std::rotate(transports_.begin(), websocket, websocket + 1);
}

Engine::~Engine() {
  cut();
}

// --- How it opens

void Engine::open() {
  begin();
}

void Engine::begin() {
  use(make_transport(transports_.front()));
  transport_->open();
}

std::unique_ptr<ClientTransport> Engine::make_transport(Transport kind) {
  std::unique_ptr<ClientTransport> transport;
  if (kind == Transport::polling) {
    transport = std::make_unique<PollingTransport>(settings_);
  } else {
    transport = std::make_unique<WebSocketTransport>(settings_);
  }
  transport->set_session(id_);
  return transport;
}

void Engine::use(std::unique_ptr<ClientTransport> transport) {
  if (transport_) {
    transport_->cut();
    settings_->shard.retire(std::move(transport_));
  }
  transport_ = std::move(transport);
  transport_->set_handler(this);
}

void Engine::take_handshake(std::string_view json) {
  Value handshake;
  auto const is_json = utf8::is_valid(json) && json::parse(json, handshake).ok();
  auto const sid = handshake["sid"].get_if<std::string_view>();
  auto const interval = duration_in(handshake, "pingInterval");
  auto const timeout = duration_in(handshake, "pingTimeout");
  if (!is_json || !sid || sid->empty() || !interval || !timeout) {
    return on_transport_error(
        {.message = "parser error", .description = "the server's handshake is not that of Engine.IO 4"});
  }
  id_ = *sid;
  ping_interval_ = *interval;
  ping_timeout_ = *timeout;
  if (auto const most = handshake["maxPayload"].get_if<double>(); most && *most >= 1)
    max_payload_ = static_cast<std::size_t>(std::min(*most, 1e12));
  if (auto const* const upgrades = handshake["upgrades"].get_if<Array>())
    offers_websocket_ = std::ranges::find(*upgrades, Value("websocket")) != upgrades->end();
  transport_->set_session(id_);
  opened();
}

void Engine::opened() {
  state_ = State::open;
  websocket_succeeded_ = transport_->kind() == Transport::websocket;
  start_watchdog();
  handler_->on_engine_open();
  flush();
  if (state_ == State::open) probe();
}

// --- What comes in

void Engine::on_packet(engineio::Packet const& packet) {
  if (state_ == State::closed) return;
  using engineio::PacketType;
  if (state_ == State::opening && packet.type != PacketType::open) return;
  switch (packet.type) {
    case PacketType::open:
      if (state_ == State::opening) take_handshake(packet.data);
      return;
    case PacketType::ping:
      start_watchdog();
      send_packet({PacketType::pong, false, {}});
      handler_->on_engine_ping();
      return;
    case PacketType::message:
      if (!packet.binary && !utf8::is_valid(packet.data)) {
        return on_transport_error({.message = "parser error", .description = "a message is not UTF-8"});
      }
      handler_->on_engine_message(
          {packet.binary ? socketio::FrameKind::binary : socketio::FrameKind::text, packet.data});
      return;
    case PacketType::close:
      // Of polling it never comes here; over WebSocket the connection's end says the same.
    case PacketType::pong:
    case PacketType::upgrade:
    case PacketType::noop:
      return;
  }
}

// --- The heartbeat: the server pings, and what is late tells that it has gone.

void Engine::start_watchdog() {
  auto const patience = ping_interval_ + ping_timeout_;
  ping_deadline_ = settings_->shard.clock().now() + patience;
  settings_->shard.start(watchdog_, patience);
}

bool Engine::ping_expired() const noexcept {
  return ping_deadline_ && settings_->shard.clock().now() > *ping_deadline_;
}

void Engine::on_ping_timeout() {
  closed("ping timeout", "the server has not sent a ping in time");
}

// --- What goes out

void Engine::send(socketio::Frame const& frame, bool compress) {
  send_packet({engineio::PacketType::message, frame.kind == socketio::FrameKind::binary,
               std::string(frame.data), compress});
}

void Engine::send_packet(OutPacket packet) {
  if (state_ == State::closing || state_ == State::closed) return;
  waiting_.push_back(std::move(packet));
  flush();
}

bool Engine::idle() const noexcept {
  return state_ == State::open && !upgrading_ && waiting_.empty() && transport_->idle();
}

/// How many of the packets that wait go into one request: servers refuse what is larger than they have said.
std::size_t Engine::sendable() const {
  if (!max_payload_ || transport_->kind() != Transport::polling) return waiting_.size();
  std::size_t size = 1;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    auto const& packet = waiting_[i];
    size += packet.is_binary ? (packet.data.size() + 2) / 3 * 4 : packet.data.size();
    if (i > 0 && size > *max_payload_) return i;
    size += 2;
  }
  return waiting_.size();
}

void Engine::flush() {
  if (state_ == State::closed || state_ == State::opening || upgrading_ || in_flight_ > 0 ||
      waiting_.empty() || !transport_->writable())
    return;
  auto const count = sendable();
  transport_->send(std::span(waiting_).first(count));
  if (transport_->kind() == Transport::polling) {
    in_flight_ = count;
  } else {
    waiting_.clear();
  }
}

void Engine::on_drain() {
  waiting_.erase(waiting_.begin(),
                 waiting_.begin() + static_cast<std::ptrdiff_t>(std::exchange(in_flight_, 0)));
  if (state_ == State::closing) return close_if_ready();
  flush();
}

// --- The upgrade

void Engine::probe() {
  auto const& options = settings_->options;
  auto const wanted = std::ranges::find(options.transports, Transport::websocket) != options.transports.end();
  if (!options.upgrade || !offers_websocket_ || !wanted || transport_->kind() == Transport::websocket) return;
  probe_ = std::make_unique<Probe>(*this, make_transport(Transport::websocket));
  probe_->open();
}

/// The server has answered on the WebSocket: what is still under way on polling comes first.
void Engine::probed() {
  if (state_ != State::open && state_ != State::closing) return probe_failed();
  if (upgrading_) return;
  upgrading_ = true;
  websocket_succeeded_ = true;
  transport_->pause();
}

void Engine::on_paused() {
  if (!probe_ || state_ == State::closed) return;
  // What was in flight has arrived.
  waiting_.erase(waiting_.begin(),
                 waiting_.begin() + static_cast<std::ptrdiff_t>(std::exchange(in_flight_, 0)));
  use(probe_->take());
  settings_->shard.retire(std::move(probe_));
  upgrading_ = false;
  OutPacket const upgrade{engineio::PacketType::upgrade, false, {}};
  if (transport_->writable()) transport_->send({&upgrade, 1});
  handler_->on_engine_upgrade();
  if (state_ == State::closing) {
    flush();
    return close_if_ready();
  }
  flush();
}

void Engine::drop_probe() noexcept {
  if (!probe_) return;
  probe_->drop();
  settings_->shard.retire(std::move(probe_));
}

void Engine::probe_failed() {
  if (!probe_) return;
  auto const had_paused = std::exchange(upgrading_, false);
  drop_probe();
  // Polling has stopped, or is about to, and the server has already sent what it had to the WebSocket.
  if (had_paused)
    return closed("transport error", "the WebSocket was lost while the connection went over to it");
  if (state_ == State::closing) close_if_ready();
}

// --- How it ends

void Engine::close() {
  if (state_ == State::closing || state_ == State::closed) return;
  if (state_ == State::opening) return closed("forced close", {});
  state_ = State::closing;
  close_if_ready();
}

void Engine::close_if_ready() {
  if (upgrading_) return;
  if (!waiting_.empty()) {
    flush();
    if (!waiting_.empty()) return;
  }
  closed("forced close", {});
}

void Engine::on_transport_error(TransportError error) {
  websocket_succeeded_ = false;
  if (settings_->options.try_all_transports && transports_.size() > 1 && state_ == State::opening) {
    transports_.erase(transports_.begin());
    return begin();
  }
  if (state_ == State::closed) return;
  // The handler may retire the engine: it lives until the end of the turn.
  handler_->on_engine_error(error);
  closed("transport error", error.description.empty() ? error.message : error.description);
}

void Engine::on_transport_close(std::string_view description) {
  closed("transport close", description);
}

void Engine::closed(std::string_view reason, std::string_view description) {
  if (state_ == State::closed) return;
  let_go();
  handler_->on_engine_close(reason, description);
}

void Engine::let_go() noexcept {
  state_ = State::closed;
  watchdog_.cancel();
  waiting_.clear();
  in_flight_ = 0;
  upgrading_ = false;
  drop_probe();
  if (!transport_) return;
  transport_->close();
  settings_->shard.retire(std::move(transport_));
}

void Engine::cut() noexcept {
  if (state_ == State::closed) return;
  let_go();
}

}}}  // namespace aerie::v1::client
