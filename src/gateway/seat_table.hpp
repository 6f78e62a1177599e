#pragma once

/// \file
/// One at a time for each key, on all shards of a process.

#include <aerie/core/completion.hpp>
#include <aerie/core/keyed_hash.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class SeatTable;

/// The right to handle a key; whoever waits for it is told when it ends.
class Seat {
 public:
  Seat(SeatTable& table, std::string_view key) noexcept : table_(&table), key_(key) {}
  Seat(Seat&& other) noexcept : table_(std::exchange(other.table_, nullptr)), key_(other.key_) {}
  Seat& operator=(Seat&& other) noexcept {
    std::swap(table_, other.table_);
    std::swap(key_, other.key_);
    return *this;
  }
  ~Seat();

 private:
  SeatTable* table_;
  std::string_view key_;  // of the table
};

/// Thread-safe; outlives its seats.
class SeatTable {
 public:
  SeatTable();

  /// Nothing if somebody has it.
  std::optional<Seat> take(std::string_view key);
  /// Completed when whoever has the key has left; at once if nobody has it.
  core::Completion<> wait(std::string_view key);
  /// A text that nobody else has, in any process.
  std::string next_owner();

 private:
  friend class Seat;
  using Waiting = std::vector<core::Completer<void>>;

  void leave(std::string_view key) noexcept;

  std::mutex mutex_;
  std::unordered_map<std::string, Waiting, core::KeyedHash, std::equal_to<>> taken_;
  std::string const origin_;
  std::atomic<std::uint64_t> owners_{0};
};

inline Seat::~Seat() {
  if (table_ != nullptr) table_->leave(key_);
}

}}}  // namespace aerie::v1::gateway
