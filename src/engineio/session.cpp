#include "engineio/session_watch.hpp"
#include "engineio/shard_engine.hpp"
#include "engineio/transport.hpp"
#include "engineio/transport_types.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/engineio/shared_messages.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

// A client that is to be told of the end by its next poll has this long to make it.
constexpr core::Milliseconds closing_timeout{30'000};
// While an upgrade is under way the client's polls are answered, but not faster than this: the client goes
// over when its poll is answered, and what there is to say answers it as well. As with the official server.
constexpr core::Milliseconds release_interval{100};
// A timer that is late by less is one of a busy machine; by more, of one that has been asleep.
constexpr core::Milliseconds negligible_delay{20};

}  // namespace

std::string_view to_string(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::transport_close:
      return "transport close";
    case CloseReason::transport_error:
      return "transport error";
    case CloseReason::ping_timeout:
      return "ping timeout";
    case CloseReason::parse_error:
      return "parse error";
    case CloseReason::forced_close:
      return "forced close";
  }
  return "";
}

/// A WebSocket that is about to take over from polling.
struct Session::Upgrade {
  Upgrade(Session& owner, std::unique_ptr<Transport> transport)
      : session(owner), candidate(std::move(transport)) {}
  void expired() { session.drop_candidate(); }
  void release_poll() { session.transport_->release(); }

  Session& session;
  std::unique_ptr<Transport> candidate;
  core::Timer deadline = core::Timer::calling<&Upgrade::expired>(this);
  core::Timer releasing = core::Timer::calling<&Upgrade::release_poll>(this);
  bool probed = false;
};

/// What most sessions have none of at most times.
struct Session::Rare {
  std::unique_ptr<Upgrade> upgrade;     // while one is under way
  std::unique_ptr<SessionWatch> watch;  // as long as somebody wants to know
};

Session::Session(ShardEngine& engine, core::Id id, http::RequestHead request, core::Endpoint peer,
                 bool secure, Dialect dialect)
    : engine_(engine),
      request_(std::move(request)),
      timer_(core::Timer::calling<&Session::on_timer>(this)),
      peer_(std::move(peer)),
      id_(id),
      dialect_(dialect),
      secure_(secure),
      awaiting_heartbeat_(dialect.protocol == Protocol::v3) {}

Session::~Session() = default;

TransportKind Session::transport() const noexcept {
  return transport_->kind();
}

core::Shard& Session::shard() const noexcept {
  return engine_.shard();
}

void Session::set_handler(std::unique_ptr<SessionHandler> handler) {
  if (state_ == State::open) {
    shard().retire(std::exchange(handler_, std::move(handler)));
  } else {
    shard().retire(std::move(handler));
  }
}

bool Session::writable() const noexcept {
  return state_ == State::open && transport_->writable();
}

SharedSink Session::shared_sink() const noexcept {
  auto const is_listened_to = watch() != nullptr && watch()->listens();
  return state_ == State::open && !is_listened_to ? transport_->shared_sink() : SharedSink();
}

void Session::send_text(std::string_view text, bool compress) {
  if (state_ != State::open) return;
  if (watch() != nullptr) [[unlikely]]
    return send_announced({PacketType::message, false, text}, compress);
  transport_->send(PacketType::message, text, compress);
}

void Session::send_binary(std::string_view bytes, bool compress) {
  if (state_ != State::open) return;
  if (watch() != nullptr) [[unlikely]]
    return send_announced({PacketType::message, true, bytes}, compress);
  transport_->send_binary(bytes, compress);
}

/// Sends a packet of the session's own.
void Session::send(PacketType type, std::string_view data) {
  if (watch() != nullptr) return send_announced({type, false, data}, true);
  transport_->send(type, data, true);
}

void Session::send_announced(Packet const& packet, bool compress) {
  watch()->creating(packet);
  if (state_ != State::open) return;  // Whoever listens has ended it.
  if (packet.binary) {
    transport_->send_binary(packet.data, compress);
  } else {
    transport_->send(packet.type, packet.data, compress);
  }
}

// --- What waits for the client

std::size_t Session::buffered_amount() const noexcept {
  return state_ == State::open ? transport_->buffered_amount() : 0;
}

bool Session::is_behind() const noexcept {
  return transport_->is_behind();
}

void Session::when_buffered(std::size_t mark, UniqueFunction<void(bool)> reached) {
  if (state_ != State::open) return reached(false);
  if (transport_->buffered_amount() <= mark) return reached(true);
  make_watch().wait(mark, std::move(reached));
}

void Session::end_waiting() {
  if (auto* const watching = watch()) watching->end_waiting();
}

SessionEvents& Session::events() {
  auto& watch = make_watch();
  auto const listened = watch.listens();
  auto& events = watch.listen();
  // From now on every packet is announced, one by one.
  if (!listened && handler_ && state_ == State::open)
    engine_.call("a session's handler", [this] { handler_->on_reroute(); });
  return events;
}

Session::Upgrade* Session::upgrade() const noexcept {
  return rare_ ? rare_->upgrade.get() : nullptr;
}

SessionWatch* Session::watch() const noexcept {
  return rare_ ? rare_->watch.get() : nullptr;
}

Session::Rare& Session::make_rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

void Session::forget_rare() noexcept {
  if (rare_ && !rare_->upgrade && !rare_->watch) rare_.reset();
}

SessionWatch& Session::make_watch() {
  auto& watch = make_rare().watch;
  if (!watch) watch = std::make_unique<SessionWatch>(engine_, *this);
  return *watch;
}

void Session::forget_watch() {
  if (watch() != nullptr) shard().retire(std::move(rare_->watch));
  forget_rare();
}

void Session::flushing() {
  if (auto* const watching = watch()) watching->flushing();
}

void Session::progressed() noexcept {
  if (auto* const watching = watch()) watching->progressed();
}

void Session::pause_reading() {
  if (state_ != State::open || paused_) return;
  paused_ = true;
  transport_->pause_reading();
}

void Session::resume_reading() noexcept {
  if (!paused_ || state_ != State::open) return;
  paused_ = false;
  transport_->resume_reading();
  // Its heartbeat was not read; now it has time for it again.
  if (awaiting_heartbeat_) wait_for(heartbeat_timeout());
}

void Session::open_with(std::unique_ptr<Transport> transport) {
  transport_ = std::move(transport);
  if (engine_.announces_packets()) static_cast<void>(make_watch().listen());
  send(PacketType::open, engine_.handshake_packet(*this));
  if (auto const& initial = engine_.options().initial_packet) send_text(*initial);
  auto const first_poll = engine_.options().first_poll_timeout;
  arrived_ = transport_->kind() != TransportKind::polling || first_poll >= quiet_time();
  wait_for(arrived_ ? quiet_time() : first_poll);
}

/// How long nothing is said: in protocol 4 to the client, in protocol 3 by it.
core::Milliseconds Session::quiet_time() const noexcept {
  return protocol() == Protocol::v4 ? engine_.options().ping_interval : heartbeat_timeout();
}

/// How long the client may leave the heartbeat that is awaited undone. In protocol 3 it pings when the
/// interval is over, and takes the timeout for the answer.
core::Milliseconds Session::heartbeat_timeout() const noexcept {
  auto const& options = engine_.options();
  return protocol() == Protocol::v4 ? options.ping_timeout : options.ping_interval + options.ping_timeout;
}

/// A request after the one that has opened the session.
void Session::arrive() {
  if (arrived_) return;
  arrived_ = true;
  if (state_ != State::open) return;
  // Pings are counted from the handshake on, by clients as well.
  deadline_ += quiet_time() - engine_.options().first_poll_timeout;
  shard().start(timer_, std::chrono::ceil<core::Milliseconds>(deadline_ - shard().now()));
}

void Session::received(Packet const& packet) {
  if (state_ != State::open) return;
  if (auto* const watching = watch()) {
    watching->received(packet);
    if (state_ != State::open) return;
  }
  if (packet.type == PacketType::pong || packet.type == PacketType::ping)
    return heartbeat_received(packet.type);
  heard();
  switch (packet.type) {
    case PacketType::message:
      if (handler_ == nullptr) return;
      engine_.call("a session's handler", [&] {
        packet.binary ? handler_->on_binary(packet.data) : handler_->on_text(packet.data);
      });
      return;
    case PacketType::close:
      end(CloseReason::transport_close, true);
      return;
    case PacketType::ping:
    case PacketType::open:
    case PacketType::upgrade:
    case PacketType::noop:
    case PacketType::pong:
      return;
  }
}

void Session::heartbeat_received(PacketType type) {
  auto const is_v4 = protocol() == Protocol::v4;
  // In protocol 4 only servers ping, in protocol 3 only clients.
  if ((type == PacketType::pong) != is_v4) return end(CloseReason::transport_error);
  // A pong that nobody asked for changes nothing: it must not hold up the next ping.
  if (is_v4) {
    if (!awaiting_heartbeat_) return;
    awaiting_heartbeat_ = false;
  }
  wait_for(quiet_time());
  if (!is_v4) send(PacketType::pong, {});
  if (auto* const watching = watch()) watching->heartbeat();
}

void Session::heard() {
  // A client that talks is alive even if its pong is stuck behind a large message; but only once, so that it
  // cannot do without pongs. One of protocol 3 has the time of its interval for that.
  if (!awaiting_heartbeat_ || extended_ || protocol() == Protocol::v3) return;
  extended_ = true;
  wait_for(engine_.options().ping_timeout);
}

void Session::on_timer() {
  // Whether a client that is not listened to is alive cannot be known.
  if (paused_ && awaiting_heartbeat_ && state_ == State::open) return wait_for(heartbeat_timeout());
  if (state_ == State::closing || awaiting_heartbeat_ || !arrived_) {
    end(state_ == State::closing ? CloseReason::forced_close : CloseReason::ping_timeout);
    return;
  }
  awaiting_heartbeat_ = true;
  extended_ = false;
  // Clients count both times from the handshake on: a ping that is late by rounding must not make the end
  // later, too.
  auto const late = shard().now() - deadline_;
  wait_for(engine_.options().ping_timeout);
  if (late < negligible_delay) deadline_ -= late;
  send(PacketType::ping, {});
}

void Session::wait_for(core::Milliseconds delay) {
  deadline_ = shard().now() + delay;
  shard().start(timer_, delay);
}

bool Session::missed_its_ping() {
  // A request may come before the timer that ends the session, which is rounded up.
  if (state_ != State::open || !awaiting_heartbeat_ || !arrived_ || shard().now() < deadline_) return false;
  // Where the ping still waits for a poll there can be no pong on the way. A ping that comes now is late.
  auto const pong_is_possible = protocol() == Protocol::v4 && !transport_->is_waiting(PacketType::ping);
  if (pong_is_possible || paused_) return false;
  end(CloseReason::ping_timeout);
  return true;
}

void Session::from_socket(Transport& transport, Packet const& packet) {
  if (transport_.get() == &transport) {
    received(packet);
  } else if (upgrade() != nullptr && upgrade()->candidate.get() == &transport) {
    candidate_received(packet);
  }
}

void Session::transport_failed(Transport& transport, CloseReason reason) {
  if (upgrade() != nullptr && upgrade()->candidate.get() == &transport) {
    drop_candidate();
  } else if (transport_.get() == &transport) {
    end(reason);
  }
}

void Session::close(bool discard) {
  if (state_ == State::closed) return;
  // A poll that is pending is still told, as the official server does: its client sees a regular end.
  if (discard) transport_->drop_unsent();
  if (discard || state_ == State::closing) {
    end(CloseReason::forced_close);
    return;
  }
  drop_candidate();
  if (transport_->finish(false)) {
    end(CloseReason::forced_close);
    return;
  }
  // The client is told by its next poll; for everybody else the session has ended.
  state_ = State::closing;
  wait_for(closing_timeout);
  tell_of_end(CloseReason::forced_close);
}

void Session::tell_of_end(CloseReason reason) {
  engine_.closed(*this, reason);
  if (auto* const watching = watch()) watching->end_waiting();
  if (handler_) engine_.call("a session's handler", [&] { handler_->on_close(reason); });
}

void Session::abandon() noexcept {
  if (state_ == State::closed) return;
  state_ = State::closed;
  timer_.cancel();
  drop_candidate();
  // Who sends to many through this session's sink goes before the stream that it leads to.
  shard().retire(std::move(handler_));
  transport_->discard();
}

void Session::end(CloseReason reason, bool by_client) {
  if (state_ == State::closed) return;
  auto const told = std::exchange(state_, State::closed) == State::closing;
  timer_.cancel();
  drop_candidate();
  // Whatever still waits for a poll is lost with the session, as nothing will answer one any more.
  transport_->finish(by_client);
  transport_->discard();
  if (!told) tell_of_end(reason);
  engine_.remove(*this);
}

// --- Upgrade: https://socket.io/docs/v4/engine-io-protocol/#upgrade

void Session::on_request(http::Exchange& exchange, std::string headers) {
  arrive();
  transport_->on_request(exchange, std::move(headers));
}

bool Session::begin_upgrade(std::unique_ptr<Transport> candidate) {
  arrive();
  if (upgraded_ || upgrade() != nullptr || state_ != State::open ||
      !can_upgrade(transport_->kind(), candidate->kind())) {
    candidate->finish(false);
    shard().retire(std::move(candidate));
    return false;
  }
  auto made = std::make_unique<Upgrade>(*this, std::move(candidate));
  make_rare().upgrade = std::move(made);
  shard().start(upgrade()->deadline, engine_.options().upgrade_timeout);
  return true;
}

void Session::candidate_received(Packet const& packet) {
  if (packet.type == PacketType::ping && packet.data == "probe" && !packet.binary) {
    upgrade()->candidate->send(PacketType::pong, "probe", false);
    upgrade()->probed = true;
    engine_.upgrading(*this);
    polled();
  } else if (packet.type == PacketType::upgrade) {
    finish_upgrade();
  } else {
    drop_candidate();
  }
}

void Session::polled() {
  auto* const upgrading = upgrade();
  if (upgrading == nullptr || !upgrading->probed || upgrading->releasing.pending()) return;
  shard().start(upgrading->releasing, release_interval);
}

void Session::finish_upgrade() {
  // Its timers would take the new transport for the old one if they fired in this turn.
  auto upgraded = std::move(rare_->upgrade);
  forget_rare();
  upgraded->deadline.cancel();
  upgraded->releasing.cancel();
  auto candidate = std::move(upgraded->candidate);
  shard().retire(std::move(upgraded));
  auto const waiting = transport_->take_waiting();
  transport_->release();
  transport_->discard();
  shard().retire(std::exchange(transport_, std::move(candidate)));
  upgraded_ = true;
  if (paused_) transport_->pause_reading();
  for (auto const& packet : waiting) {
    if (packet.binary) {
      transport_->send_binary(packet.data, packet.compress);
    } else {
      transport_->send(packet.type, packet.data, packet.compress);
    }
  }
  progressed();
  engine_.upgraded(*this);
  if (state_ == State::open && handler_)
    engine_.call("a session's handler", [this] { handler_->on_upgrade(); });
}

void Session::drop_candidate() {
  if (upgrade() == nullptr) return;
  auto dropped = std::move(rare_->upgrade);
  forget_rare();
  dropped->deadline.cancel();
  dropped->releasing.cancel();
  dropped->candidate->finish(false);
  shard().retire(std::move(dropped));
}

}}}  // namespace aerie::v1::engineio
