#include "unit/core/task_fixture.hpp"

#include <aerie/core/task_context.hpp>

namespace aerie::test { namespace {

class TaskContextTest : public TaskFixture {};

Task<> forever() {
  while (true)
    co_await sleep_for(1s);
}

TEST_F(TaskContextTest, CancelWakesEveryWaitingTaskInALaterTurn) {
  std::vector<std::shared_ptr<core::Outcome<void>>> outcomes;
  for (int i = 0; i < 3; ++i)
    outcomes.push_back(begin(forever()));
  context->cancel();
  for (auto const& outcome : outcomes)
    EXPECT_EQ(outcome->error(), nullptr);
  run_ready();
  for (auto const& outcome : outcomes)
    EXPECT_TRUE(failed_with<Cancelled>(*outcome));
  EXPECT_TRUE(context->idle());
}

TEST_F(TaskContextTest, CancelUnwindsNestedTasks) {
  int alive = 0;
  auto const inner = [&alive]() -> Task<> {
    Counted const resource(alive);
    co_await forever();
  };
  auto const outer = [&]() -> Task<> {
    Counted const resource(alive);
    co_await inner();
  };
  auto const outcome = begin(outer());
  EXPECT_EQ(alive, 2);
  context->cancel();
  run_ready();
  EXPECT_EQ(alive, 0);
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(TaskContextTest, ATaskThatSwallowsCancelledIsCancelledAgainAtItsNextAwait) {
  int swallowed = 0;
  auto const stubborn = [&swallowed]() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      try {
        co_await sleep_for(1h);
      } catch (Cancelled const&) {
        ++swallowed;
      }
    }
  };
  auto const outcome = begin(stubborn());
  context->cancel();
  run_ready();
  EXPECT_EQ(swallowed, 3);
  EXPECT_TRUE(outcome->has_value());
}

TEST_F(TaskContextTest, ATaskMayCancelItsOwnContextAndGoOnToItsNextAwait) {
  bool reached = false;
  auto const body = [&]() -> Task<int> {
    context->cancel();
    reached = true;
    co_await sleep_for(1ms);
    co_return 1;
  };
  auto const outcome = begin(body());
  EXPECT_TRUE(reached);
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(TaskContextTest, ATaskStartedAfterwardsRunsToItsFirstAwait) {
  context->cancel();
  auto const at_once = []() -> Task<int> { co_return 1; };
  EXPECT_EQ(begin(at_once())->take(), 1);
  EXPECT_TRUE(failed_with<Cancelled>(*begin(forever())));
}

TEST_F(TaskContextTest, ATaskThatWasAboutToResumeIsLeftAlone) {
  auto const body = []() -> Task<int> {
    co_await sleep_for(0ms);
    co_return 9;
  };
  auto const outcome = begin(body());
  context->cancel();
  run_ready();
  EXPECT_EQ(outcome->take(), 9);
}

TEST_F(TaskContextTest, CancelledWhileItsTimerIsDueResumesOnce) {
  int resumed = 0;
  auto const body = [&resumed]() -> Task<> {
    try {
      co_await sleep_for(1ms);
    } catch (Cancelled const&) {
    }
    ++resumed;
  };
  begin(body());
  clock.advance(1ms);
  context->cancel();
  run_ready();
  EXPECT_EQ(resumed, 1);
}

TEST_F(TaskContextTest, DestroyedBetweenCancelAndTheTurnResumesNobody) {
  int alive = 0;
  auto const body = [&alive]() -> Task<> {
    Counted const resource(alive);
    co_await forever();
  };
  begin(body());
  context->cancel();
  context.reset();
  EXPECT_EQ(alive, 0);
  run_ready();
}

TEST_F(TaskContextTest, ContextsAreCancelledIndependently) {
  core::TaskContext other(shard());
  bool ended = false;
  core::start(forever(), other, [&ended](core::Outcome<void>&&) { ended = true; });
  context->cancel();
  run_ready();
  EXPECT_FALSE(ended);
  other.cancel();
  run_ready();
  EXPECT_TRUE(ended);
}

TEST(TaskContext, TasksOfAShardEndWithIt) {
  int alive = 0;
  core::ManualClock clock;
  RuntimeOptions options;
  options.clock = &clock;
  auto const body = [](Counted) -> Task<> { co_await forever(); };
  {
    Runtime runtime(options);
    core::start(body(Counted(alive)), runtime.shard(0).tasks(), [](core::Outcome<void>&&) {});
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

}}  // namespace aerie::test
