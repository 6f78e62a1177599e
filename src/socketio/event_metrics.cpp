#include "socketio/event_metrics.hpp"

#include <algorithm>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// What all events without a place of their own are called; an event of that name has none.
constexpr std::string_view name_of_others = "other";

}  // namespace

std::uint8_t EventNames::place_of(std::string_view name) {
  if (name == name_of_others) return other;
  std::scoped_lock const lock(mutex_);
  auto const found = std::ranges::find(names_, name);
  if (found == names_.end() && names_.size() == most) return other;
  auto const place = static_cast<std::uint8_t>(found - names_.begin() + 1);
  if (found == names_.end()) names_.emplace_back(name);
  return place;
}

std::vector<std::string> EventNames::all() const {
  std::scoped_lock const lock(mutex_);
  return names_;
}

std::uint8_t EventMetrics::find_place(std::string_view name, EventHandlers const& handlers) {
  auto const place = names_.place_of(name);
  handlers.place.store(place, std::memory_order_relaxed);
  return place;
}

void EventMetrics::add_to(Times& times) const {
  times_[EventNames::other].add_to(times[std::string(name_of_others)], ticks_.per_second());
  std::size_t place = 0;
  for (auto const& name : names_.all())
    times_[++place].add_to(times[name], ticks_.per_second());
}

}}}  // namespace aerie::v1::socketio
