#pragma once

#include "socketio/event_offset.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/socketio/recovery.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aerie { inline namespace v1 { namespace socketio {

/// What the shards of a server have in common that recovers sessions: how events are numbered, and where each
/// session is. Any thread, for ever.
///
/// Events come from origins, each of which counts up: what a shard sends to many, what other threads send to
/// many, and what a shard sends to one socket. All shards see what is sent to many in the order of its
/// origin, so a shard that says what it has seen of each origin says it of every single event.
class RecoveryShared {
 public:
  /// `detection` is how long a connection may have been dead before that is noticed.
  RecoveryShared(RecoveryOptions options, core::Milliseconds detection, std::size_t shards);

  RecoveryOptions const& options() const noexcept { return options_; }
  OffsetSpelling const& spelling() const noexcept { return spelling_; }
  /// Until a connection is known to be dead.
  core::Milliseconds detection() const noexcept { return detection_; }
  /// So often an event loop looks whether it has stood still; and by so much it may be late without being
  /// found to have. What is deduced from when it has noticed something allows for both.
  static constexpr core::Milliseconds tick{1'000};
  /// How long an event has to be kept.
  core::Milliseconds retention() const noexcept { return options_.max_disconnection_duration + detection_; }
  std::size_t shards() const noexcept { return shards_; }
  /// The adapter keeps events and sessions: offsets are the positions of its log. Said once, while the server
  /// is made.
  void set_logged() noexcept { is_logged_ = true; }
  bool is_logged() const noexcept { return is_logged_; }

  // --- Origins
  std::uint16_t outside() const noexcept { return static_cast<std::uint16_t>(shards_); }
  std::uint16_t direct_of(std::size_t shard) const noexcept {
    return static_cast<std::uint16_t>(shards_ + 1 + shard);
  }
  /// Of what is sent to many.
  bool is_shared(EventOffset offset) const noexcept { return offset.origin() <= shards_; }
  /// The next one of an origin; by whoever the origin belongs to.
  EventOffset next(std::uint16_t origin) noexcept {
    return {origin, last_[origin].fetch_add(1, std::memory_order_relaxed) + 1};
  }
  bool was_issued(EventOffset offset) const noexcept {
    return offset.origin() < origins() && offset.number() <= last_[offset.origin()].load();
  }
  /// To be held by a thread outside the runtime from when it numbers an event until every shard has it.
  std::mutex& outside_mutex() const noexcept { return outside_mutex_; }

  // --- Where sessions are
  void put(std::string_view pid, std::uint16_t shard);
  void forget(std::string_view pid);
  std::optional<std::uint16_t> find(std::string_view pid) const;

 private:
  std::size_t origins() const noexcept { return 2 * shards_ + 1; }

  RecoveryOptions options_;
  core::Milliseconds detection_;
  std::size_t shards_;
  bool is_logged_ = false;
  OffsetSpelling spelling_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> last_;
  std::mutex mutable outside_mutex_;
  std::mutex mutable mutex_;  // of the next
  std::unordered_map<std::string, std::uint16_t, core::KeyedHash, std::equal_to<>> sessions_;
};

}}}  // namespace aerie::v1::socketio
