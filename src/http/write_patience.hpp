#pragma once

#include <aerie/core/clock.hpp>
#include <aerie/http/server_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace aerie { inline namespace v1 { namespace http {

/// How long a peer is waited for that takes what it is sent slowly. Each byte that it takes buys it the time
/// that the slowest allowed rate needs for it, so a steady reader is never cut off, and one that takes a byte
/// now and then is. No I/O and no clock.
class WritePatience {
 public:
  /// Bytes were queued; before them `unsent` were.
  void wrote(std::size_t bytes, std::size_t unsent, ServerOptions const& options,
             core::TimePoint now) noexcept {
    if (unsent == 0) {
      owed_ = 0;
      until_ = now + options.write_stall_timeout;
    } else {
      note(unsent, options, now);
    }
    owed_ += bytes;
  }

  /// `unsent` bytes wait at present.
  void note(std::size_t unsent, ServerOptions const& options, core::TimePoint now) noexcept {
    if (unsent >= owed_) return;
    auto const taken = owed_ - unsent;
    owed_ = unsent;
    // Whoever has taken much at once may have large buffers to fill again, but not for ever.
    auto const most = options.write_stall_timeout * most_timeouts;
    auto const bought =
        options.min_write_rate == 0
            ? options.write_stall_timeout
            : core::Milliseconds{static_cast<core::Milliseconds::rep>(
                  std::min<std::size_t>(taken, most_counted) * 1000 / options.min_write_rate)};
    auto const begin = options.min_write_rate == 0 ? now : until_;
    until_ = std::min(begin + std::min(bought, most), now + most);
  }

  /// When the peer is given up unless it takes something.
  core::TimePoint until() const noexcept { return until_; }

 private:
  static constexpr int most_timeouts = 4;
  static constexpr std::size_t most_counted = std::size_t{1} << 40U;

  std::size_t owed_ = 0;
  core::TimePoint until_{};
};

}}}  // namespace aerie::v1::http
