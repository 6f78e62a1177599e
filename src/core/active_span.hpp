#pragma once

#include <aerie/core/clock.hpp>
#include <aerie/core/trace.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// What the handles of a span share. Belongs to its shard.
class ActiveSpan {
 public:
  /// `parent`: one of this process. REQUIRES: the runtime has a tracer.
  ActiveSpan(Shard& shard, SpanStart const& start, ActiveSpan* parent);

  Shard& shard() const noexcept { return shard_; }
  bool recording() const noexcept { return record_.context.sampled && !ended_; }
  SpanRecord& record() noexcept { return record_; }
  SpanRecord const& record() const noexcept { return record_; }
  void add(TraceAttribute attribute, std::vector<TraceAttribute>& to);
  /// Tells the tracer, once.
  void end() noexcept;

  std::uint32_t refs = 0;
  std::uint32_t holders = 0;  // SpanHold

 private:
  void tell() noexcept;

  Shard& shard_;
  TimePoint begun_;
  SpanRecord record_;
  bool ended_ = false;
  std::optional<SpanHold> above_;
};

}}}  // namespace aerie::v1::core
