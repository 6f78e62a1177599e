#include "socketio/idempotency_table.hpp"

#include <algorithm>

namespace aerie { inline namespace v1 { namespace socketio {

std::size_t IdempotencyTable::size_of(std::string const& key, Entry const& entry) noexcept {
  // What the nodes of both tables take beside the texts.
  constexpr std::size_t nodes = 200;
  return key.size() + entry.text.size() + nodes;
}

IdempotencyTable::Claim IdempotencyTable::claim(std::string_view key, std::string_view owner,
                                                core::TimePoint now, core::Milliseconds lease) {
  auto const known = entries_.find(key);
  if (known != entries_.end() && known->second.place->first > now) {
    auto const& entry = known->second;
    if (entry.answered) return {Found::an_answer, entry.text};
    if (entry.text != owner) return {Found::claim};
  }
  if (known != entries_.end()) remove(known);
  auto const made = entries_.emplace(std::string(key), Entry{false, std::string(owner)}).first;
  made->second.place = claims_.emplace(now + lease, &made->first);
  bytes_ += size_of(made->first, made->second);
  return {};
}

bool IdempotencyTable::keep(std::string_view key, std::string_view owner, std::string answer,
                            core::TimePoint now, core::Milliseconds time) {
  auto const known = entries_.find(key);
  if (known != entries_.end() && known->second.place->first > now) {
    auto const& entry = known->second;
    if (entry.answered || entry.text != owner) return false;
  }
  if (known != entries_.end()) remove(known);
  Entry entry{true, std::move(answer)};
  if (key.size() + entry.text.size() > max_bytes_) return false;
  auto const made = entries_.emplace(std::string(key), std::move(entry)).first;
  made->second.place = answers_.emplace(now + time, &made->first);
  bytes_ += size_of(made->first, made->second);
  while (answers_.size() > max_answers_ || (bytes_ > max_bytes_ && answers_.size() > 1))
    remove_first(answers_);
  return true;
}

void IdempotencyTable::release(std::string_view key, std::string_view owner) {
  auto const known = entries_.find(key);
  if (known == entries_.end() || known->second.answered || known->second.text != owner) return;
  remove(known);
}

void IdempotencyTable::expire(core::TimePoint now) {
  for (auto* const order : {&answers_, &claims_}) {
    while (!order->empty() && order->begin()->first <= now)
      remove_first(*order);
  }
}

std::optional<core::TimePoint> IdempotencyTable::next_expiry() const {
  if (answers_.empty() && claims_.empty()) return std::nullopt;
  if (answers_.empty()) return claims_.begin()->first;
  if (claims_.empty()) return answers_.begin()->first;
  return std::min(answers_.begin()->first, claims_.begin()->first);
}

void IdempotencyTable::remove(Entries::iterator at) {
  bytes_ -= size_of(at->first, at->second);
  order_of(at->second).erase(at->second.place);
  entries_.erase(at);
}

void IdempotencyTable::remove_first(Order& order) {
  remove(entries_.find(*order.begin()->second));
}

}}}  // namespace aerie::v1::socketio
