#pragma once

/// \file
/// The records of sessions in Redis: `sio:session:<pid>` as the official adapter has them, and beside each
/// whom it belongs to, `{sio:session:<pid>}:owner`.

#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/event_log.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Whatever depends on who owns a session is decided by Redis, in one step. Belongs to the client's shard.
class SessionStore {
 public:
  using Record = socketio::SessionRecord;
  using Kept = socketio::EventLog::Kept;
  using Expiry = socketio::EventLog::Expiry;
  using Times = socketio::EventLog::Times;

  SessionStore(redis::Client& redis, std::string prefix) : redis_(redis), prefix_(std::move(prefix)) {}

  // As those of the EventLog.
  void save(Record const& record, Times times, bool if_unknown, UniqueFunction<void(Kept)> done);
  void load(std::string_view pid, UniqueFunction<void(std::optional<Record>)> done);
  void take(Record const& record, std::string_view taker, UniqueFunction<void(bool)> done);
  void forget(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(bool)> done);
  void expire(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(Expiry)> done);

 private:
  struct Keys {
    std::string record;
    std::string owner;
  };
  Keys keys(std::string_view pid) const;
  void run(std::string_view script, std::string_view pid, std::initializer_list<std::string_view> args,
           redis::Client::OnAnswer done);

  redis::Client& redis_;
  std::string prefix_;
};

}}}  // namespace aerie::v1::cluster
