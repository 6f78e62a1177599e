#include "socketio/recovery_shard.hpp"

#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// That of another shard of this server, which is of the same kind.
RecoveryShard& recovery_in(ShardNode& node) noexcept {
  return static_cast<RecoveryShard&>(*node.recovery());
}

}  // namespace

struct RecoveryShard::Arriving {
  Moving moving;
  core::Reply<ClaimedSession> reply;
  /// What others ask for meanwhile.
  std::vector<UniqueFunction<void()>> later{};
};

RecoveryShard::Held::Held(RecoveryShard& of) : Holder(of.node_.shard().holders()), owner(of) {}

RecoveryShard::RecoveryShard(ShardNode& node, std::shared_ptr<RecoveryShared> shared)
    : ShardRecovery(node, std::move(shared)),
      log_(shared_->options().max_retained / shared_->shards()),
      seen_(shared_->shards() + 1),
      standstill_(RecoveryShared::tick, shared_->detection()) {}

RecoveryShard::~RecoveryShard() = default;

void RecoveryShard::clear() noexcept {
  timer_.cancel();
  arriving_.clear();
  awaiting_.clear();
  by_sid_ = {};
  by_pid_ = {};
  log_.clear();
  held_.reset();
}

// --- Events

void RecoveryShard::retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event) {
  auto const is_shared = shared_->is_shared(event->offset);
  if (is_shared) {
    auto& seen = seen_[event->offset.origin()];
    seen = std::max(seen, event->offset.number());
  }
  auto const now = node_.shard().now();
  log_.trim(now - shared_->retention());
  // What is sent to many is kept once, whatever the number of shards.
  log_.append(now, nsp, event, is_shared ? event->size() / shared_->shards() : event->size());
  trim();
  start_timer();
  // In a turn of their own: this one has still to deliver the event.
  if (!arriving_.empty()) node_.anchor().post([this] { settle_arrived(); });
}

/// Tells the account and the counters what is kept.
void RecoveryShard::trim() noexcept {
  if (!held_ || !held_->linked()) held_ = std::make_unique<Held>(*this);
  held_->keep(log_.bytes());
  retained_.set(log_.count());
  retained_bytes_.set(log_.bytes());
  gone_early_.set(log_.gone_early());
}

// --- Sockets

RecoverySession* RecoveryShard::of(Socket const& socket) const {
  auto* const session = by_sid_.find(socket.id());
  return session != nullptr && session->socket == &socket ? session : nullptr;
}

RecoverySession& RecoveryShard::insert(std::string_view pid, std::string_view sid,
                                       std::shared_ptr<Namespace> nsp) {
  auto made = std::make_unique<RecoverySession>(node_.shard().account(), pid, sid, std::move(nsp));
  auto& session = *made;
  session.start = log_.next();
  by_sid_.insert(&session);
  by_pid_.insert(std::move(made));
  return session;
}

std::unique_ptr<RecoverySession> RecoveryShard::take(RecoverySession& session) {
  if (session.away) waiting_.add(-1);
  session.unlink();
  by_sid_.take(session.sid);
  return by_pid_.take(session.pid.view());
}

core::Id RecoveryShard::connected(Socket& socket) {
  socket.is_session_ = true;
  auto* session = of(socket);
  if (session == nullptr) {
    auto const pid = node_.new_id();
    session = &insert(pid.view(), socket.id(), socket.nsp().shared_from_this());
    session->socket = &socket;
    for (auto const& room : socket.rooms())
      session->rooms.enter(room, log_.next());
    if (socket.recovery() != Recovery::none) {
      if (auto const named = socket.handshake().auth_text("offset"))
        session->offset_of_another =
            core::keyed_hash(std::string_view(*named).substr(0, SessionClaim::longest));
    }
    session->account_for();
    shared_->put(pid.view(), node_.index());
  }
  return session->pid;
}

void RecoveryShard::joined(Socket const& socket, std::string_view room) {
  auto* const session = of(socket);
  if (session == nullptr) return;
  session->rooms.enter(room, log_.next());
  session->account_for();
}

void RecoveryShard::left(Socket const& socket, std::string_view room) {
  auto* const session = of(socket);
  if (session == nullptr) return;
  session->rooms.leave(room, log_.next(), log_.first());
  session->account_for();
}

bool RecoveryShard::gone(Socket& socket, DisconnectReason reason) {
  auto* const session = of(socket);
  socket.is_session_ = session != nullptr && is_recoverable(reason);
  if (session == nullptr) return false;
  if (!socket.is_session_) {
    shared_->forget(session->pid.view());
    auto ended = take(*session);
    give_up(ended->unanswered);
    node_.shard().retire(std::move(ended));
    return false;
  }
  auto const now = node_.shard().now();
  if (timer_.pending()) standstill_.look(now);
  session->socket = nullptr;
  session->away = std::make_unique<RecoverySession::Away>(
      RecoverySession::Away{now, reason, socket.shown_data(), {}, standstill_.is_sure(now)});
  if (auto const* const slots = find_slots(socket)) session->away->slots = slots->described();
  session->account_for();
  auto const is_first = away_.empty();
  away_.push_back(*session);
  waiting_.add(1);
  if (is_first) timer_.cancel();
  start_timer();
  return true;
}

UnansweredEvents* RecoveryShard::unanswered_of(Socket const& socket) {
  auto* const session = of(socket);
  return session == nullptr ? nullptr : &session->unanswered;
}

void RecoveryShard::unanswered_changed(Socket const& socket) {
  of(socket)->account_for();
}

// --- Those who come back

RecoveryShard::Place RecoveryShard::place_of(RecoverySession const& session,
                                             std::optional<EventOffset> offset) const {
  auto const* const carried = session.carried.get();
  Place place{Recovery::recovered, carried == nullptr ? 0 : carried->events.size(), session.start};
  auto is_carried = false;
  if (carried != nullptr) {
    auto const had = std::ranges::find_if(
        carried->events, [&](auto const& event) { return offset && event->offset == *offset; });
    is_carried = had != carried->events.end() || carried->before == offset;
    if (had != carried->events.end()) {
      place.carried = static_cast<std::size_t>(had - carried->events.begin()) + 1;
    } else if (is_carried) {
      place.carried = 0;
    }
  }
  if (offset && !is_carried) {
    if (auto const position = log_.find(*offset)) {
      place.from = std::max(*position + 1, session.start);
      if (session.rooms.known_from() > place.from) place.outcome = Recovery::events_gone;
      return place;
    }
    if (!shared_->was_issued(*offset)) return {Recovery::unknown_offset, 0, 0};
  }
  // He has had nothing of what is kept here. Of what is not kept any more he has had all if he has answered a
  // ping since, and none was meant for him if he has not named it.
  auto const since = session.away ? session.away->since : node_.shard().now();
  auto const last_gone = log_.last_gone();
  auto const is_sure = session.away ? session.away->is_sure : standstill_.is_sure(since);
  if (log_.first() > session.start && last_gone && (!is_sure || *last_gone + shared_->detection() > since))
    return {Recovery::events_gone, 0, 0};
  // What it was sent again counts from then, unless it names the last of that.
  auto const* const again = session.sent_again.get();
  if (again != nullptr && (!is_sure || again->at + shared_->detection() > since) && offset != again->last) {
    auto const is_there = again->of_carried ? carried != nullptr : log_.find(again->first).has_value();
    if (!is_there) return {Recovery::events_gone, 0, 0};
  }
  place.from = std::max(session.start, log_.first());
  if (session.rooms.known_from() > place.from) return {Recovery::events_gone, 0, 0};
  return place;
}

Missed RecoveryShard::missed_from(RecoverySession const& session, Place const& place) const {
  Missed missed;
  if (session.carried) {
    auto const& events = session.carried->events;
    missed.assign(events.begin() + static_cast<std::ptrdiff_t>(place.carried), events.end());
  }
  log_.each_from(place.from, *session.nsp, [&](RetainedLog::Entry const& entry) {
    if (session.was_meant(entry)) missed.push_back(entry.event);
  });
  return missed;
}

void RecoveryShard::claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
                          core::Reply<ClaimedSession> const& reply) {
  auto const owner = claim.malformed ? std::nullopt : shared_->find(claim.pid);
  if (!owner) return refused(reply, Recovery::unknown_session);
  auto const here = node_.index();
  if (*owner == here) return claim_here(nsp, claim, here, reply);
  node_.server().link().post(*owner, 0, [nsp, claim, here, reply](ShardNode& node) {
    recovery_in(node).claim_here(nsp, claim, here, reply);
  });
}

void RecoveryShard::claim_here(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
                               std::uint16_t asker, core::Reply<ClaimedSession> const& reply) {
  auto const arriving =
      std::ranges::find_if(arriving_, [&](auto const& session) { return session->moving.pid == claim.pid; });
  if (arriving != arriving_.end()) {
    (*arriving)->later.emplace_back(
        [this, nsp, claim, asker, reply] { claim_here(nsp, claim, asker, reply); });
    return;
  }
  auto* session = by_pid_.find(claim.pid);
  if (session == nullptr) return follow(nsp, claim, asker, reply);
  if (session->nsp != nsp) return refused(reply, Recovery::unknown_session);
  std::optional<EventOffset> offset;
  if (claim.offset) {
    offset = shared_->spelling().read(*claim.offset);
    if (!offset && session->offset_of_another != core::keyed_hash(*claim.offset))
      return refused(reply, Recovery::unknown_offset);
  }
  if (session->away &&
      node_.shard().now() - session->away->since > shared_->options().max_disconnection_duration) {
    return refused(reply, Recovery::unknown_session);
  }
  if (auto const outcome = place_of(*session, offset).outcome; outcome != Recovery::recovered)
    return refused(reply, outcome);
  if (session->socket != nullptr) {
    // The client knows already that its connection is dead, and here nobody has noticed.
    if (auto* const client = client_of(*session->socket)) client->session().close(true);
    session = by_pid_.find(claim.pid);
    if (session == nullptr || !session->away) return refused(reply, Recovery::unknown_session);
  }
  if (asker == node_.index()) return reply(hand_out(*session, offset));
  auto const place = place_of(*session, offset);
  auto missed = missed_from(*session, place);
  auto const taken = take(*session);
  shared_->put(claim.pid, asker);
  Moving moving{.pid = claim.pid,
                .sid = taken->sid,
                .nsp = taken->nsp,
                .rooms = taken->rooms.present(),
                .away = std::move(*taken->away),
                .claimed = offset,
                .missed = std::move(missed),
                .unanswered = std::move(taken->unanswered),
                .offset_of_another = taken->offset_of_another,
                .seen = seen_};
  node_.server().link().post(asker, 0, [moving = std::move(moving), reply](ShardNode& node) mutable {
    recovery_in(node).arrive(std::move(moving), reply);
  });
}

/// The session has moved since its place was looked up, for a claim that was made before this one: to another
/// shard, or to this one, and has not arrived.
void RecoveryShard::follow(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
                           std::uint16_t asker, core::Reply<ClaimedSession> const& reply) {
  auto const owner = shared_->find(claim.pid);
  if (!owner) return refused(reply, Recovery::unknown_session);
  if (*owner != node_.index()) {
    // Behind the session, if it was this shard that has sent it there.
    node_.server().link().post(*owner, 0, [nsp, claim, asker, reply](ShardNode& node) {
      recovery_in(node).claim_here(nsp, claim, asker, reply);
    });
    return;
  }
  std::erase_if(awaiting_, [](Awaiting const& each) { return !each.reply.open(); });
  awaiting_.push_back({nsp, claim, asker, reply});
}

/// What was asked for a session before it came here.
void RecoveryShard::ask_again(std::string_view pid) {
  std::vector<Awaiting> now;
  std::erase_if(awaiting_, [&](Awaiting& each) {
    if (each.claim.pid != pid) return false;
    now.push_back(std::move(each));
    return true;
  });
  for (auto const& [nsp, claim, asker, reply] : now)
    claim_here(nsp, claim, asker, reply);
}

ClaimedSession RecoveryShard::hand_out(RecoverySession& session, std::optional<EventOffset> offset) {
  session.ticket = ++last_ticket_;
  session.claimed = offset;
  return {.outcome = Recovery::recovered,
          .pid = std::string(session.pid.view()),
          .ticket = session.ticket,
          .sid = session.sid,
          .rooms = session.rooms.present(),
          .data = session.away->data};
}

// --- From one shard to another

/// Whether this shard has seen all that another had.
bool RecoveryShard::has_seen(std::vector<std::uint64_t> const& seen) const noexcept {
  return std::ranges::equal(seen, seen_, std::ranges::less_equal());
}

void RecoveryShard::arrive(Moving moving, core::Reply<ClaimedSession> const& reply) {
  auto const pid = moving.pid;
  if (has_seen(moving.seen)) {
    settle(std::move(moving), reply);
  } else {
    // What is on its way here was delivered there before the session left.
    arriving_.push_back(std::make_unique<Arriving>(Arriving{std::move(moving), reply}));
  }
  ask_again(pid);
}

void RecoveryShard::settle_arrived() {
  for (std::size_t i = 0; i < arriving_.size();) {
    if (!has_seen(arriving_[i]->moving.seen)) {
      ++i;
      continue;
    }
    auto const arrived = std::move(arriving_[i]);
    arriving_.erase(arriving_.begin() + static_cast<std::ptrdiff_t>(i));
    settle(std::move(arrived->moving), arrived->reply);
    for (auto& ask : arrived->later)
      ask();
  }
}

void RecoveryShard::settle(Moving moving, core::Reply<ClaimedSession> const& reply) {
  auto& session = insert(moving.pid, moving.sid, std::move(moving.nsp));
  for (auto const& room : moving.rooms)
    session.rooms.enter(room, 0);
  session.unanswered = std::move(moving.unanswered);
  session.offset_of_another = moving.offset_of_another;
  // This shard may have been ahead: what it has delivered and the other one had not.
  log_.each_from(0, *session.nsp, [&](RetainedLog::Entry const& entry) {
    auto const offset = entry.event->offset;
    if (shared_->is_shared(offset) && offset.number() > moving.seen[offset.origin()] &&
        session.was_meant(entry)) {
      moving.missed.push_back(entry.event);
    }
  });
  session.carried = std::make_unique<RecoverySession::Carried>(
      session, moving.claimed, std::move(moving.missed), node_.shard().now() + shared_->retention());
  carried_.push_back(*session.carried);
  session.away = std::make_unique<RecoverySession::Away>(std::move(moving.away));
  session.account_for();
  away_.push_back(session);
  waiting_.add(1);
  start_timer();
  reply(hand_out(session, moving.claimed));
}

std::optional<Missed> RecoveryShard::attach(ClaimedSession const& claimed, Socket& socket) {
  auto* const session = by_pid_.find(claimed.pid);
  if (session == nullptr || !session->away || session->ticket != claimed.ticket) return std::nullopt;
  auto const place = place_of(*session, session->claimed);
  if (place.outcome != Recovery::recovered) return std::nullopt;
  auto missed = missed_from(*session, place);
  session->sent_again.reset();
  if (!missed.empty()) {
    auto const of_carried = session->carried && place.carried < session->carried->events.size();
    session->sent_again = std::make_unique<RecoverySession::SentAgain>(RecoverySession::SentAgain{
        node_.shard().now(), missed.front()->offset, missed.back()->offset, of_carried});
  }
  auto away = std::move(session->away);
  session->unlink();
  session->socket = &socket;
  socket.is_session_ = true;
  session->ticket = 0;
  if (!away->slots.empty()) slots_of(socket).add(std::move(away->slots));
  // A middleware may have changed them.
  auto const rooms = socket.rooms();
  for (auto const& room : session->rooms.present()) {
    if (std::ranges::find(rooms, room) == rooms.end()) session->rooms.leave(room, log_.next(), log_.first());
  }
  for (auto const& room : rooms)
    session->rooms.enter(room, log_.next());
  session->account_for();
  waiting_.add(-1);
  recovered_.add(1);
  // The socket has the namespace now.
  node_.server().namespaces().release(*session->nsp);
  return missed;
}

// --- Ends

void RecoveryShard::start_timer() noexcept {
  if (timer_.pending()) return;
  auto const now = node_.shard().now();
  auto due = now + RecoveryShared::tick;
  if (log_.count() == 0 && away_.empty() && carried_.empty()) return;
  if (!away_.empty())
    due = std::min(due, away_.front().away->since + shared_->options().max_disconnection_duration);
  if (!carried_.empty()) due = std::min(due, carried_.front().until);
  auto const delay = std::chrono::ceil<core::Milliseconds>(due - now);
  standstill_.expect(std::max(due, now));
  node_.shard().start(timer_, std::max(delay, core::Milliseconds{0}) + core::Milliseconds{1});
}

void RecoveryShard::expire() {
  auto const now = node_.shard().now();
  standstill_.look(now);
  log_.trim(now - shared_->retention());
  trim();
  while (!carried_.empty() && carried_.front().until <= now) {
    auto& session = carried_.front().session;
    session.carried.reset();
    session.account_for();
  }
  while (!away_.empty() && now - away_.front().away->since > shared_->options().max_disconnection_duration) {
    auto const ended = take(away_.front());
    shared_->forget(ended->pid.view());
    expired_.add(1);
    give_up(ended->unanswered);
    auto const rooms = ended->rooms.present();
    ended->nsp->tell_expired({.nsp = ended->nsp->name(),
                              .id = ended->sid,
                              .rooms = rooms,
                              .data = ended->away->data,
                              .reason = ended->away->reason});
    node_.server().namespaces().release(*ended->nsp);
  }
  start_timer();
}

}}}  // namespace aerie::v1::socketio
