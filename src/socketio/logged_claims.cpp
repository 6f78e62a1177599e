#include "socketio/client.hpp"
#include "socketio/conditions.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/logged_parts.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

// Those who come back to this shard.
namespace aerie { inline namespace v1 { namespace socketio {

namespace {

using namespace std::chrono_literals;

/// What others have seen comes here soon, or never.
constexpr auto patience = 5s;
/// To take a session that others take as well.
constexpr int most_attempts = 5;

}  // namespace

void LoggedRecovery::claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
                           core::Reply<ClaimedSession> const& reply) {
  if (claim.malformed || claim.pid.size() > core::Id::max_size)
    return refused(reply, Recovery::unknown_session);
  auto const made = std::make_shared<Claim>();
  made->losses = losses_;
  made->nsp = nsp;
  made->pid = claim.pid;
  made->reply = reply;
  if (claim.offset) {
    made->offset = LogPosition::parse(*claim.offset);
    if (!made->offset) return refused(reply, Recovery::unknown_offset);
  }
  look_for(made);
}

void LoggedRecovery::look_for(std::shared_ptr<Claim> const& claim) {
  auto const owner = shared_->find(claim->pid);
  if (!owner) return load(claim);
  // The client knows already that its connection is dead, and here nobody has noticed.
  node_.server().link().post(*owner, 0, [claim, back = node_.anchor(), asker = this](ShardNode& node) {
    auto& there = static_cast<LoggedRecovery&>(*node.recovery());
    auto const* const session = there.by_pid_.find(claim->pid);
    if (session != nullptr && session->nsp == claim->nsp->name()) {
      if (auto* const client = client_of(*session->socket)) client->session().close(true);
    }
    back.run([asker, claim] { asker->load(claim); });
  });
}

void LoggedRecovery::load(std::shared_ptr<Claim> const& claim) {
  auto const asked = ask_log([this, claim, back = node_.anchor()](EventLog& log) {
    log.load(claim->pid, [this, claim, back](std::optional<SessionRecord> record) {
      back.run([this, claim, record = std::make_shared<std::optional<SessionRecord>>(std::move(record))] {
        loaded(claim, std::move(*record));
      });
    });
  });
  if (!asked) refused(claim->reply, Recovery::unknown_session);
}

void LoggedRecovery::loaded(std::shared_ptr<Claim> const& claim, std::optional<SessionRecord> record) {
  if (!record || record->pid != claim->pid || record->sid.empty() ||
      record->sid.size() > core::Id::max_size ||
      (!record->is_official() && record->nsp != claim->nsp->name())) {
    return refused(claim->reply, Recovery::unknown_session);
  }
  // An official server does not say where it begins.
  if (record->is_official() && !claim->offset) return refused(claim->reply, Recovery::unknown_offset);
  // Two connections of one client, and nobody can tell which is the older one. If this were, it would take
  // the session from a client that is there, and has perhaps joined rooms that are not written yet; so it
  // ends. If its client is there, that comes back, and takes what the other one has.
  if (!claim->first_owner) claim->first_owner = record->owner;
  if (*claim->first_owner != record->owner) return claim->reply({.is_contended = true});
  claim->record = std::move(*record);
  if (!holds(Condition::taken_last)) {
    ask_log([claim](EventLog& log) {
      log.take(claim->record, "nobody",
               [claim, &log](bool) { log.forget(claim->pid, "nobody", patience, [](bool) {}); });
    });
  }
  auto const had = holds(Condition::start_position) ? claim->record.had : LogPosition{};
  claim->after = std::max(claim->offset.value_or(LogPosition{}), had);
  // Its server did not know the log yet.
  if (claim->after.is_begin()) return refused(claim->reply, Recovery::events_gone);
  // It has been in more rooms since than anybody remembers.
  if (claim->record.known_from > claim->after) return refused(claim->reply, Recovery::events_gone);
  claim->seen = std::max(claim->after, claim->record.seen);
  claim->deadline = node_.shard().now() + patience;
  when_seen(claim);
}

/// The log is another one than when it was made.
bool LoggedRecovery::is_outdated(Claim const& claim) const noexcept {
  return holds(Condition::epoch) && claim.losses != losses_;
}

/// Goes on when this shard has seen as much as the client and its server have.
void LoggedRecovery::when_seen(std::shared_ptr<Claim> const& claim) {
  if (last(claim->nsp->name()) < claim->seen) {
    waiting_claims_.push_back(claim);
    return start_timer();
  }
  if (!holds(Condition::compared_offsets) && !remembers(claim->nsp->name(), claim->after))
    return refused(claim->reply, Recovery::unknown_offset);
  if (covers(claim->nsp->name(), claim->after)) {
    claim->read_until = claim->after;
    return take(claim);
  }
  read(claim);
}

void LoggedRecovery::go_on_with_waiting() {
  auto const now = node_.shard().now();
  for (auto const& claim : std::exchange(waiting_claims_, {})) {
    if (!claim->reply.open()) continue;
    if (last(claim->nsp->name()) < claim->seen && claim->deadline <= now) {
      // It has seen what is not in the log: that is another one than before, or the offset is none.
      refused(claim->reply, Recovery::events_gone);
    } else {
      when_seen(claim);
    }
  }
}

void LoggedRecovery::read(std::shared_ptr<Claim> const& claim) {
  claim->read_until = last(claim->nsp->name());
  ask_log([this, claim, back = node_.anchor()](EventLog& log) {
    log.read(claim->nsp->name(), claim->after,
             [this, claim, back](std::optional<std::vector<LoggedMessage>> messages) {
               auto const got =
                   std::make_shared<std::optional<std::vector<LoggedMessage>>>(std::move(messages));
               back.run([this, claim, got] {
                 if (!*got && !holds(Condition::known_floor)) got->emplace();
                 if (!*got) return refused(claim->reply, Recovery::events_gone);
                 add_read(*claim, std::move(**got));
                 take(claim);
               });
             });
  });
}

void LoggedRecovery::add_read(Claim& claim, std::vector<LoggedMessage> messages) const {
  for (auto& [at, message] : messages) {
    claim.read_until = std::max(claim.read_until, at);
    if (message.action != ClusterAction::broadcast || !message.payload || message.options.is_volatile ||
        claim.nsp->rule_for(message.payload.event()) != nullptr) {
      continue;
    }
    LocalMessage local(std::move(message), claim.nsp);
    local.set_from_elsewhere();
    local.retain_at(at);
    static_cast<void>(local.packets(node_));
    claim.read.push_back(local.retained);
  }
}

void LoggedRecovery::take(std::shared_ptr<Claim> const& claim) {
  if (!holds(Condition::taken_last)) return hand_out(claim);
  // Its client may be elsewhere already.
  if (!claim->reply.open()) return;
  claim->owner = new_owner();
  ask_log([this, claim, back = node_.anchor()](EventLog& log) {
    log.take(claim->record, claim->owner, [this, claim, back](bool taken) {
      back.run([this, claim, taken] {
        if (taken) return hand_out(claim);
        // It has been written since it was read, or taken.
        if (!claim->reply.open()) return;
        if (++claim->attempts == most_attempts) return refused(claim->reply, Recovery::unknown_session);
        claim->read.clear();
        load(claim);
      });
    });
  });
}

void LoggedRecovery::hand_out(std::shared_ptr<Claim> const& claim) {
  if (is_outdated(*claim)) return refused(claim->reply, Recovery::events_gone);
  auto const ticket = ++last_ticket_;
  handed_out_.emplace(ticket, claim);
  // If nothing comes of it, the record is still there for the next attempt.
  claim->deadline = node_.shard().now() + 2 * node_.server().options().middleware_timeout;
  start_timer();
  claim->reply({.outcome = Recovery::recovered,
                .pid = claim->pid,
                .ticket = ticket,
                .sid = claim->record.sid,
                .rooms = claim->record.rooms,
                .data = claim->record.data});
}

std::optional<Missed> LoggedRecovery::attach(ClaimedSession const& claimed, Socket& socket) {
  auto const found = handed_out_.find(claimed.ticket);
  if (found == handed_out_.end()) return std::nullopt;
  auto const claim = std::move(found->second);
  handed_out_.erase(found);
  auto const& record = claim->record;
  auto const& nsp = claim->nsp->name();
  // Somebody else has come back as the same one here meanwhile.
  if (by_pid_.find(claim->pid) != nullptr || by_sid_.find(record.sid) != nullptr) return std::nullopt;
  if (is_outdated(*claim) || !covers(nsp, claim->read_until)) return std::nullopt;

  auto session = std::make_unique<Session>(node_.shard().account(), claim->pid, record.sid);
  session->nsp = nsp;
  session->socket = &socket;
  session->had = claim->after;
  session->owner = claim->owner;
  session->rooms.set_known_from(record.known_from);
  for (auto const& stay : record.stays) {
    session->rooms.enter(stay.room, stay.from);
    if (stay.to) session->rooms.leave(stay.room, *stay.to, {});
  }
  if (record.is_official()) {
    for (auto const& room : record.rooms)
      session->rooms.enter(room, {});
  }
  // Each under a number of this server: those of others may be given twice.
  for (auto const& event : record.unanswered) {
    if (!holds(Condition::asked_again)) break;
    auto again = std::make_shared<UnansweredEvent>(*event);
    again->ack = claim->nsp->next_ack();
    session->unanswered.add(std::move(again));
  }
  auto const until = last(nsp);
  Missed missed;
  auto const add = [&](std::shared_ptr<Retained const> const& event) {
    if (event->position > claim->after && event->position <= until &&
        session->was_meant(event->target, event->position)) {
      missed.push_back(event);
    }
  };
  for (auto const& event : claim->read)
    add(event);
  for (auto const& entry : space(nsp).entries) {
    if (entry.event->position > claim->read_until) add(entry.event);
  }
  // A middleware may have changed them.
  auto const rooms = socket.rooms();
  for (auto const& room : session->rooms.present()) {
    if (std::ranges::find(rooms, room) == rooms.end()) session->rooms.leave(room, behind(until), {});
  }
  for (auto const& room : rooms)
    session->rooms.enter(room, behind(until));
  socket.is_session_ = true;
  recovered_.add(1);
  session->was_kept = true;
  insert(std::move(session));
  return missed;
}

}}}  // namespace aerie::v1::socketio
