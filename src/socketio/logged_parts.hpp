#pragma once

/// \file
/// What the two halves of LoggedRecovery have in common: the sockets that there are (logged_recovery.cpp),
/// and those who come back (logged_claims.cpp).

#include "socketio/local_member.hpp"
#include "socketio/logged_recovery.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// The least position behind another one.
inline LogPosition behind(LogPosition position) noexcept {
  return {position.time, position.number + 1};
}

/// A socket of this shard.
struct LoggedRecovery::Session : core::Linked {
  Session(core::Account& account, std::string_view own_pid, std::string_view own_sid)
      : pid(own_pid), sid(own_sid), charge(account, sizeof *this) {}
  void account_for() noexcept {
    charge.resize(sizeof *this + sid.capacity() + rooms.bytes() + unanswered.bytes());
  }
  bool was_meant(Target const& target, LogPosition at) const {
    auto const was_in = [&](std::string const& room) { return rooms.was_in(room, at); };
    if (!target.rooms.empty() && std::ranges::none_of(target.rooms, was_in)) return false;
    return std::ranges::none_of(target.except, was_in);
  }

  core::Id pid;
  std::string sid;
  std::string nsp;
  /// What this socket is to the log, among all that have the session one after the other.
  std::string owner;
  LoggedRooms rooms;
  UnansweredEvents unanswered;
  LogPosition had;
  Socket* socket = nullptr;
  core::TimePoint since{};
  core::TimePoint saved_at{};
  /// The log has known it.
  bool was_kept = false;
  /// And has not any more, since then at the latest.
  std::optional<core::TimePoint> unknown_since{};
  /// Somebody else has it now.
  bool is_taken = false;
  core::Charge charge;
};

/// A socket of this shard whose client has gone, for as long as it may come back, if somebody is to be told
/// that it does not.
struct LoggedRecovery::Departed {
  std::string pid;
  std::string owner;
  std::shared_ptr<Namespace> nsp;
  std::string sid;
  std::vector<std::string> rooms;
  Value data;
  DisconnectReason reason;
  UnansweredEvents unanswered;
  /// When its record has ended, and when it is not asked for any more.
  core::TimePoint due;
  core::TimePoint until;
  core::Charge charge;
  bool is_asked = false;
};

/// Somebody who comes back.
struct LoggedRecovery::Claim {
  std::shared_ptr<Namespace> nsp;
  std::string pid;
  std::optional<LogPosition> offset;
  core::Reply<ClaimedSession> reply;
  SessionRecord record{};
  /// Who had the session when it was asked for first.
  std::optional<std::string> first_owner{};
  /// What it will be to the log.
  std::string owner{};
  /// He has had everything up to here ...
  LogPosition after{};
  /// ... and somebody has seen this much.
  LogPosition seen{};
  core::TimePoint deadline{};
  /// What this shard does not remember, up to `read_until`.
  std::vector<std::shared_ptr<Retained const>> read{};
  LogPosition read_until{};
  int attempts = 0;
  std::uint64_t losses = 0;
};

/// `ask(EventLog&)` on the home shard. False if it never will.
template <class Ask>
bool LoggedRecovery::ask_log(Ask ask) {
  return node_.server().link().run_on_first([ask = std::move(ask)](ShardNode& first) mutable {
    if (auto* const log = first.server().member().event_log()) ask(*log);
  });
}

}}}  // namespace aerie::v1::socketio
