#pragma once

#include <aerie/core/metrics.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The handlers of one event.
struct EventSeries {
  std::string name;
  core::TimeHistogram times;
};

/// What the sockets of one shard receive and send, and how long handlers take, if that is measured. Belongs
/// to the shard; what is counted may be read on any thread.
class EventMetrics {
 public:
  /// Events beyond so many names have one series together, and so have those that nobody handles: what
  /// clients send makes no new ones.
  static constexpr std::size_t most_names = 100;

  explicit EventMetrics(core::ShardMetrics& shard) : shard_(shard) { series_.front().name = "other"; }

  /// An event that has come: measures what is done about it. A handler that is still under way afterwards is
  /// measured to its end, by whatever knows that it runs.
  template <class F>
  void measure(std::string_view name, F&& handle) {
    received.add();
    Passing passing{&find(name), shard_.ticks.now()};
    auto* const before = std::exchange(passing_, &passing);
    handle();
    passing_ = before;
    if (!passing.goes_on) record(*passing.series, passing.begun);
  }
  /// Whether the event that is being handled has no series of its own yet.
  bool is_unnamed() const noexcept { return passing_ != nullptr && passing_->series == &series_.front(); }
  /// It has handlers, so it gets one.
  void name_event(std::string_view name);

  /// A handler of the event goes on after its call, and is recorded when it has ended.
  struct Begun {
    EventSeries* series = nullptr;
    std::uint64_t at = 0;
  };
  Begun begin() noexcept {
    if (passing_ == nullptr) return {};
    passing_->goes_on = true;
    return {passing_->series, passing_->begun};
  }
  void end(Begun const& begun) noexcept {
    if (begun.series != nullptr) record(*begun.series, begun.at);
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
    EventSeries* series;
    std::uint64_t begun;
    bool goes_on = false;
  };

  static constexpr std::size_t slots = 256;

  static std::size_t slot_of(std::string_view name) noexcept;
  EventSeries& find(std::string_view name) noexcept;
  void record(EventSeries& series, std::uint64_t begun) noexcept {
    series.times.record(shard_.ticks.now() - begun, shard_.bounds);
  }

  core::ShardMetrics& shard_;
  Passing* passing_ = nullptr;
  /// The first is that of all others. Those that readers see never change their name.
  std::vector<EventSeries> series_{most_names + 1};
  std::atomic<std::size_t> named_{1};
  std::array<std::uint8_t, slots> places_{};  // of a name, and of others behind it; 0: none
};

}}}  // namespace aerie::v1::socketio
