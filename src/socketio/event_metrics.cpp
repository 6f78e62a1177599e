#include "socketio/event_metrics.hpp"

#include <cstring>

namespace aerie { inline namespace v1 { namespace socketio {

/// Only names of handlers are stored, so that no client can choose what collides.
std::size_t EventMetrics::slot_of(std::string_view name) noexcept {
  constexpr std::uint64_t factor = 0x9e37'79b9'7f4a'7c15U;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  constexpr auto word = sizeof first;
  if (name.size() >= word) {
    std::memcpy(&first, name.data(), word);
    std::memcpy(&last, name.data() + name.size() - word, word);
  } else {
    for (char const c : name)
      first = first << 8U | static_cast<unsigned char>(c);
  }
  constexpr unsigned shift = 56;  // leaves a number below `slots`
  static_assert(slots == std::size_t{1} << (64U - shift));
  return ((first ^ (last << 1U) ^ name.size()) * factor) >> shift;
}

EventSeries& EventMetrics::find(std::string_view name) noexcept {
  for (auto slot = slot_of(name); places_[slot] != 0; slot = (slot + 1) % slots) {
    auto& series = series_[places_[slot]];
    if (series.name == name) return series;
  }
  return series_.front();
}

void EventMetrics::name_event(std::string_view name) {
  auto const place = named_.load(std::memory_order_relaxed);
  // The others' name is taken.
  if (place == series_.size() || name == series_.front().name) return;
  auto& series = series_[place];
  series.name = name;
  auto slot = slot_of(name);
  while (places_[slot] != 0)
    slot = (slot + 1) % slots;
  places_[slot] = static_cast<std::uint8_t>(place);
  named_.store(place + 1, std::memory_order_release);
  passing_->series = &series;
}

void EventMetrics::add_to(Times& times) const {
  auto const named = named_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < named; ++i)
    series_[i].times.add_to(times[series_[i].name], shard_.ticks);
}

}}}  // namespace aerie::v1::socketio
