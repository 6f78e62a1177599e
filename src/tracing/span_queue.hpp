#pragma once

#include <aerie/core/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace aerie { inline namespace v1 { namespace tracing {

/// About what a span holds.
std::size_t memory_of(SpanRecord const& span) noexcept;

/// Spans that wait to be sent, of bounded size. Thread-safe.
class SpanQueue {
 public:
  explicit SpanQueue(std::size_t most_bytes) noexcept : most_(most_bytes) {}

  /// False, and counted, if there is no room. `waiting`: how many there are then.
  bool push(SpanRecord&& span, std::size_t& waiting);
  /// The oldest ones, at most so many. They count as held until `release`.
  std::vector<SpanRecord> take(std::size_t most);
  /// What was taken is gone.
  void release(std::vector<SpanRecord> const& taken) noexcept;

  std::size_t size() const;
  std::uint64_t dropped() const;

 private:
  std::mutex mutable mutex_;
  std::deque<SpanRecord> spans_;
  std::size_t bytes_ = 0;
  std::size_t most_;
  std::uint64_t dropped_ = 0;
};

}}}  // namespace aerie::v1::tracing
