#pragma once

#include <aerie/core/runtime.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/task.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie::test {

using namespace std::chrono_literals;
namespace core = aerie::core;

/// A runtime on a clock that the test turns.
class TaskFixture : public ::testing::Test {
 public:
  static RuntimeOptions options(core::Clock const& clock, std::vector<std::string>& log) {
    RuntimeOptions result;
    result.clock = &clock;
    result.log_sink = [&log](LogRecord const& record) { log.emplace_back(record.message); };
    return result;
  }

  core::Shard& shard() { return runtime.shard(0); }
  void run_ready() { shard().run_ready(); }
  void advance(core::Milliseconds by) {
    clock.advance(by);
    run_ready();
  }
  /// Turns the shard for real until `done` holds: for what other threads do.
  template <class Condition>
  void run_until(Condition done) {
    while (!done())
      shard().turn(10s);
  }

  /// Starts a task; the result is filled when it ends.
  template <class T>
  std::shared_ptr<core::Outcome<T>> begin(Task<T> task) {
    auto result = std::make_shared<core::Outcome<T>>();
    core::start(std::move(task), *context,
                [result](core::Outcome<T>&& outcome) { *result = std::move(outcome); });
    return result;
  }

  core::ManualClock clock;
  std::vector<std::string> log;
  Runtime runtime{options(clock, log)};
  std::unique_ptr<core::TaskContext> context = std::make_unique<core::TaskContext>(runtime.shard(0));
};

/// True if the outcome is an exception of type E.
template <class E, class T>
bool failed_with(core::Outcome<T> const& outcome) {
  if (!outcome.error()) return false;
  try {
    std::rethrow_exception(outcome.error());
  } catch (E const&) {
    return true;
  } catch (...) {
    return false;
  }
}

/// Counts itself, to find out what was destroyed and when.
class Counted {
 public:
  explicit Counted(int& alive) noexcept : alive_(&alive) { ++*alive_; }
  Counted(Counted const& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted& operator=(Counted const&) = delete;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

}  // namespace aerie::test
