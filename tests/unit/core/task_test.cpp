#include "unit/core/task_fixture.hpp"

#include <aerie/core/task.hpp>

#include <stdexcept>

namespace aerie::test { namespace {

class TaskTest : public TaskFixture {};

Task<int> ready(int value) {
  co_return value;
}

Task<int> later(int value) {
  co_await sleep_for(5ms);
  co_return value;
}

Task<std::string> joined(std::string by_value, std::string const& by_reference, std::unique_ptr<int> moved) {
  co_await sleep_for(1ms);
  co_return by_value + by_reference + std::to_string(*moved);
}

Task<> fails_before_waiting() {
  throw std::runtime_error("before");
  co_await sleep_for(1ms);
}

Task<> fails_after_waiting() {
  co_await sleep_for(1ms);
  throw std::runtime_error("after");
}

TEST_F(TaskTest, DoesNothingUntilItIsStarted) {
  bool ran = false;
  auto const body = [&ran]() -> Task<> {
    ran = true;
    co_return;
  };
  {
    auto task = body();
    EXPECT_FALSE(ran);
  }
  EXPECT_FALSE(ran);
}

TEST_F(TaskTest, ThatNeedNotWaitEndsBeforeStartReturns) {
  auto const outcome = begin(ready(42));
  ASSERT_TRUE(outcome->has_value());
  EXPECT_EQ(outcome->take(), 42);
  EXPECT_TRUE(context->idle());
}

TEST_F(TaskTest, ThatWaitsEndsInTheTurnInWhichItsTimeHasCome) {
  auto const outcome = begin(later(7));
  EXPECT_FALSE(context->idle());
  advance(4ms);
  EXPECT_FALSE(outcome->has_value());
  advance(1ms);
  ASSERT_TRUE(outcome->has_value());
  EXPECT_EQ(outcome->take(), 7);
  EXPECT_TRUE(context->idle());
}

TEST_F(TaskTest, KeepsItsParametersAcrossWaits) {
  std::string const name = "reference that is long enough to live on the heap";
  auto const outcome =
      begin(joined("a value that is long enough to live on the heap, ", name, std::make_unique<int>(3)));
  advance(1ms);
  EXPECT_EQ(outcome->take(), "a value that is long enough to live on the heap, " + name + "3");
}

TEST_F(TaskTest, HandsOverExceptionsFromBeforeAndAfterAWait) {
  auto const before = begin(fails_before_waiting());
  EXPECT_TRUE(failed_with<std::runtime_error>(*before));
  auto const after = begin(fails_after_waiting());
  EXPECT_EQ(after->error(), nullptr);
  advance(1ms);
  EXPECT_TRUE(failed_with<std::runtime_error>(*after));
}

TEST_F(TaskTest, ThrowsAnExceptionOfAnAwaitedTaskAtTheAwaitPoint) {
  auto const body = []() -> Task<std::string> {
    std::string caught;
    try {
      co_await fails_before_waiting();
    } catch (std::runtime_error const& error) {
      caught = error.what();
    }
    try {
      co_await fails_after_waiting();
    } catch (std::runtime_error const& error) {
      caught += ", ";
      caught += error.what();
    }
    co_return caught;
  };
  auto const outcome = begin(body());
  advance(1ms);
  EXPECT_EQ(outcome->take(), "before, after");
}

TEST_F(TaskTest, ReturnsReferencesMoveOnlyValuesAndBraces) {
  static int target = 0;
  auto const reference = []() -> Task<int&> { co_return target; };
  auto const unique = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
  auto const braces = []() -> Task<std::pair<int, std::string>> { co_return {1, "one"}; };
  auto const nothing = []() -> Task<> { co_return; };
  EXPECT_EQ(&begin(reference())->take(), &target);
  EXPECT_EQ(*begin(unique())->take(), 5);
  EXPECT_EQ(begin(braces())->take(), std::pair(1, std::string("one")));
  EXPECT_TRUE(begin(nothing())->has_value());
}

Task<int> nested(int depth) {
  if (depth == 0) {
    co_await sleep_for(1ms);
    co_return 0;
  }
  int const below = co_await nested(depth - 1);
  co_return below + 1;
}

TEST_F(TaskTest, ResumesItsCallersFromAnyDepth) {
  auto const outcome = begin(nested(500));
  EXPECT_FALSE(outcome->has_value());
  advance(1ms);
  EXPECT_EQ(outcome->take(), 500);
}

// Returns how far the stack has grown below `base`.
Task<std::size_t> stack_depth(char const* base) {
  char here = 0;
  char const* volatile address = &here;
  co_return static_cast<std::size_t>(std::abs(base - address));
}

TEST_F(TaskTest, AwaitsReadyTasksInALoopWithoutGrowingTheStack) {
  char base = 0;
  auto const body = [&base]() -> Task<std::size_t> {
    std::size_t const first = co_await stack_depth(&base);
    std::size_t last = 0;
    for (int i = 0; i < 100'000; ++i)
      last = co_await stack_depth(&base);
    co_return last > first ? last - first : 0;
  };
  EXPECT_EQ(begin(body())->take(), 0U);
}

TEST_F(TaskTest, AwaitsWaitingTasksInALoopWithoutGrowingTheStack) {
  auto const body = []() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 100'000; ++i) {
      co_await sleep_for(0ms);
      int const one = co_await ready(1);
      sum += one;
    }
    co_return sum;
  };
  auto const outcome = begin(body());
  run_ready();
  EXPECT_EQ(outcome->take(), 100'000);
}

TEST_F(TaskTest, DestroyedBeforeItRanReleasesItsParameters) {
  int alive = 0;
  auto const body = [](Counted) -> Task<> { co_return; };
  {
    auto task = body(Counted(alive));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(TaskTest, DestroyedWithItsContextReleasesAllFramesAndTellsNobody) {
  int alive = 0;
  bool told = false;
  auto const inner = [](Counted) -> Task<> { co_await sleep_for(1h); };
  auto const outer = [&](Counted) -> Task<> {
    Counted const local(alive);
    co_await inner(local);
  };
  core::start(outer(Counted(alive)), *context, [&told](core::Outcome<void>&&) { told = true; });
  EXPECT_GE(alive, 3);
  context.reset();
  EXPECT_EQ(alive, 0);
  advance(2h);
  EXPECT_FALSE(told);
}

TEST_F(TaskTest, ReleasesItsParametersWhenItHasEnded) {
  int alive = 0;
  auto const body = [](Counted, core::Milliseconds wait) -> Task<> { co_await sleep_for(wait); };
  begin(body(Counted(alive), 3ms));
  EXPECT_EQ(alive, 1);
  advance(3ms);
  EXPECT_EQ(alive, 0);
}

TEST_F(TaskTest, TellsTheEndFromWithinSoThatTheOrderOfAnswersIsKept) {
  std::vector<int> order;
  auto const answer = [&order](core::Outcome<int>&& outcome) { order.push_back(outcome.take()); };
  core::start(later(2), *context, answer);
  core::start(ready(1), *context, answer);
  core::start(later(3), *context, answer);
  advance(5ms);
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_F(TaskTest, DoneMayDestroyTheContext) {
  core::start(later(1), *context, [this](core::Outcome<int>&&) { context.reset(); });
  advance(5ms);
  EXPECT_EQ(context, nullptr);
}

}}  // namespace aerie::test
