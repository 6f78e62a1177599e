#pragma once

/// \file
/// Whether a peer is slow: the one rule for all that waits to be taken, by a socket or by the next poll.

#include <algorithm>
#include <cstddef>

namespace aerie { inline namespace v1 { namespace core {

/// What a peer has been offered and has not taken yet. A peer is slow if it leaves what earlier turns have
/// written, not if a handler writes much in one turn: to one that is not behind, or has taken half of the
/// last such burst, a turn may write any amount. So a peer that takes nothing holds at most the limit and 64
/// KiB; only a turn that alone writes more than the limit adds what it has written.
class Backlog {
 public:
  /// Whether `fresh` bytes may be written in this turn.
  bool admits(std::size_t fresh, std::size_t limit) const noexcept {
    return waiting_ + fresh <= limit + granted_ || waiting_ <= std::max(slack(limit), burst_ / 2);
  }

  /// A turn ends which has written `fresh` bytes, and `held` bytes of memory are in use for all that waits.
  /// False if the peer is too slow for that.
  bool end_turn(std::size_t fresh, std::size_t held, std::size_t limit) noexcept {
    if (fresh > 0 && !admits(fresh, limit)) return false;
    // What the peer has taken of a burst is no excuse any more.
    auto const left = held - std::min(held, fresh);
    granted_ -= std::min(granted_, waiting_ - std::min(waiting_, left));
    waiting_ = held;
    if (held <= limit) burst_ = 0;
    if (held <= limit + granted_) return true;
    // Behind a burst there is room for as much as there would be without it.
    if (fresh > limit) burst_ = held;
    granted_ = fresh > limit ? held : slack(limit) / 2 * 3;
    return true;
  }

 private:
  static std::size_t slack(std::size_t limit) noexcept {
    return std::min<std::size_t>(32 * 1024, limit / 32);
  }

  std::size_t waiting_ = 0;  // at the end of the last turn
  std::size_t granted_ = 0;  // what may wait beyond the limit
  std::size_t burst_ = 0;    // what waited when a single turn had last written more than the limit
};

}}}  // namespace aerie::v1::core
