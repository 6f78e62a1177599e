#include <aerie/core/timing_wheel.hpp>
#include <aerie/core/user_code.hpp>

#include <bit>

namespace aerie { inline namespace v1 { namespace core {

void Timer::cancel() noexcept {
  if (next == nullptr) return;
  previous->next = next;
  next->previous = previous;
  next = previous = nullptr;
}

void Timer::link_before(TimerLink& other) noexcept {
  previous = other.previous;
  next = &other;
  other.previous->next = this;
  other.previous = this;
}

TimingWheel::TimingWheel(TimePoint start) noexcept : start_(start) {
  for (auto& level : wheel_) {
    for (auto& head : level)
      head.previous = head.next = &head;
  }
}

TimingWheel::~TimingWheel() {
  for (auto& level : wheel_) {
    for (auto& head : level) {
      while (head.next != &head)
        static_cast<Timer*>(head.next)->cancel();
    }
  }
}

std::uint64_t TimingWheel::tick_of(TimePoint time) const noexcept {
  if (time <= start_) return 0;
  return static_cast<std::uint64_t>(std::chrono::floor<Milliseconds>(time - start_).count());
}

void TimingWheel::start(Timer& timer, TimePoint deadline) noexcept {
  timer.cancel();
  // Rounded up, because the wheel's time is rounded down: a timer may be late by less than 1 ms, never early.
  auto const since_start =
      deadline <= start_ ? Milliseconds{0} : std::chrono::ceil<Milliseconds>(deadline - start_);
  timer.tick_ = static_cast<std::uint64_t>(since_start.count());
  insert(timer);
}

void TimingWheel::insert(Timer& timer) noexcept {
  // A deadline that has passed goes to the next tick, so that a timer which restarts itself cannot spin
  // `advance`.
  auto const tick = timer.tick_ > now_ ? timer.tick_ : now_ + 1;
  auto const differing = static_cast<unsigned>(63 - std::countl_zero(tick ^ now_));
  auto const level = differing / bits;
  auto const slot = static_cast<unsigned>(tick >> (level * bits)) & (slots - 1);
  timer.link_before(wheel_[level][slot]);
  occupied_[level] |= std::uint64_t{1} << slot;
}

std::optional<TimingWheel::Expiry> TimingWheel::next_expiry() const noexcept {
  for (unsigned level = 0; level < levels; ++level) {
    if (occupied_[level] == 0) continue;
    // All slots of a level lie ahead of the present one: what was behind has been sorted in or fired.
    auto const slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
    auto const above = (level + 1) * bits;
    auto const base = (now_ >> above) << above;
    return Expiry{base + (std::uint64_t{slot} << (level * bits)), level, slot};
  }
  return std::nullopt;
}

std::optional<TimePoint> TimingWheel::next() const noexcept {
  auto const expiry = next_expiry();
  if (!expiry) return std::nullopt;
  return start_ + Milliseconds{expiry->tick};
}

void TimingWheel::advance_to(TimePoint time, Logger const& log) {
  auto const target = tick_of(time);
  while (true) {
    auto const expiry = next_expiry();
    if (!expiry || expiry->tick > target) break;
    if (expiry->tick > now_) now_ = expiry->tick;
    expire(*expiry, log);
  }
  if (target > now_) now_ = target;
}

void TimingWheel::expire(Expiry const& expiry, Logger const& log) {
  auto& head = wheel_[expiry.level][expiry.slot];
  occupied_[expiry.level] &= ~(std::uint64_t{1} << expiry.slot);
  // Taken out of the slot first: what the callbacks start may land in this very slot again.
  TimerLink due{&due, &due};
  if (head.next != &head) {
    due = head;
    due.next->previous = due.previous->next = &due;
    head.next = head.previous = &head;
  }
  while (due.next != &due) {
    auto& timer = *static_cast<Timer*>(due.next);
    timer.cancel();
    if (timer.tick_ > now_) {
      insert(timer);
    } else {
      call_user(log, {"core", "a timer"}, timer.fire_, timer.owner_);
    }
  }
}

}}}  // namespace aerie::v1::core
