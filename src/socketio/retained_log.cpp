#include "socketio/retained_log.hpp"

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

void RetainedLog::append(core::TimePoint now, Namespace const& nsp, std::shared_ptr<Retained const> event,
                         std::size_t size) {
  auto& entry = entries_.emplace_back(Entry{std::move(event), &nsp, next_++, now, size});
  places_.insert(&entry);
  bytes_ += size;
  while (bytes_ > ceiling_) {
    ++gone_early_;
    drop_first();
  }
}

void RetainedLog::trim(core::TimePoint time) {
  while (!entries_.empty() && entries_.front().at < time)
    drop_first();
}

void RetainedLog::clear() {
  while (!entries_.empty()) {
    ++gone_early_;
    drop_first();
  }
  places_ = {};
}

void RetainedLog::drop_first() {
  auto const& entry = entries_.front();
  bytes_ -= entry.size;
  last_gone_ = entry.at;
  places_.take(entry.event->offset.value);
  entries_.pop_front();
}

std::optional<RetainedLog::Position> RetainedLog::find(EventOffset offset) const {
  auto const* const entry = places_.find(offset.value);
  return entry == nullptr ? std::nullopt : std::optional(entry->position);
}

}}}  // namespace aerie::v1::socketio
