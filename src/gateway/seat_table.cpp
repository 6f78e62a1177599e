#include "gateway/seat_table.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/random.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

std::string random_text() {
  auto const bytes = core::random_bytes<16>();
  return core::hex(std::string_view(bytes.data(), bytes.size()));
}

}  // namespace

SeatTable::SeatTable() : origin_(random_text()) {}

std::optional<Seat> SeatTable::take(std::string_view key) {
  std::scoped_lock const lock(mutex_);
  auto const [seat, is_new] = taken_.try_emplace(std::string(key));
  if (!is_new) return std::nullopt;
  return Seat(*this, seat->first);
}

core::Completion<> SeatTable::wait(std::string_view key) {
  core::Completion<> left;
  auto completer = left.completer();
  std::scoped_lock const lock(mutex_);
  if (auto const seat = taken_.find(key); seat != taken_.end()) {
    seat->second.push_back(std::move(completer));
  } else {
    completer();
  }
  return left;
}

void SeatTable::leave(std::string_view key) noexcept {
  Waiting waiting;
  {
    std::scoped_lock const lock(mutex_);
    auto const seat = taken_.find(key);
    waiting = std::move(seat->second);
    taken_.erase(seat);
  }
  for (auto& each : waiting)
    each();
}

std::string SeatTable::next_owner() {
  return core::concat(origin_, std::to_string(owners_.fetch_add(1, std::memory_order_relaxed)));
}

}}}  // namespace aerie::v1::gateway
