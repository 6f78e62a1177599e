#pragma once

/// \file
/// The records of sessions in Redis: `sio:session:<pid>` as the official adapter has them, and beside each
/// the server that it belongs to, `{sio:session:<pid>}:owner`.

#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/event_log.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Whatever depends on who owns a session is decided by Redis, in one step. Belongs to the client's shard.
class SessionStore {
 public:
  using Record = socketio::SessionRecord;
  using Kept = socketio::EventLog::Kept;

  SessionStore(redis::Client& redis, std::string prefix, std::string own_id)
      : redis_(redis), prefix_(std::move(prefix)), own_id_(std::move(own_id)) {}

  void save(Record const& record, core::Milliseconds time, bool is_new, UniqueFunction<void(Kept)> done);
  void load(std::string_view pid, UniqueFunction<void(std::optional<Record>)> done);
  void take(Record const& record, UniqueFunction<void(bool)> done);
  void forget(std::string_view pid);

 private:
  struct Keys {
    std::string record;
    std::string owner;
  };
  Keys keys(std::string_view pid) const;

  redis::Client& redis_;
  std::string prefix_;
  std::string own_id_;
};

}}}  // namespace aerie::v1::cluster
