#pragma once

/// \file
/// Reads a stream of Redis from a definite place on, entry by entry, none left out and none twice.

#include "cluster/stream_scripts.hpp"

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
///
/// Of a stream that a StreamWriter writes it notices what it cannot read any more: what was cut off before it
/// came (the floor has passed it), and the end of a stream that was emptied, or that another Redis lacks
/// which has taken over. An entry says of all before it that they are there; so the last one that was read is
/// looked for, with what it said, wherever it may be another Redis that answers. If it is gone, and was not
/// cut off, or the ids of another stream have passed it, the stream gets another epoch, behind all that was
/// read here: so do all that read it notice.
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
    /// A StreamWriter writes it: it has an epoch and a floor.
    bool is_exact = false;
  };
  /// Called in turns of the shard. May close the reader, and may not destroy it.
  struct Events {
    /// It is known where to begin.
    std::function<void()> on_located;
    std::function<void(Position, redis::Reply const& fields)> on_entry;
    /// Entries up to here have been told, for now.
    std::function<void(Position)> on_batch;
    /// Not everything up to here was there to be told, and from here on it is again: the stream is another
    /// one than before, or was cut off.
    std::function<void(Position)> on_lost;
    /// The stream was looked at, for the first time, after whatever has failed, and every minute.
    std::function<void()> on_looked;
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
  void look();
  void looked(redis::Answer const& answer);
  void renew(StreamEpoch const& epoch);
  void lose(Position at);
  bool is_whole(redis::Answer const& kept) const;
  void read();
  void read_exactly();
  void ask_for_entries(redis::Client::OnAnswer done);
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
  StreamEpoch epoch_;
  /// What the entry at `position_` says, if it was read.
  std::optional<std::size_t> content_;
  core::TimePoint looked_at_{};
  core::Timer timer_ = core::Timer::calling<&StreamReader::go_on>(this);
  redis::Client redis_;
};

}  // namespace cluster
}}  // namespace aerie::v1
