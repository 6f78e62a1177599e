#include "client/manager_core.hpp"

#include "client/dialer.hpp"
#include "client/leaving_engine.hpp"
#include "client/socket_core.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/http/query.hpp>
#include <aerie/socketio/json_parser.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

Settings settings_for(core::Shard& shard, Url const& url, Options options, std::unique_ptr<Dialer> dialer) {
  if (!dialer) dialer = std::make_unique<NetworkDialer>(shard, url, options);
  auto settings = std::make_shared<TransportSettings>(shard, std::move(dialer), std::move(options));
  settings->authority = url.authority();
  if (settings->options.query.empty()) settings->query = url.query;
  for (auto const& [name, value] : settings->options.query)
    http::append_parameter(settings->query, name, value);
  return settings;
}

}  // namespace

ManagerCore::ManagerCore(core::Shard& shard, Url const& url, Options options, std::unique_ptr<Dialer> dialer)
    : anchor_(shard),
      settings_(settings_for(shard, url, std::move(options), std::move(dialer))),
      tasks_(shard),
      backoff_(settings_->options.reconnection_delay, settings_->options.reconnection_delay_max,
               settings_->options.randomization_factor),
      reconnection_(settings_->options.reconnection) {}

ManagerCore::~ManagerCore() {
  // The shard ends, or has ended it: nobody is called any more.
  anchor_.cut();
  if (handle_) {
    handle_->gate->close();
    handle_->forget_sockets();
  }
  if (engine_) engine_->cut();
  for (auto const& socket : std::exchange(sockets_, {}))
    socket->shut();
}

Logger const& ManagerCore::log() const noexcept {
  return shard().runtime().log();
}

void ManagerCore::emit(std::string_view event, std::vector<Value> values) {
  Args const args(std::move(values));
  socketio::AckHandle const nobody;
  listeners_.call({event, args, nobody, tasks_, log()}, *handle_->gate, event);
}

template <class F>
void ManagerCore::each_active(F f) {
  auto const sockets = sockets_;
  for (auto const& socket : sockets) {
    if (!is_ended_ && socket->active()) f(*socket);
  }
}

// --- The sockets

void ManagerCore::add(std::shared_ptr<SocketCore> socket) {
  socket->attach(*this);
  sockets_.push_back(std::move(socket));
}

void ManagerCore::open_for(SocketCore& socket) {
  if (state_ == State::open) return socket.on_open();
  if (!reconnecting_) open();
}

void ManagerCore::left() {
  if (is_ended_ || std::ranges::any_of(sockets_, [](auto const& socket) { return socket->active(); })) return;
  skip_reconnect_ = true;
  reconnecting_ = false;
  reconnect_timer_.cancel();
  open_timeout_.cancel();
  let_engine_leave();
  backoff_.reset();
  if (std::exchange(state_, State::closed) == State::open) emit("close", {"forced close", ""});
}

void ManagerCore::send(socketio::Frame const& frame, bool compress) {
  if (engine_) engine_->send(frame, compress);
}

// --- The connection

void ManagerCore::open() {
  if (is_ended_ || state_ != State::closed) return;
  reconnect_timer_.cancel();
  reconnecting_ = false;
  begin(false);
}

void ManagerCore::begin(bool is_reconnection) {
  state_ = State::opening;
  skip_reconnect_ = false;
  is_reconnection_ = is_reconnection;
  begun_ = nullptr;
  EngineHandler& self = *this;
  engine_ = std::make_unique<Engine>(settings_, self, options().remember_upgrade && websocket_succeeded_);
  if (options().timeout != core::Milliseconds::max()) shard().start(open_timeout_, options().timeout);
  engine_->open();
}

void ManagerCore::on_engine_open() {
  open_timeout_.cancel();
  state_ = State::open;
  auto* const engine = engine_.get();
  auto const goes_on = [&] { return state_ == State::open && engine_.get() == engine; };
  emit("open", {});
  each_active([&](SocketCore& socket) {
    if (goes_on()) socket.on_open();
  });
  if (is_reconnection_ && goes_on()) reconnected();
}

void ManagerCore::on_engine_ping() {
  emit("ping", {});
}

void ManagerCore::on_engine_upgrade() {
  emit("upgrade", {to_string(Transport::websocket)});
}

void ManagerCore::on_engine_message(socketio::Frame const& frame) {
  if (state_ != State::open) return;
  socketio::IncomingPacket packet;
  socketio::ParserLimits const limits{.max_attachments_size = options().max_message_size};
  auto result = socketio::ParseResult::malformed("the parser has failed");
  try {
    result = handle_->parser->decode(frame, begun_, limits, packet);
  } catch (...) {
    core::report_exception(log(), {"client", "the parser"});
  }
  if (result.kind == socketio::ParseResult::Kind::incomplete) return;
  begun_ = nullptr;
  if (result.kind == socketio::ParseResult::Kind::malformed) return lost("parse error", result.why);
  auto const sockets = sockets_;
  for (auto const& socket : sockets) {
    if (socket->nsp() == packet.nsp && socket->listens()) return socket->on_packet(packet);
  }
}

void ManagerCore::on_engine_error(TransportError const& error) {
  if (state_ == State::opening) return open_failed(error);
  emit("error", {error.message});
  each_active([&](SocketCore& socket) { socket.on_error(error.message, {}); });
}

void ManagerCore::on_open_timeout() {
  open_failed(
      {.message = "timeout", .description = "the connection was not opened in time: Options::timeout"});
}

void ManagerCore::open_failed(TransportError const& error) {
  open_timeout_.cancel();
  if (engine_) {
    websocket_succeeded_ = false;
    engine_->cut();
    shard().retire(std::move(engine_));
  }
  state_ = State::closed;
  Object more;
  more.set("description", error.description);
  if (error.status != 0) more.set("status", error.status);
  if (!error.body.empty()) more.set("body", error.body);
  Value const data(std::move(more));
  auto const message = error.message;
  emit("error", {message, data});
  each_active([&](SocketCore& socket) { socket.on_error(message, data); });
  if (is_ended_ || state_ != State::closed) return;
  if (is_reconnection_) {
    reconnecting_ = false;
    reconnect();
    emit("reconnect_error", {message, data});
  } else if (!reconnecting_ && reconnection_ && backoff_.attempts() == 0) {
    reconnect();
  }
}

void ManagerCore::on_engine_close(std::string_view reason, std::string_view description) {
  if (state_ == State::open) return lost(reason, description);
  // While it was opening only whoever closes it makes it end without an error.
  if (state_ == State::opening)
    open_failed({.message = std::string(reason), .description = std::string(description)});
}

void ManagerCore::lost(std::string_view reason, std::string_view description) {
  if (engine_) websocket_succeeded_ = engine_->websocket_succeeded();
  let_engine_leave();
  backoff_.reset();
  state_ = State::closed;
  begun_ = nullptr;
  // Copies: the texts may be the engine's.
  auto const why = std::string(reason);
  auto const more = std::string(description);
  emit("close", {why, more});
  each_active([&](SocketCore& socket) { socket.on_close(why, more); });
  if (!is_ended_ && state_ == State::closed && reconnection_ && !skip_reconnect_) reconnect();
}

void ManagerCore::let_engine_leave() noexcept {
  for (auto const& socket : sockets_)
    socket->on_connection_gone();
  if (!engine_) return;
  LeavingEngine::see_off(shard(), std::move(engine_));
}

// --- Reconnection

void ManagerCore::set_reconnection(bool on) {
  reconnection_ = on;
  if (on || !reconnecting_ || state_ != State::closed) return;
  reconnecting_ = false;
  reconnect_timer_.cancel();
}

void ManagerCore::reconnect() {
  if (reconnecting_ || skip_reconnect_ || !reconnection_) return;
  auto const most = options().reconnection_attempts;
  if (most && backoff_.attempts() >= *most) {
    backoff_.reset();
    return emit("reconnect_failed", {});
  }
  reconnecting_ = true;
  std::array<unsigned char, 4> bytes;
  settings_->random->random(reinterpret_cast<char*>(bytes.data()), bytes.size());
  auto const whole = std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8U |
                     std::uint32_t{bytes[2]} << 16U | std::uint32_t{bytes[3]} << 24U;
  shard().start(reconnect_timer_, backoff_.next(static_cast<double>(whole) / 4294967296.0));
}

void ManagerCore::on_reconnect_due() {
  if (skip_reconnect_) return;
  emit("reconnect_attempt", {backoff_.attempts()});
  if (is_ended_ || skip_reconnect_ || state_ != State::closed) return;
  begin(true);
}

void ManagerCore::reconnected() {
  auto const attempt = backoff_.attempts();
  reconnecting_ = false;
  is_reconnection_ = false;
  backoff_.reset();
  emit("reconnect", {attempt});
}

// --- The end

void ManagerCore::close() noexcept {
  if (std::exchange(is_ended_, true)) return;
  anchor_.cut();
  handle_->gate->close();
  core::call_user(log(), {"client", "the end of a client"}, [this] {
    for (auto const& socket : sockets_)
      if (socket->active()) socket->disconnect();
  });
  open_timeout_.cancel();
  reconnect_timer_.cancel();
  let_engine_leave();
  state_ = State::closed;
  for (auto const& socket : std::exchange(sockets_, {}))
    socket->shut();
  listeners_.clear();
  handle_->forget_sockets();
  if (ended_) ended_();
  shard().dismiss(*this);
}

}}}  // namespace aerie::v1::client
