#pragma once

/// \file
/// What a process still takes on, by what its connections hold: two marks below its limit of memory.

#include <aerie/core/api.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Logger;

/// What a process does about its memory, see `RuntimeOptions::memory_limit`.
enum class MemoryState : std::uint8_t {
  /// There is enough.
  normal,
  /// From 90 % of the limit until it is less than 85 %: new connections and requests are answered 503 with
  /// Retry-After. Whoever is connected is served as before.
  refuse,
  /// From 95 % until it is less than 90 %: those who do not take what they are sent are closed as well, the
  /// fullest first.
  shed
};

/// "normal", "refuse" or "shed".
AERIE_API std::string_view to_string(MemoryState state) noexcept;

namespace core {

class Shard;

/// The rule: which state follows from how much is held. Each mark is left at less than it is reached at, so
/// that a state holds for a while. Plain numbers.
class AERIE_API MemoryMarks {
 public:
  explicit MemoryMarks(std::size_t limit) noexcept
      : normal_below_(part(limit, 85)), refuse_from_(part(limit, 90)), shed_from_(part(limit, 95)) {}

  MemoryState next(MemoryState state, std::size_t used) const noexcept;
  /// What is to be reached by shedding: less than this.
  std::size_t shed_until() const noexcept { return refuse_from_; }

 private:
  static constexpr std::size_t part(std::size_t limit, std::size_t percent) noexcept {
    return limit / 100 * percent + limit % 100 * percent / 100;
  }

  std::size_t normal_below_;
  std::size_t refuse_from_;
  std::size_t shed_from_;
};

/// The memory of all shards of a runtime: the one place where it is decided what is still taken on. Floors
/// that let somebody in ask it.
///
/// Thread contract: `state` and what is beside it from any thread; `after_turn` on the shard's.
class AERIE_API ProcessMemory {
 public:
  static constexpr std::size_t least_limit = std::size_t{16} << 20U;

  /// In bytes; 0 is no limit. Throws std::invalid_argument for less than `least_limit`.
  ProcessMemory(std::size_t limit, Logger const& log);

  /// A shard whose connections count. Before anything runs; it stays as long as this.
  void add(Shard& shard);

  std::size_t limit() const noexcept { return limit_; }
  MemoryState state() const noexcept { return state_.load(std::memory_order_relaxed); }
  /// Whether new connections and requests are to be answered that there is no room (503).
  bool refuses() const noexcept { return state() != MemoryState::normal; }
  /// How many peers have been given up so far to free memory.
  std::uint64_t shed_count() const noexcept { return shed_count_.load(std::memory_order_relaxed); }

  /// A turn of the shard has ended: looks at what it has changed, and sheds if that must be.
  void after_turn(Shard& shard);

 private:
  std::size_t used() const noexcept;
  /// By what is held now.
  void update();
  void shed(Shard& shard);
  Shard& fullest() const noexcept;

  std::size_t limit_;
  MemoryMarks marks_;
  Logger const& log_;
  std::atomic<MemoryState> state_{MemoryState::normal};
  std::atomic<std::uint64_t> shed_count_{0};
  std::vector<Shard*> shards_;
  std::vector<std::size_t> seen_;  // what each shard held when it was last looked at; its own thread's
};

}  // namespace core
}}  // namespace aerie::v1
