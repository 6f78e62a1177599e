#pragma once

#include <aerie/core/metrics.hpp>
#include <aerie/socketio/socket_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// Which events have times of their own: the first names that handlers were called for, the same on all
/// shards. What clients send makes none. Thread-safe.
class EventNames {
 public:
  /// Events beyond so many names are measured together, and so are those that nobody handles.
  static constexpr std::uint8_t most = 100;
  /// The place of all others.
  static constexpr std::uint8_t other = 0;

  /// The place of a name, from 1 on; `other` if there is no more room.
  std::uint8_t place_of(std::string_view name);
  /// Of the places from 1 on.
  std::vector<std::string> all() const;

 private:
  std::mutex mutable mutex_;
  std::vector<std::string> names_;
};

/// What the sockets of one shard receive and send, and how long handlers take, if that is measured. Belongs
/// to the shard; what is counted may be read on any thread.
class EventMetrics {
 public:
  EventMetrics(core::ShardMetrics const& shard, EventNames& names)
      : ticks_(shard.ticks), bounds_(shard.bounds), names_(names) {}

  /// Whether `measure_by_counter` may be called.
  bool has_counter() const noexcept { return ticks_.is_counter(); }
  /// An event that has come: measures what is done about it. A handler that is still under way afterwards is
  /// measured to its end, by whatever knows that it runs.
  template <class F>
  void measure(F&& handle) {
    measure(std::forward<F>(handle), [this] { return ticks_.now(); });
  }
  /// The same without asking how the time is told. REQUIRES: `has_counter`.
  template <class F>
  void measure_by_counter(F&& handle) {
    measure(std::forward<F>(handle), &core::TickSource::counter);
  }
  /// The event that is being handled has these handlers.
  void found(std::string_view name, EventHandlers const& handlers) {
    auto const known = handlers.place.load(std::memory_order_relaxed);
    passing_->times = &times_[known != EventHandlers::no_place ? known : find_place(name, handlers)];
  }

  /// A handler of the event goes on after its call, and is recorded when it has ended.
  struct Begun {
    core::TimeHistogram* times = nullptr;
    std::uint64_t at = 0;
  };
  Begun begin() noexcept {
    if (passing_ == &none_) return {};
    passing_->goes_on = true;
    return {passing_->times, passing_->begun};
  }
  void end(Begun const& begun) noexcept {
    if (begun.times != nullptr) begun.times->record(ticks_.now() - begun.at, bounds_);
  }

  core::Tally received;
  /// One for each socket that is sent the event.
  core::Tally sent;
  core::Tally acks_sent;
  core::Tally acks_received;
  core::Tally acks_timed_out;

  using Times = std::map<std::string, core::TimeHistogram::Sum, std::less<>>;
  /// Any thread.
  void add_to(Times& times) const;

 private:
  struct Passing {
    core::TimeHistogram* times = nullptr;
    std::uint64_t begun = 0;
    bool goes_on = false;
  };

  template <class F, class Now>
  void measure(F&& handle, Now now) {
    received.add();
    Passing passing{&times_[EventNames::other], now(), false};
    auto* const before = std::exchange(passing_, &passing);
    handle();
    passing_ = before;
    if (!passing.goes_on) passing.times->record(now() - passing.begun, bounds_);
  }
  std::uint8_t find_place(std::string_view name, EventHandlers const& handlers);

  core::TickSource const ticks_;
  core::TimeBounds const bounds_;
  EventNames& names_;
  Passing none_;  // for handlers that are called for an event which is not being measured any more
  Passing* passing_ = &none_;
  std::array<core::TimeHistogram, EventNames::most + 1> times_;
};

}}}  // namespace aerie::v1::socketio
