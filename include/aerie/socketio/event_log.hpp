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
  std::vector<RoomStay> stays{};
  /// The server that has the socket, or had it last. Not part of the record, but beside it.
  std::string owner{};

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
    taken,   ///< Another server has the session now: this one's socket is none any more.
    failed,  ///< The connection is down.
  };
  /// Keeps the record of a socket of this server for `time`, unless another one has taken it. `is_new`: there
  /// is none of it yet.
  virtual void save(SessionRecord const& record, core::Milliseconds time, bool is_new,
                    UniqueFunction<void(Kept)> done) = 0;
  virtual void load(std::string_view pid, UniqueFunction<void(std::optional<SessionRecord>)> done) = 0;
  /// Makes this server the owner, if `record.owner` still is it, and tells that one. False if it is not.
  virtual void take(SessionRecord const& record, UniqueFunction<void(bool)> done) = 0;
  /// Its socket has left for good.
  virtual void forget(std::string_view pid) = 0;

 protected:
  EventLog() = default;
  EventLog(EventLog const&) = default;
  EventLog& operator=(EventLog const&) = default;
  ~EventLog() = default;
};

}}}  // namespace aerie::v1::socketio
