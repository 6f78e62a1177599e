#pragma once

/// \file
/// How long to wait before the next attempt to reconnect, as the official client reckons it. A value.

#include <aerie/core/clock.hpp>

#include <cstdint>

namespace aerie { inline namespace v1 { namespace client {

class Backoff {
 public:
  /// `jitter` is from 0 to 1.
  Backoff(core::Milliseconds first, core::Milliseconds most, double jitter) noexcept
      : first_(first), most_(most), jitter_(jitter) {}

  /// The delay before the next attempt, which it counts: twice that of the last one, some part of it more or
  /// less. `random` is from 0 to below 1.
  core::Milliseconds next(double random) noexcept;
  void reset() noexcept { attempts_ = 0; }
  std::uint32_t attempts() const noexcept { return attempts_; }

 private:
  core::Milliseconds first_;
  core::Milliseconds most_;
  double jitter_;
  std::uint32_t attempts_ = 0;
};

}}}  // namespace aerie::v1::client
