#include "tracing/span_queue.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace aerie { inline namespace v1 { namespace tracing {

namespace {

std::size_t memory_of_attributes(std::vector<TraceAttribute> const& attributes) noexcept {
  std::size_t bytes = 0;
  for (auto const& attribute : attributes) {
    bytes += sizeof attribute + attribute.name.size();
    if (auto const* const text = std::get_if<std::string>(&attribute.value)) bytes += text->size();
  }
  return bytes;
}

}  // namespace

std::size_t memory_of(SpanRecord const& span) noexcept {
  auto bytes = sizeof span + span.name.size() + span.context.state.size() + span.error.size() +
               memory_of_attributes(span.attributes);
  for (auto const& event : span.events)
    bytes += sizeof event + event.name.size() + memory_of_attributes(event.attributes);
  return bytes;
}

bool SpanQueue::push(SpanRecord&& span, std::size_t& waiting) {
  auto const bytes = memory_of(span);
  std::scoped_lock const lock(mutex_);
  if (bytes > most_ - std::min(bytes_, most_)) {
    ++dropped_;
    return false;
  }
  spans_.push_back(std::move(span));
  bytes_ += bytes;
  waiting = spans_.size();
  return true;
}

std::vector<SpanRecord> SpanQueue::take(std::size_t most) {
  std::scoped_lock const lock(mutex_);
  auto const count = static_cast<std::ptrdiff_t>(std::min(most, spans_.size()));
  std::vector<SpanRecord> taken(std::move_iterator(spans_.begin()),
                                std::move_iterator(spans_.begin() + count));
  spans_.erase(spans_.begin(), spans_.begin() + count);
  return taken;
}

void SpanQueue::release(std::vector<SpanRecord> const& taken) noexcept {
  std::size_t bytes = 0;
  for (auto const& span : taken)
    bytes += memory_of(span);
  std::scoped_lock const lock(mutex_);
  bytes_ -= bytes;
}

std::size_t SpanQueue::size() const {
  std::scoped_lock const lock(mutex_);
  return spans_.size();
}

std::uint64_t SpanQueue::dropped() const {
  std::scoped_lock const lock(mutex_);
  return dropped_;
}

}}}  // namespace aerie::v1::tracing
