#include "unit/core/task_fixture.hpp"

#include <aerie/core/when_all.hpp>

#include <stdexcept>

namespace aerie::test { namespace {

class WhenAllTest : public TaskFixture {};

Task<std::string> after(core::Milliseconds wait, std::string value) {
  if (wait > 0ms) co_await sleep_for(wait);
  co_return value;
}

Task<> fail_after(core::Milliseconds wait, std::string why) {
  if (wait > 0ms) co_await sleep_for(wait);
  throw std::runtime_error(why);
}

Task<std::vector<std::string>> three(core::Milliseconds a, core::Milliseconds b, core::Milliseconds c) {
  std::vector<Task<std::string>> tasks;
  tasks.push_back(after(a, "a"));
  tasks.push_back(after(b, "b"));
  tasks.push_back(after(c, "c"));
  co_return co_await when_all(std::move(tasks));
}

TEST_F(WhenAllTest, GivesTheValuesInTheOrderOfTheTasks) {
  struct Case {
    core::Milliseconds waits[3];
  };
  for (auto const& [waits] : {Case{{0ms, 0ms, 0ms}}, Case{{3ms, 2ms, 1ms}}, Case{{0ms, 9ms, 0ms}}}) {
    auto const outcome = begin(three(waits[0], waits[1], waits[2]));
    advance(10ms);
    EXPECT_EQ(outcome->take(), (std::vector<std::string>{"a", "b", "c"}));
  }
}

TEST_F(WhenAllTest, RunsTheTasksAtTheSameTime) {
  auto const outcome = begin(three(5ms, 5ms, 5ms));
  advance(5ms);
  EXPECT_TRUE(outcome->has_value());
}

TEST_F(WhenAllTest, OfNothingIsReady) {
  auto const body = []() -> Task<> { co_await when_all(std::vector<Task<>>()); };
  EXPECT_TRUE(begin(body())->has_value());
}

TEST_F(WhenAllTest, WaitsForAllAndThrowsTheFirstExceptionInTheirOrder) {
  auto const body = []() -> Task<> {
    std::vector<Task<>> tasks;
    tasks.push_back(fail_after(2ms, "first"));
    tasks.push_back(fail_after(0ms, "second"));
    tasks.push_back(fail_after(3ms, "third"));
    co_await when_all(std::move(tasks));
  };
  auto const outcome = begin(body());
  advance(2ms);
  EXPECT_EQ(outcome->error(), nullptr);
  advance(1ms);
  EXPECT_EQ(core::describe(outcome->error()), "first");
}

TEST_F(WhenAllTest, CancelsTheTasksWithTheirCaller) {
  auto const outcome = begin(three(1h, 0ms, 2h));
  context->cancel();
  run_ready();
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(WhenAllTest, DestroysTheTasksWithTheirCaller) {
  int alive = 0;
  auto const one = [](Counted) -> Task<> { co_await sleep_for(1h); };
  auto const body = [&]() -> Task<> {
    std::vector<Task<>> tasks;
    tasks.push_back(one(Counted(alive)));
    tasks.push_back(one(Counted(alive)));
    co_await when_all(std::move(tasks));
  };
  begin(body());
  EXPECT_EQ(alive, 2);
  context.reset();
  EXPECT_EQ(alive, 0);
}

}}  // namespace aerie::test
