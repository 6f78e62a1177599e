#pragma once

/// \file
/// How often each client has done something lately.

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/socketio/throttle_store.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace aerie { inline namespace v1 { namespace gateway {

/// Remembers clients for one to two windows, or blocks where these are longer, in two generations: what is
/// not heard of for a whole one is dropped with its generation, without a look at each. Thread-safe.
class ThrottleTable {
 public:
  ThrottleTable(ThrottleLimit limit, std::size_t max_clients)
      : limit_(limit), memory_(std::max(limit.window, limit.block)), max_clients_(max_clients) {}

  /// Counts one. Nothing if it is within the limit, else the time until the client's window or block ends.
  std::optional<core::Milliseconds> count(std::string const& key, core::TimePoint now);
  std::size_t size() const;

 private:
  struct Window {
    core::TimePoint begin;
    std::size_t count = 0;
    /// When a block ends; the beginning of time if there is none.
    core::TimePoint blocked_until{};
  };
  using Generation = std::unordered_map<std::string, Window, core::KeyedHash, std::equal_to<>>;

  void age(core::TimePoint now);
  Window& find(std::string const& key, core::TimePoint now);

  ThrottleLimit limit_;
  core::Milliseconds memory_;  // how long a client's last word matters
  std::size_t max_clients_;
  std::mutex mutable mutex_;
  Generation young_;
  Generation old_;
  core::TimePoint aged_at_{};
};

}}}  // namespace aerie::v1::gateway
