#pragma once

#include <aerie/core/clock.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace redis {

/// The pauses between attempts: each is drawn between half and all of a time that doubles, so that many
/// clients of one server which has gone do not all come back at the same moment.
class Backoff {
 public:
  Backoff(core::Milliseconds first, core::Milliseconds longest) noexcept : first_(first), longest_(longest) {}

  /// `drawn` is from [0, 1).
  core::Milliseconds next(double drawn) noexcept {
    auto const whole = next_ == core::Milliseconds{0} ? first_ : next_;
    next_ = std::min(whole * 2, longest_);
    auto const half = whole / 2;
    return half + core::Milliseconds(static_cast<core::Milliseconds::rep>(
                      static_cast<double>((whole - half).count()) * drawn));
  }
  /// How long others may still pause that have lost their connections at the same time as this one.
  core::Milliseconds of_others() const noexcept { return next_; }
  void reset() noexcept { next_ = core::Milliseconds{0}; }

 private:
  core::Milliseconds first_;
  core::Milliseconds longest_;
  core::Milliseconds next_{0};
};

}}}  // namespace aerie::v1::redis
