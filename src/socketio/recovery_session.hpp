#pragma once

#include "socketio/event_offset.hpp"
#include "socketio/retained_log.hpp"
#include "socketio/room_history.hpp"
#include "socketio/unanswered_events.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/typed_slots.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;
class Socket;

namespace socketio {

/// What a client says of the session that it had, in the CONNECT packet: `{pid, offset}`.
struct SessionClaim {
  std::string pid;
  /// Of the last event that it has had; nothing if it has had none.
  std::optional<std::string> offset;
  /// No pid and no offset has more characters.
  static constexpr std::size_t longest = 64;
  /// One of the two is what no client of ours would send.
  bool malformed = false;

  /// Nothing if it does not speak of one. `auth` is the payload as it is kept.
  static std::optional<SessionClaim> in(std::string_view auth);
};

using Missed = std::vector<std::shared_ptr<Retained const>>;

/// What a socket is to those who come back: it begins with a socket's CONNECT and ends with its namespace's
/// DISCONNECT, or when its client has been away for too long. Belongs to the shard that it is on.
struct RecoverySession : core::Linked {
  /// What there is of one whose client is away.
  struct Away {
    core::TimePoint since;
    DisconnectReason reason;
    Value data;
    TypedSlots slots;
    /// That its connection did not die much earlier.
    bool is_sure = true;
  };
  /// What it was sent when it came here from another shard, whose positions mean nothing here.
  struct Carried : core::Linked {
    Carried(RecoverySession& owner, std::optional<EventOffset> had, Missed missed, core::TimePoint kept_until)
        : session(owner), before(had), events(std::move(missed)), until(kept_until) {}
    RecoverySession& session;
    /// The event that the client had had last.
    std::optional<EventOffset> before;
    Missed events;
    core::TimePoint until;
  };

  /// What it was sent when its client came back. Whether that has had it shows when it answers a ping.
  struct SentAgain {
    core::TimePoint at;
    EventOffset first;
    EventOffset last;
    bool of_carried;
  };

  RecoverySession(core::Account& account, std::string_view own_pid, std::string_view own_sid,
                  std::shared_ptr<Namespace> in)
      : pid(own_pid), sid(own_sid), nsp(std::move(in)), charge(account, sizeof *this) {}

  /// Whether it was in one of an event's rooms, and in none that is left out, when the event was delivered.
  bool was_meant(RetainedLog::Entry const& entry) const;
  void account_for() noexcept;

  core::Id pid;
  std::string sid;
  std::shared_ptr<Namespace> nsp;
  RetainedLog::Position start = 0;
  RoomHistory rooms;
  std::unique_ptr<Carried> carried;
  std::unique_ptr<SentAgain> sent_again;
  UnansweredEvents unanswered;
  /// The hash of the offset that its client named when it was told that it is new here: it names that again
  /// until it has had an event of this server. 0: none.
  std::size_t offset_of_another = 0;
  /// One of the two.
  Socket* socket = nullptr;
  std::unique_ptr<Away> away;
  /// Of the one who is about to go on with it: the last one who has asked.
  std::uint64_t ticket = 0;
  std::optional<EventOffset> claimed;
  core::Charge charge;
};

}  // namespace socketio
}}  // namespace aerie::v1
