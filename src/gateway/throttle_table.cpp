#include "gateway/throttle_table.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

void ThrottleTable::age(core::TimePoint now) {
  auto const is_full = young_.size() >= std::max<std::size_t>(max_clients_ / 2, 1);
  if (now - aged_at_ < memory_ && !is_full) return;
  // After twice the time without a word there is nobody left to remember.
  auto const is_all_old = now - aged_at_ >= 2 * memory_;
  old_ = is_all_old ? Generation() : std::move(young_);
  young_ = {};
  aged_at_ = now;
}

ThrottleTable::Window& ThrottleTable::find(std::string const& key, core::TimePoint now) {
  if (auto const known = young_.find(key); known != young_.end()) return known->second;
  if (auto node = old_.extract(key)) return young_.insert(std::move(node)).position->second;
  return young_.emplace(key, Window{now}).first->second;
}

std::optional<core::Milliseconds> ThrottleTable::count(std::string const& key, core::TimePoint now) {
  std::scoped_lock const lock(mutex_);
  age(now);
  auto& window = find(key, now);
  auto const was_blocked = window.blocked_until != core::TimePoint{};
  if (was_blocked ? now >= window.blocked_until : now - window.begin >= limit_.window) window = {now};
  auto const is_blocked = window.blocked_until != core::TimePoint{};
  if (!is_blocked && window.count < limit_.limit) {
    ++window.count;
    return std::nullopt;
  }
  if (!is_blocked && limit_.block.count() > 0) window.blocked_until = now + limit_.block;
  auto const end = limit_.block.count() > 0 ? window.blocked_until : window.begin + limit_.window;
  // Shards read their clocks at different times, so `now` may be a little earlier than the beginning.
  auto const left = end - std::max(now, window.begin);
  return std::max(std::chrono::ceil<core::Milliseconds>(left), core::Milliseconds{1});
}

std::size_t ThrottleTable::size() const {
  std::scoped_lock const lock(mutex_);
  return young_.size() + old_.size();
}

}}}  // namespace aerie::v1::gateway
