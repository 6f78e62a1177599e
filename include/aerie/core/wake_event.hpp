#pragma once

/// \file
/// A descriptor that any thread can make readable: an eventfd, or a pipe where there is none.

#include <aerie/core/api.hpp>

namespace aerie { inline namespace v1 { namespace core {

/// Thread contract: `signal` from any thread and from a signal handler, the rest on the thread that waits.
class AERIE_API WakeEvent {
 public:
  /// Throws std::system_error if there is no descriptor left.
  WakeEvent();
  ~WakeEvent();
  WakeEvent(WakeEvent const&) = delete;
  WakeEvent& operator=(WakeEvent const&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  /// False if the kernel has refused.
  bool signal() noexcept;
  void empty() noexcept;

 private:
  int descriptor_ = -1;
  [[maybe_unused]] int writing_end_ = -1;
};

}}}  // namespace aerie::v1::core
