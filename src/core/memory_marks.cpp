#include <aerie/core/log.hpp>
#include <aerie/core/memory_marks.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 {

std::string_view to_string(MemoryState state) noexcept {
  switch (state) {
    case MemoryState::normal:
      return "normal";
    case MemoryState::refuse:
      return "refuse";
    case MemoryState::shed:
      return "shed";
  }
  return "";
}

namespace core {

namespace {

std::string_view consequence_of(MemoryState state) noexcept {
  switch (state) {
    case MemoryState::normal:
      return "everybody is let in again";
    case MemoryState::refuse:
      return "new connections and requests are answered 503";
    case MemoryState::shed:
      return "new connections and requests are answered 503, and those who do not take what they are sent "
             "are closed, the fullest first";
  }
  return "";
}

std::size_t held_by(Shard const& shard) noexcept {
  return shard.account().used() + shard.mailbox().waiting_bytes();
}

}  // namespace

MemoryState MemoryMarks::next(MemoryState state, std::size_t used) const noexcept {
  if (used >= shed_from_) return MemoryState::shed;
  if (used >= refuse_from_) return std::max(state, MemoryState::refuse);
  return used < normal_below_ ? MemoryState::normal : std::min(state, MemoryState::refuse);
}

ProcessMemory::ProcessMemory(std::size_t limit, Logger const& log) : limit_(limit), marks_(limit), log_(log) {
  if (limit == 0 || limit >= least_limit) return;
  throw std::invalid_argument(concat("aerie: RuntimeOptions::memory_limit is ", std::to_string(limit),
                                     " bytes, of which a few slow ",
                                     "clients would leave nothing for others; use ",
                                     std::to_string(least_limit), " or more, or 0 for no limit"));
}

void ProcessMemory::add(Shard& shard) {
  shards_.push_back(&shard);
  seen_.push_back(0);
}

std::size_t ProcessMemory::used() const noexcept {
  std::size_t sum = 0;
  for (auto const* const shard : shards_)
    sum += held_by(*shard);
  return sum;
}

void ProcessMemory::after_turn(Shard& shard) {
  auto& seen = seen_[shard.index()];
  auto const held = held_by(shard);
  if (held == seen && state() != MemoryState::shed) return;
  update();
  while (state() == MemoryState::shed) {
    auto& next = fullest();
    if (next.holders().account().used() == 0) break;  // All of it is held for those who are not slow.
    if (&next != &shard) {
      next.wake();
      break;
    }
    this->shed(shard);
    update();
  }
  seen = held_by(shard);
}

void ProcessMemory::update() {
  auto const used = this->used();
  auto before = state();
  auto next = before;
  do {
    next = marks_.next(before, used);
    if (next == before) return;
  } while (!state_.compare_exchange_weak(before, next, std::memory_order_relaxed));
  log_.write_limited(next == MemoryState::normal ? LogLevel::info : LogLevel::warning, "core", "memory_limit",
                     concat("connections hold ", std::to_string(used), " of the ", std::to_string(limit_),
                            " bytes that RuntimeOptions::memory_limit allows: ", consequence_of(next)));
}

/// Where most can be freed.
Shard& ProcessMemory::fullest() const noexcept {
  return **std::ranges::max_element(shards_, {},
                                    [](Shard const* shard) { return shard->holders().account().used(); });
}

void ProcessMemory::shed(Shard& shard) {
  auto const used = this->used();
  auto const until = marks_.shed_until();
  auto const shed = shard.holders().shed(used < until ? 1 : used - until + 1);
  shed_count_.fetch_add(shed.count, std::memory_order_relaxed);
  log_.write_limited(LogLevel::warning, "core", "memory_limit: shed",
                     concat(std::to_string(shed.count), " clients that have not taken what they were sent, ",
                            std::to_string(shed.bytes), " bytes, are closed"));
}

}  // namespace core
}}  // namespace aerie::v1
