#pragma once

/// \file
/// What an adapter has that keeps what is emitted in a log which all servers share, and the sessions of
/// clients beside it: with it a client is recovered by any of them. See docs/recovery.md.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/cluster_message.hpp>
#include <aerie/socketio/log_position.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// An entry of the log.
struct LoggedMessage {
  LogPosition at;
  ClusterMessage message;
};

/// A time that a socket was in a room: what stands at `from` and before `to` was for it.
struct RoomStay {
  std::string room;
  LogPosition from;
  /// Nothing: it is in it.
  std::optional<LogPosition> to{};

  bool operator==(RoomStay const&) const = default;
};

/// An event that its client has not answered yet, and that it is sent again when it comes back. Never changes
/// once others see it; any thread.
struct UnansweredEvent {
  /// What its client is to answer. Not part of the record: whoever goes on with the session asks anew.
  std::uint64_t ack = 0;
  /// The server that waits for the answer, and its request.
  std::string server{};
  RequestId request = 0;
  /// Until then, in milliseconds since 1970.
  std::int64_t until = 0;
  bool compress = true;
  EventPayload payload{};
};

/// What a socket is to those who come back, as it is kept beside the log.
struct SessionRecord {
  std::string pid;
  std::string sid;
  /// Empty where an official server has written it, which says nothing of this and of what follows `data`.
  std::string nsp{};
  /// Those that it is in, and `stays` those that it was in lately, too.
  std::vector<std::string> rooms{};
  Value data{};
  /// Its client has had everything that was meant for it up to here.
  LogPosition had{};
  /// What the server that has written it had seen.
  LogPosition seen{};
  /// From here on `stays` are all that there were.
  LogPosition known_from{};
  std::vector<RoomStay> stays{};
  /// In the order in which they were sent.
  std::vector<std::shared_ptr<UnansweredEvent const>> unanswered{};
  /// Who has the socket, or had it last: a server's id, a colon, and what tells its sockets apart. Not part
  /// of the record, but beside it.
  std::string owner{};
  /// What it was when it was read, to the log.
  std::string version{};

  bool is_official() const noexcept { return nsp.empty(); }
};

/// All calls in turns of the home shard, as those of the Adapter are; each calls `done` once, perhaps before
/// it returns, and not any more when the adapter has closed.
class AERIE_API EventLog {
 public:
  /// For how long it keeps entries for certain; 0: nobody knows.
  virtual core::Milliseconds keeps_for() const noexcept { return core::Milliseconds{0}; }
  /// Adds a message to the log. It comes back to this server as it comes to the others, by
  /// ClusterMember::deliver_logged, in the log's order. `done`: whether it is in the log for certain.
  virtual void append(std::shared_ptr<ClusterMessage const> const& message,
                      UniqueFunction<void(bool)> done) = 0;
  /// What the log has of a namespace after a position. Nothing if some of that is not there any more, or
  /// perhaps not.
  virtual void read(std::string_view nsp, LogPosition after,
                    UniqueFunction<void(std::optional<std::vector<LoggedMessage>>)> done) = 0;

  enum class Kept : std::uint8_t {
    yes,
    taken,    ///< Somebody else has the session now, or it has ended: this socket is none any more.
    unknown,  ///< Nobody knows the session, and it may not begin here.
    failed,   ///< The connection is down.
  };
  /// For how long a record is kept, and for how long it is known who has had it last: whoever has lost it
  /// finds that out, also when the record itself is gone.
  struct Times {
    core::Milliseconds record;
    core::Milliseconds owner;
  };
  /// Keeps the record of a socket as that of `record.owner`, unless it is somebody else's. `if_unknown`: also
  /// if it is nobody's.
  virtual void save(SessionRecord const& record, Times times, bool if_unknown,
                    UniqueFunction<void(Kept)> done) = 0;
  virtual void load(std::string_view pid, UniqueFunction<void(std::optional<SessionRecord>)> done) = 0;
  /// Makes `taker` the owner, and tells the server of the one that was: if that is still `record.owner`, and
  /// the record is still the one that was read. False if they are not.
  virtual void take(SessionRecord const& record, std::string_view taker, UniqueFunction<void(bool)> done) = 0;
  /// The socket of `owner` has left for good: the session is nobody's. `done`: false if nobody knows whether
  /// the log has been told.
  virtual void forget(std::string_view pid, std::string_view owner, core::Milliseconds time,
                      UniqueFunction<void(bool)> done) = 0;

  enum class Expiry : std::uint8_t {
    yes,        ///< It has, and is nobody's from now on.
    elsewhere,  ///< Somebody else has it, or it has ended otherwise, or somebody was told already.
    not_yet,
    failed,  ///< The connection is down.
  };
  /// Whether the session that `owner` had last has ended by itself, because its client has not come back.
  /// Only one of those who ask is told so. `time`: for how long it is known.
  virtual void expire(std::string_view pid, std::string_view owner, core::Milliseconds time,
                      UniqueFunction<void(Expiry)> done) = 0;
  /// Gives another server what a client has answered (ClusterMember::answered); that nobody knows whether it
  /// gets there is its timeout's business.
  virtual void answer(std::string_view server, ClusterResponse const& response) = 0;

 protected:
  EventLog() = default;
  EventLog(EventLog const&) = default;
  EventLog& operator=(EventLog const&) = default;
  ~EventLog() = default;
};

}}}  // namespace aerie::v1::socketio
