#pragma once

#include "load/latencies.hpp"
#include "load/steady_scenario.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace load {

/// A scenario of round trips, each of which is a unit of work: something is sent, and its answer followed by
/// the next. Trips that are under way at once have places, of which each has one at a time, over and over.
class RoundTripScenario : public SteadyScenario {
 protected:
  RoundTripScenario(Options const& options, std::string_view unit, std::size_t places)
      : SteadyScenario(options, unit), begun_at_(places) {}

  /// A trip begins at every place.
  void begin_trips() {
    for (std::size_t place = 0; place < begun_at_.size(); ++place)
      begin_trip(place);
  }
  /// The trip of this place has come to its end, and the next one begins.
  void end_trip(std::size_t place) {
    latencies_.add(Clock::now() - begun_at_[place]);
    ++done_;
    --under_way_;
    if (!is_ending()) begin_trip(place);
  }
  /// A trip will never come to its end.
  void lose_trip() {
    --under_way_;
    ++wrong_;
  }
  /// What has come is no answer to any.
  void wrong_answer() { ++wrong_; }

 private:
  void begin() override { begin_trips(); }
  /// Sends what a trip of this place begins with.
  virtual void start(std::size_t place) = 0;
  void begin_trip(std::size_t place) {
    begun_at_[place] = Clock::now();
    ++under_way_;
    start(place);
  }

  std::uint64_t done() const final { return done_; }
  std::uint64_t under_way() const final { return under_way_ + outstanding(); }
  std::uint64_t failures() const final { return wrong_ + broken(); }
  Latencies& latencies() final { return latencies_; }
  /// How many connections have broken, where that is not told as a lost trip.
  virtual std::uint64_t broken() const { return 0; }
  /// What is still to come besides the trips' ends.
  virtual std::uint64_t outstanding() const { return 0; }

  std::vector<TimePoint> begun_at_;
  Latencies latencies_;
  std::uint64_t done_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace load
