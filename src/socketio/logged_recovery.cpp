#include "socketio/client.hpp"
#include "socketio/conditions.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/local_member.hpp"
#include "socketio/logged_parts.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/schema/value_size.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_interval = 250ms;
/// Records are written again so often, whether anything has changed or not.
constexpr core::Milliseconds longest_between_saves{5'000};
/// In one turn.
constexpr std::size_t most_saves = 200;
/// A shard whose timers are so late has stood still. Two of them decide when a dead connection is noticed,
/// its ping and its timeout, and what is deduced from that allows for this much twice, and for the ticks.
constexpr core::Milliseconds tolerance = RecoveryShared::tick - tick_interval;

}  // namespace

constinit Condition condition_taken_away = Condition::none;

std::string_view LoggedRecovery::PidOf::operator()(Session const& session) const noexcept {
  return session.pid.view();
}

std::string_view LoggedRecovery::SidOf::operator()(Session const& session) const noexcept {
  return session.sid;
}

LoggedRecovery::LoggedRecovery(ShardNode& node, std::shared_ptr<RecoveryShared> shared)
    : ShardRecovery(node, std::move(shared)),
      charge_(node.shard().account(), 0),
      standstill_(tolerance, shared_->detection()) {}

LoggedRecovery::~LoggedRecovery() = default;

void LoggedRecovery::clear() noexcept {
  timer_.cancel();
  waiting_for_begin_.clear();
  waiting_claims_.clear();
  handed_out_.clear();
  ended_.clear();
  departed_.clear();
  by_sid_ = {};
  by_pid_ = {};
  spaces_.clear();
  bytes_ = 0;
  count_ = 0;
  account();
}

// --- Events

LoggedRecovery::Space& LoggedRecovery::space(std::string_view nsp) {
  auto found = spaces_.find(nsp);
  if (found == spaces_.end()) found = spaces_.emplace(std::string(nsp), Space{}).first;
  return found->second;
}

LogPosition LoggedRecovery::last(std::string_view nsp) const {
  auto const found = spaces_.find(nsp);
  return found == spaces_.end() ? LogPosition{} : found->second.last;
}

bool LoggedRecovery::covers(std::string_view nsp, LogPosition after) const {
  auto const found = spaces_.find(nsp);
  return found != spaces_.end() && found->second.begun && found->second.known_from <= after;
}

bool LoggedRecovery::remembers(std::string_view nsp, LogPosition at) const {
  auto const found = spaces_.find(nsp);
  return found != spaces_.end() && std::ranges::any_of(found->second.entries, [at](auto const& each) {
           return each.event->position == at;
         });
}

void LoggedRecovery::begin(std::string_view nsp, LogPosition at) {
  auto found = spaces_.find(nsp);
  if (found != spaces_.end()) {
    while (!found->second.entries.empty())
      drop_first(found->second);
    spaces_.erase(found);
  }
  if (!at.is_begin()) {
    auto& begun = space(nsp);
    begun.known_from = begun.last = begun.last_event = begun.old = at;
    begun.begun = true;
    // Who was let in before may have missed something.
    expel_all(nsp, [](Session const& session) { return session.had.is_begin(); });
    auto const waited = std::exchange(waiting_for_begin_, {});
    for (auto const& each : waited)
      each.nsp == nsp ? each.reply(true) : waiting_for_begin_.push_back(each);
  }
  account();
  go_on_with_waiting();
}

void LoggedRecovery::passed(std::string_view nsp, LogPosition at) {
  auto const found = spaces_.find(nsp);
  if (found == spaces_.end() || !found->second.begun || at <= found->second.last) return;
  auto& [key, space] = *found;
  auto const now = node_.shard().now();
  space.last = at;
  space.marks.push_back({now, at});
  // The last one that is old enough says how far clients are that are there.
  while (space.marks.size() > 1 && space.marks[1].time < now - shared_->detection())
    space.marks.pop_front();
  go_on_with_waiting();
}

void LoggedRecovery::lose(std::string_view nsp, LogPosition at) {
  ++losses_;
  begin(nsp, at);
  if (holds(Condition::epoch)) expel_all(nsp, [](Session const&) { return true; });
}

bool LoggedRecovery::has_begun(Namespace const& nsp) const {
  auto const found = spaces_.find(nsp.name());
  return found != spaces_.end() && found->second.begun;
}

void LoggedRecovery::await_begin(Namespace const& nsp, core::Reply<bool> const& reply) {
  std::erase_if(waiting_for_begin_, [](auto const& each) { return !each.reply.open(); });
  waiting_for_begin_.push_back({nsp.name(), reply});
}

void LoggedRecovery::retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event) {
  auto& of_nsp = space(nsp.name());
  // What is sent to many is kept once, whatever the number of shards.
  auto const size = event->size() / shared_->shards();
  of_nsp.last = of_nsp.last_event = event->position;
  of_nsp.entries.push_back({event, node_.shard().now(), size});
  bytes_ += size;
  ++count_;
  auto const ceiling = shared_->options().max_retained / shared_->shards();
  while (bytes_ > ceiling && !of_nsp.entries.empty()) {
    gone_early_.add(1);
    drop_first(of_nsp);
  }
  account();
  start_timer();
  // In a turn of their own: this one has still to deliver the event.
  if (!waiting_claims_.empty() && !std::exchange(going_on_, true)) {
    node_.anchor().post([this] {
      going_on_ = false;
      go_on_with_waiting();
    });
  }
}

void LoggedRecovery::drop_first(Space& space) {
  auto const& first = space.entries.front();
  space.known_from = first.event->position;
  bytes_ -= first.size;
  --count_;
  space.entries.pop_front();
}

void LoggedRecovery::trim() {
  auto const oldest = node_.shard().now() - shared_->retention();
  for (auto& [nsp, space] : spaces_) {
    while (!space.entries.empty() && space.entries.front().at < oldest) {
      space.old = space.entries.front().event->position;
      drop_first(space);
    }
  }
  account();
}

void LoggedRecovery::account() noexcept {
  charge_.resize(bytes_);
  retained_.set(count_);
  retained_bytes_.set(bytes_);
}

/// The last entry that was delivered before a time.
LogPosition LoggedRecovery::delivered_before(std::string_view nsp, core::TimePoint time) const {
  auto const found = spaces_.find(nsp);
  if (found == spaces_.end()) return {};
  auto const& entries = found->second.entries;
  auto const later =
      std::ranges::partition_point(entries, [time](auto const& entry) { return entry.at < time; });
  auto const& last = later == entries.begin() ? found->second.old : std::prev(later)->event->position;
  auto const& marks = found->second.marks;
  auto const mark =
      std::ranges::partition_point(marks, [time](auto const& each) { return each.time < time; });
  return mark == marks.begin() ? last : std::max(last, std::prev(mark)->at);
}

// --- Sockets

LoggedRecovery::Session* LoggedRecovery::of(Socket const& socket) const {
  auto* const session = by_sid_.find(socket.id());
  return session != nullptr && session->socket == &socket ? session : nullptr;
}

LoggedRecovery::Session& LoggedRecovery::insert(std::unique_ptr<Session> made) {
  auto& session = *made;
  session.since = node_.shard().now();
  session.account_for();
  by_sid_.insert(&session);
  by_pid_.insert(std::move(made));
  shared_->put(session.pid.view(), node_.index());
  change(session);
  start_timer();
  return session;
}

void LoggedRecovery::drop(Session& session) {
  session.unlink();
  if (shared_->find(session.pid.view()) == node_.index()) shared_->forget(session.pid.view());
  by_sid_.take(session.sid);
  node_.shard().retire(by_pid_.take(session.pid.view()));
}

/// A name that no other socket has had, whatever its server.
std::string LoggedRecovery::new_owner() {
  if (!holds(Condition::fencing)) return "anybody";
  return core::concat(node_.server().member().server_id(), ":", std::to_string(node_.index()), "-",
                      std::to_string(++last_owner_));
}

EventLog::Times LoggedRecovery::times() const noexcept {
  // While its server lives, it is written again before it is over.
  auto const time = shared_->options().max_disconnection_duration + longest_between_saves;
  // Whoever has lost it may not have noticed for so long that its client has gone.
  return {time, time + shared_->detection()};
}

core::Id LoggedRecovery::connected(Socket& socket) {
  socket.is_session_ = true;
  if (auto const* const session = of(socket)) return session->pid;
  auto made = std::make_unique<Session>(node_.shard().account(), node_.new_id().view(), socket.id());
  made->owner = new_owner();
  made->nsp = socket.nsp().name();
  made->socket = &socket;
  made->had = last(made->nsp);
  for (auto const& room : socket.rooms())
    made->rooms.enter(room, behind(made->had));
  return insert(std::move(made)).pid;
}

void LoggedRecovery::joined(Socket const& socket, std::string_view room) {
  auto* const session = of(socket);
  if (session == nullptr) return;
  session->rooms.enter(room, behind(last(session->nsp)));
  session->account_for();
  change(*session);
}

void LoggedRecovery::left(Socket const& socket, std::string_view room) {
  auto* const session = of(socket);
  if (session == nullptr) return;
  session->rooms.leave(room, behind(last(session->nsp)), session->had);
  session->account_for();
  change(*session);
}

bool LoggedRecovery::gone(Socket& socket, DisconnectReason reason) {
  auto* const session = of(socket);
  socket.is_session_ = session != nullptr && is_recoverable(reason) && !session->is_taken;
  if (session == nullptr) return false;
  auto waits = false;
  if (socket.is_session_) {
    save(*session);
    waits = watch(*session, reason);
  } else if (!session->is_taken) {
    forget(std::string(session->pid.view()), session->owner);
    give_up(session->unanswered);
  }
  drop(*session);
  return waits;
}

/// Until the log has been told: it would give the session to whoever names it.
void LoggedRecovery::forget(std::string pid, std::string owner) {
  ended_.push_back({std::move(pid), std::move(owner), node_.shard().now() + times().owner});
  forget_again();
  start_timer();
}

void LoggedRecovery::forget_again() {
  auto const now = node_.shard().now();
  std::erase_if(ended_, [now](auto const& each) { return each.until <= now; });
  for (auto& each : ended_) {
    if (std::exchange(each.is_asked, true)) continue;
    ask_log([this, pid = each.pid, owner = each.owner, time = times().owner,
             back = node_.anchor()](EventLog& log) {
      log.forget(pid, owner, time, [this, pid, owner, back](bool told) {
        back.run([this, owner, told] {
          auto const found = std::ranges::find(ended_, owner, &Ended::owner);
          if (found == ended_.end()) return;
          found->is_asked = false;
          if (told) ended_.erase(found);
        });
      });
    });
  }
}

/// Once in a turn, whatever changes in it.
void LoggedRecovery::change(Session& session) {
  if (!holds(Condition::record_at_change)) return;
  auto const is_first = changed_.empty();
  changed_.push_back(session);
  if (!is_first) return;
  node_.anchor().post([this] {
    // Saving takes it out.
    while (!changed_.empty())
      save(changed_.front());
  });
}

void LoggedRecovery::save(Session& session) {
  auto const now = node_.shard().now();
  // What was delivered before its connection was last known to live its client has had.
  auto const known_alive = now - shared_->detection();
  if (timer_.pending()) standstill_.look(now);
  if (session.since < known_alive && standstill_.is_sure(now))
    session.had = std::max(session.had, delivered_before(session.nsp, known_alive));
  auto const record = std::make_shared<SessionRecord>();
  record->pid = session.pid.view();
  record->sid = session.sid;
  record->nsp = session.nsp;
  record->rooms = session.rooms.present();
  record->data = session.socket->shown_data();
  record->had = session.had;
  // What others have to wait for.
  record->seen = space(session.nsp).last_event;
  record->known_from = session.rooms.known_from();
  record->owner = session.owner;
  record->unanswered = session.unanswered.list();
  session.rooms.each_stay([&](std::string const& room, LogPosition from, LogPosition const* to) {
    if (to == nullptr || *to > session.had)
      record->stays.push_back({room, from, to == nullptr ? std::nullopt : std::optional(*to)});
  });
  session.saved_at = now;
  by_save_.push_back(session);
  start_timer();
  // One that nobody knows may have been taken, or have ended elsewhere, before the log has lost it: it begins
  // again when its client is known to have been here since.
  auto const begins = !session.was_kept && standstill_.is_sure_of(session.since, now);
  auto const is_still_here =
      session.unknown_since && *session.unknown_since < known_alive && standstill_.is_sure(now);
  auto const if_unknown = begins || is_still_here;
  ask_log([this, record, times = times(), if_unknown, back = node_.anchor()](EventLog& log) {
    log.save(*record, times, if_unknown, [this, record, back](EventLog::Kept kept) {
      back.run([this, record, kept] { saved(*record, kept); });
    });
  });
}

void LoggedRecovery::saved(SessionRecord const& record, EventLog::Kept kept) {
  auto* const session = by_pid_.find(record.pid);
  if (session == nullptr || session->owner != record.owner) return;
  auto const& pid = record.pid;
  if (kept == EventLog::Kept::taken && holds(Condition::fencing)) return expel(pid);
  if (kept == EventLog::Kept::yes) {
    session->was_kept = true;
    session->unknown_since.reset();
  }
  if (kept == EventLog::Kept::unknown && !session->unknown_since)
    session->unknown_since = node_.shard().now();
  if (kept != EventLog::Kept::failed) return;
  // Until it is written nobody else knows of it: again with the next tick.
  session->saved_at = {};
  by_save_.push_front(*session);
}

void LoggedRecovery::check(std::string_view pid) {
  if (auto* const session = by_pid_.find(pid)) save(*session);
}

/// Its client is elsewhere now.
void LoggedRecovery::expel(std::string const& pid) {
  auto* const session = by_pid_.find(pid);
  if (session == nullptr) return;
  session->is_taken = true;
  if (auto* const client = client_of(*session->socket)) client->session().close(true);
}

template <class Choose>
void LoggedRecovery::expel_all(std::string_view nsp, Choose chosen) {
  std::vector<std::string> pids;
  auto const collect = [&](Session const& session) {
    if (session.nsp == nsp && chosen(session)) pids.emplace_back(session.pid.view());
  };
  by_save_.for_each(collect);
  changed_.for_each(collect);
  for (auto const& pid : pids)
    expel(pid);
}

// --- Time

void LoggedRecovery::start_timer() {
  if (timer_.pending()) return;
  if (by_save_.empty() && waiting_claims_.empty() && handed_out_.empty() && ended_.empty() &&
      departed_.empty() && count_ == 0) {
    return;
  }
  standstill_.expect(node_.shard().now() + tick_interval);
  node_.shard().start(timer_, tick_interval);
}

void LoggedRecovery::tick() {
  auto const now = node_.shard().now();
  standstill_.look(now);
  trim();
  go_on_with_waiting();
  forget_again();
  ask_for_departed();
  std::erase_if(handed_out_, [now](auto const& each) { return each.second->deadline <= now; });
  auto const interval = std::min(longest_between_saves,
                                 shared_->options().max_disconnection_duration / 4 + core::Milliseconds{1});
  for (std::size_t i = 0; i < most_saves && !by_save_.empty(); ++i) {
    auto& next = by_save_.front();
    if (now - next.saved_at < interval) break;
    save(next);
  }
  start_timer();
}

}}}  // namespace aerie::v1::socketio
