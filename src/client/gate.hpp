#pragma once

/// \file
/// What stands between a client's event loop and its listeners: once it is closed, on any thread, none is
/// called.

#include <aerie/core/user_code.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

/// `call` on the event loop, the rest on any thread.
class Gate {
 public:
  /// Calls a user's code by core's own gate, unless this one is closed. Code that is called may make further
  /// calls.
  template <class F>
  void call(Logger const& log, core::UserCode const& code, F&& function) noexcept {
    if (!enter()) return;
    core::call_user(log, code, std::forward<F>(function));
    leave();
  }

  /// From now on nothing begins. True if something is under way.
  bool close() noexcept { return (state_.fetch_or(closed_bit, std::memory_order_acq_rel) & busy_bit) != 0; }
  bool closed() const noexcept { return (state_.load(std::memory_order_acquire) & closed_bit) != 0; }

 private:
  static constexpr std::uint8_t closed_bit = 1;
  static constexpr std::uint8_t busy_bit = 2;

  bool enter() noexcept {
    if (depth_ == 0) {
      // In one step, so that whoever closes knows of a call or prevents it.
      std::uint8_t idle = 0;
      if (!state_.compare_exchange_strong(idle, busy_bit, std::memory_order_acq_rel)) return false;
    } else if (closed()) {
      return false;
    }
    ++depth_;
    return true;
  }
  void leave() noexcept {
    if (--depth_ == 0) state_.fetch_and(static_cast<std::uint8_t>(~busy_bit), std::memory_order_acq_rel);
  }

  std::atomic<std::uint8_t> state_{0};
  unsigned depth_ = 0;
};

}}}  // namespace aerie::v1::client
