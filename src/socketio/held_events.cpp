#include "socketio/held_events.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

bool HeldEvents::add(Entry entry) {
  auto const same = [rule = entry.rule](Entry const& other) { return other.rule == rule; };
  auto const full = static_cast<std::size_t>(std::ranges::count_if(entries_, same)) >= entry.rule->keep;
  if (full) {
    auto const oldest = std::ranges::find_if(entries_, same);
    bytes_ -= oldest->packet->size();
    entries_.erase(oldest);
  }
  bytes_ += entry.packet->size();
  entries_.push_back(std::move(entry));
  charge_.resize(sizeof *this + entries_.capacity() * sizeof(Entry) + bytes_);
  return full;
}

}}}  // namespace aerie::v1::socketio
