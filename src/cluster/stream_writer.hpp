#pragma once

/// \file
/// Adds entries to a stream, each exactly once and in order, whatever becomes of the connection meanwhile.

#include <aerie/core/account.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/log_position.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace core {
class Shard;
}

namespace cluster {

/// Entries are numbered, and a script adds one only if its number is the next of this writer's: what was sent
/// and not answered is sent again, and is not added twice; what follows something that Redis has refused
/// waits for it. Redis knows a writer before its first entry is sent, and keeps the number of its last one.
/// Where it lacks what it had confirmed (FLUSHALL, a replica that has taken over), the stream gets another
/// epoch, so that everybody notices who reads it, and the writer goes on with what is not confirmed yet.
/// Belongs to its shard.
///
/// The script also cuts the stream by age, and remembers from where on it is whole. Redis is given its text
/// once, and its digest with each entry.
class StreamWriter {
 public:
  struct Settings {
    std::string stream;
    /// Of this server; no other writer has it.
    std::string name;
    /// Entries are kept for so long ...
    core::Milliseconds keep;
    /// ... unless there are more of them than this.
    std::size_t ceiling;
    /// Bytes that may wait.
    std::size_t limit;
    core::Milliseconds pause;
    /// So many replicas must have an entry before it is in the stream for certain.
    unsigned replicas = 0;
  };
  using Done = UniqueFunction<void(bool)>;

  /// `read` says how far this server has read the stream; `on_cut` is called when the ceiling has cut off
  /// what was to be kept longer.
  StreamWriter(core::Shard& shard, redis::Client& redis, Settings settings,
               std::function<socketio::LogPosition()> read, std::function<void()> on_cut);

  /// `done` is called once: with true when the entry is in the stream for certain, and at the replicas that
  /// are asked for, with false if there is no room for it, or the writer is cleared first.
  void add(std::vector<std::string> fields, Done done);
  /// Another Redis may answer from now on: asks whether it has what was confirmed, and says that this writer
  /// is still there.
  void check();
  /// What waits will not be added by this writer.
  void clear();
  std::size_t waiting() const noexcept { return items_.size(); }

 private:
  struct Item {
    std::uint64_t number;
    std::vector<std::string> fields;
    Done done;
    std::size_t bytes;
  };

  void send_next();
  void send(Item const& item);
  void load();
  void run(std::string_view command, std::string_view script, std::vector<std::string_view> const& words,
           redis::Client::OnAnswer done);
  void checked(redis::Answer const& answer, std::uint64_t first);
  /// The number of the first entry that is not confirmed.
  std::uint64_t first() const noexcept { return items_.empty() ? last_number_ + 1 : items_.front().number; }
  void answered(std::uint64_t number, redis::Answer const& answer);
  void added_until(std::uint64_t number);
  void wait_for_replicas();
  void replicated(std::uint64_t number, redis::Answer const& answer);
  void confirm_until(std::uint64_t number);
  void try_again_later();
  void send_again();

  core::Shard& shard_;
  redis::Client& redis_;
  Settings settings_;
  std::function<socketio::LogPosition()> read_;
  std::function<void()> on_cut_;
  std::deque<Item> items_;
  std::size_t bytes_ = 0;
  core::Charge charge_;
  std::uint64_t last_number_ = 0;
  /// Of those in `items_`, from the front.
  std::size_t sent_ = 0;
  std::size_t under_way_ = 0;
  /// Something was not added: what is under way is waited for, then all is sent again.
  bool stalled_ = false;
  /// The epoch of the last entry that is in the stream for certain; empty until Redis knows this writer.
  std::string confirmed_;
  bool is_checking_ = false;
  /// What Redis calls the script that adds; empty until it has said so, or where it does not.
  std::string digest_;
  /// It knows it by that.
  bool is_loaded_ = false;
  /// Redis has said that it has all up to this number; replicas may not.
  std::uint64_t added_ = 0;
  bool waits_for_replicas_ = false;
  bool lacks_replicas_ = false;
  std::uint64_t generation_ = 0;
  /// Answers to what was sent before `clear` are of no interest.
  std::uint64_t round_ = 0;
  core::Timer timer_ = core::Timer::calling<&StreamWriter::send_again>(this);
};

}  // namespace cluster
}}  // namespace aerie::v1
