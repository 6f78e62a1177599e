#pragma once

/// \file
/// Reads a stream of Redis from a definite place on, entry by entry, none left out and none twice.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/log_position.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

class Logger;

namespace core {
class Shard;
}

namespace cluster {

/// Asks where the stream ends when it is opened, and reads from there on: what is added after `on_located`
/// was called is not missed, whatever becomes of the connection meanwhile, for as long as the stream keeps
/// it. XREAD waits at Redis, so it has a connection of its own. Belongs to its shard.
class StreamReader {
 public:
  using Position = socketio::LogPosition;

  struct Settings {
    std::string stream;
    /// Entries that are read at once.
    unsigned count;
    /// How long Redis waits for some.
    core::Milliseconds block;
    /// After what has failed, and after an answer that came too soon.
    core::Milliseconds pause;
    /// A command that is done before it is asked where the stream ends; may be empty.
    std::vector<std::string> before = {};
  };
  /// Called in turns of the shard. May close the reader, and may not destroy it.
  struct Events {
    /// It is known where to begin.
    std::function<void()> on_located;
    std::function<void(Position, redis::Reply const& fields)> on_entry;
    /// Entries up to here have been told, for now.
    std::function<void(Position)> on_batch;
    /// The stream is another one than before: what was emptied or lost has begun anew.
    std::function<void()> on_lost;
  };

  StreamReader(core::Shard& shard, redis::ClientOptions options, Settings settings, Events events);
  ~StreamReader();

  void open();
  void close();

  std::string const& stream() const noexcept { return settings_.stream; }
  bool located() const noexcept { return located_; }
  /// The last entry that was read, or where it began.
  Position position() const noexcept { return position_; }

 private:
  void ask_where();
  void locate(redis::Answer const& answer);
  void read();
  void take(redis::Answer const& answer, core::TimePoint asked);
  void take_entries(redis::Reply const& entries);
  void later() noexcept;
  void go_on();

  core::Shard& shard_;
  Settings settings_;
  Events events_;
  bool open_ = false;
  bool located_ = false;
  /// Whether the stream is still the one it was is to be asked.
  bool doubtful_ = true;
  unsigned count_;
  Position position_;
  core::Timer timer_ = core::Timer::calling<&StreamReader::go_on>(this);
  redis::Client redis_;
};

}  // namespace cluster
}}  // namespace aerie::v1
