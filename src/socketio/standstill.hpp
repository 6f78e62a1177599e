#pragma once

#include <aerie/core/clock.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

/// Notices by a timer that is late that an event loop has stood still. Connections that have died meanwhile,
/// or shortly before, end only now: for as long as that may take nobody is known to have had what was sent.
class Standstill {
 public:
  /// A timer that is later than `tolerance` tells. `detection`: until a dead connection has ended.
  Standstill(core::Milliseconds tolerance, core::Milliseconds detection) noexcept
      : tolerance_(tolerance), detection_(detection) {}

  /// A timer was started.
  void expect(core::TimePoint due) noexcept { due_ = due; }
  /// It runs, or has not run yet.
  void look(core::TimePoint now) noexcept {
    if (now > due_ + tolerance_) unsure_until_ = now + detection_;
  }
  /// Whether a connection that ends now has lived until shortly before.
  bool is_sure(core::TimePoint now) const noexcept { return now >= unsure_until_; }
  /// Whether one that was made at `since` is still there, as far as can be known.
  bool is_sure_of(core::TimePoint since, core::TimePoint now) const noexcept {
    return is_sure(now) || since + detection_ >= unsure_until_;
  }

 private:
  core::Milliseconds tolerance_;
  core::Milliseconds detection_;
  core::TimePoint due_{};
  core::TimePoint unsure_until_{};
};

}}}  // namespace aerie::v1::socketio
