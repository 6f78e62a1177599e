#pragma once

/// \file
/// How often each client has done something lately.

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace aerie { inline namespace v1 { namespace gateway {

/// Remembers clients for one to two windows, in two generations: what is not heard of for a whole window is
/// dropped with its generation, without a look at each. Thread-safe.
class ThrottleTable {
 public:
  ThrottleTable(std::size_t limit, core::Milliseconds window, std::size_t max_clients)
      : limit_(limit), window_(window), max_clients_(max_clients) {}

  /// Counts one. Nothing if it is within the limit, else the time until the client's window ends.
  std::optional<core::Milliseconds> count(std::string const& key, core::TimePoint now);
  std::size_t size() const;

 private:
  struct Window {
    core::TimePoint begin;
    std::size_t count = 0;
  };
  using Generation = std::unordered_map<std::string, Window, core::KeyedHash, std::equal_to<>>;

  void age(core::TimePoint now);
  Window& find(std::string const& key, core::TimePoint now);

  std::size_t limit_;
  core::Milliseconds window_;
  std::size_t max_clients_;
  std::mutex mutable mutex_;
  Generation young_;
  Generation old_;
  core::TimePoint aged_at_{};
};

}}}  // namespace aerie::v1::gateway
