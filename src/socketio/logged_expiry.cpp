#include "socketio/local_adapter.hpp"
#include "socketio/logged_parts.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/schema/value_size.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

// Those who do not come back: their records end by themselves, and the server that had them last looks.
namespace aerie { inline namespace v1 { namespace socketio {

namespace {

using namespace std::chrono_literals;

/// A record ends by Redis' clock.
constexpr auto after_the_end = 500ms;
constexpr std::size_t most_bytes_of_data = 1'000'000;
/// In one turn.
constexpr std::size_t most_questions = 200;

}  // namespace

UnansweredEvents* LoggedRecovery::unanswered_of(Socket const& socket) {
  auto* const session = of(socket);
  return session == nullptr ? nullptr : &session->unanswered;
}

void LoggedRecovery::unanswered_changed(Socket const& socket) {
  auto& session = *of(socket);
  session.account_for();
  change(session);
}

/// True if somebody is to be told when the session has ended: then its namespace is kept for that.
bool LoggedRecovery::watch(Session& session, DisconnectReason reason) {
  auto const& socket = *session.socket;
  if (session.unanswered.empty() && !socket.nsp().hears_of_expired()) return false;
  auto const now = node_.shard().now();
  auto const kept = times();
  auto departed = std::make_unique<Departed>(Departed{.pid = std::string(session.pid.view()),
                                                      .owner = session.owner,
                                                      .nsp = socket.nsp().shared_from_this(),
                                                      .sid = session.sid,
                                                      .rooms = session.rooms.present(),
                                                      .data = socket.shown_data(),
                                                      .reason = reason,
                                                      .unanswered = std::move(session.unanswered),
                                                      .due = now + kept.record + after_the_end,
                                                      .until = now + kept.record + kept.owner,
                                                      .charge = {node_.shard().account(), 0}});
  auto bytes =
      sizeof(Departed) + departed->unanswered.bytes() + value_size(departed->data, most_bytes_of_data);
  for (auto const& room : departed->rooms)
    bytes += sizeof room + room.size();
  departed->charge.resize(bytes);
  departed_.push_back(std::move(departed));
  start_timer();
  return true;
}

void LoggedRecovery::ask_for_departed() {
  auto const now = node_.shard().now();
  std::size_t asked = 0;
  for (auto const& each : departed_) {
    if (each->due > now || asked == most_questions) break;
    if (std::exchange(each->is_asked, true)) continue;
    ++asked;
    ask_log([this, pid = each->pid, owner = each->owner, time = times().owner,
             back = node_.anchor()](EventLog& log) {
      log.expire(pid, owner, time, [this, owner, back](EventLog::Expiry expiry) {
        back.run([this, owner, expiry] { expiry_known(owner, expiry); });
      });
    });
  }
}

void LoggedRecovery::expiry_known(std::string const& owner, EventLog::Expiry expiry) {
  auto const found = std::ranges::find(
      departed_, owner, [](auto const& each) -> auto const& { return each->owner; });
  if (found == departed_.end()) return;
  auto const is_open = expiry == EventLog::Expiry::not_yet || expiry == EventLog::Expiry::failed;
  if (is_open && (*found)->until > node_.shard().now()) {
    (*found)->is_asked = false;
    return;
  }
  auto const departed = std::move(*found);
  departed_.erase(found);
  if (expiry == EventLog::Expiry::yes) {
    expired_.add(1);
    give_up(departed->unanswered);
    departed->nsp->tell_expired({.nsp = departed->nsp->name(),
                                 .id = departed->sid,
                                 .rooms = departed->rooms,
                                 .data = departed->data,
                                 .reason = departed->reason});
  }
  node_.server().namespaces().release(*departed->nsp);
}

}}}  // namespace aerie::v1::socketio
