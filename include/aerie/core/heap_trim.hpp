#pragma once

/// \file
/// Memory goes back to the system when many have gone: an allocator keeps what it was given back, for the
/// next storm of connections, which may never come.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <cstddef>

namespace aerie { inline namespace v1 { namespace core {

class Shard;

/// Gives the free memory of the whole process back to the system, by `malloc_trim` where the C library is
/// glibc, and nothing otherwise.
AERIE_API void trim_heap() noexcept;

/// The rule when that is worth its time (some milliseconds for each hundred MiB that are free): `patience`
/// after less is held than half of the most there has been, if that was much. Belongs to the shard.
class AERIE_API HeapTrim {
 public:
  using GiveBack = void (*)() noexcept;

  /// Less than this is never given back, in bytes.
  static constexpr std::size_t much = std::size_t{2} << 20U;
  /// Those who have left together often come again together.
  static constexpr Milliseconds patience{20'000};

  explicit HeapTrim(Shard& shard, GiveBack give_back = &trim_heap) noexcept
      : shard_(shard), give_back_(give_back), timer_(Timer::calling<&HeapTrim::on_timer>(this)) {}

  /// So many bytes are held from now on.
  void holds(std::size_t bytes) noexcept {
    held_ = bytes;
    if (bytes > peak_) peak_ = bytes;
    if (has_fallen() && !timer_.pending()) start();
  }

 private:
  bool has_fallen() const noexcept { return peak_ >= much && held_ < peak_ / 2; }
  void start() noexcept;
  void on_timer() noexcept;

  Shard& shard_;
  GiveBack give_back_;
  std::size_t held_ = 0;
  std::size_t peak_ = 0;  // since memory was given back last
  Timer timer_;
};

}}}  // namespace aerie::v1::core
