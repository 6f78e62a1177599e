#include "unit/core/task_fixture.hpp"

#include <aerie/core/run_blocking.hpp>

#include <latch>
#include <stdexcept>
#include <thread>

namespace aerie::test { namespace {

class RunBlockingTest : public TaskFixture {
 public:
  template <class T>
  void finish(std::shared_ptr<core::Outcome<T>> const& outcome) {
    run_until([&] { return outcome->has_value() || outcome->error() != nullptr; });
  }
};

TEST_F(RunBlockingTest, RunsElsewhereAndResumesOnTheShard) {
  std::thread::id worker;
  std::thread::id resumed;
  auto const body = [&]() -> Task<int> {
    int const result = co_await run_blocking([&worker] {
      worker = std::this_thread::get_id();
      return 11;
    });
    resumed = std::this_thread::get_id();
    co_return result;
  };
  auto const outcome = begin(body());
  finish(outcome);
  EXPECT_EQ(outcome->take(), 11);
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

TEST_F(RunBlockingTest, BringsExceptionsMoveOnlyResultsAndVoidBack) {
  auto const fails = []() -> Task<> { co_await run_blocking([] { throw std::runtime_error("disk full"); }); };
  auto const unique = []() -> Task<std::unique_ptr<int>> {
    co_return co_await run_blocking([] { return std::make_unique<int>(3); });
  };
  auto const failed = begin(fails());
  auto const made = begin(unique());
  finish(failed);
  finish(made);
  EXPECT_EQ(core::describe(failed->error()), "disk full");
  EXPECT_EQ(*made->take(), 3);
}

TEST_F(RunBlockingTest, TakesNamedFunctionsWithState) {
  auto const body = [](std::string name) -> Task<std::string> {
    auto greet = [name = std::move(name)] { return "hello " + name; };
    co_return co_await run_blocking(greet);
  };
  auto const outcome = begin(body("somebody with quite a long name"));
  finish(outcome);
  EXPECT_EQ(outcome->take(), "hello somebody with quite a long name");
}

TEST_F(RunBlockingTest, GivesTheFunctionCopiesOfTheArguments) {
  std::string const long_name = "somebody with quite a long name";
  auto const body = [&](std::string name) -> Task<std::string> {
    auto const both = [](std::string const& given, std::unique_ptr<std::string> moved) {
      return given + " and " + *moved;
    };
    auto greeting = co_await run_blocking(both, name, std::make_unique<std::string>(long_name));
    co_return greeting + ", " + name;
  };
  auto const outcome = begin(body(long_name));
  finish(outcome);
  EXPECT_EQ(outcome->take(), long_name + " and " + long_name + ", " + long_name);
}

TEST_F(RunBlockingTest, TheArgumentsOfATaskThatIsDestroyedAreDestroyedOnce) {
  auto const counted = std::make_shared<int>(1);
  auto const body = [&]() -> Task<int> {
    co_return co_await run_blocking([](std::shared_ptr<int> const& number) { return *number; }, counted);
  };
  auto const outcome = begin(body());
  finish(outcome);
  EXPECT_EQ(outcome->take(), 1);
  EXPECT_EQ(counted.use_count(), 1);
}

TEST_F(RunBlockingTest, CancelledAmidTheWorkTheTaskWaitsForItsEndAndDropsTheResult) {
  std::latch began(1);
  std::latch go_on(1);
  auto const body = [&]() -> Task<int> {
    std::string local = "what the work refers to";
    co_return co_await run_blocking([&] {
      began.count_down();
      go_on.wait();
      return static_cast<int>(local.size());
    });
  };
  auto const outcome = begin(body());
  began.wait();
  context->cancel();
  run_ready();
  EXPECT_EQ(outcome->error(), nullptr);
  go_on.count_down();
  finish(outcome);
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(RunBlockingTest, CancelledBeforeTheWorkBeganItIsDoneNevertheless) {
  std::latch go_on(1);
  std::atomic<int> ran = 0;
  auto const occupy = [&]() -> Task<> { co_await run_blocking([&go_on] { go_on.wait(); }); };
  auto const queued = [&]() -> Task<> { co_await run_blocking([&ran] { ++ran; }); };
  core::TaskContext others(shard());
  int ended = 0;
  for (int i = 0; i < 2; ++i)
    core::start(occupy(), others, [&ended](core::Outcome<void>&&) { ++ended; });
  auto const outcome = begin(queued());
  context->cancel();
  run_ready();
  EXPECT_FALSE(outcome->error()) << "the work may refer to the task";
  go_on.count_down();
  run_until([&] { return ended == 2; });
  finish(outcome);
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
  EXPECT_EQ(ran, 1);
}

TEST_F(RunBlockingTest, DestroyedBeforeTheWorkBeganItIsDoneNevertheless) {
  std::latch go_on(1);
  std::atomic<int> ran = 0;
  auto const occupy = [&]() -> Task<> { co_await run_blocking([&go_on] { go_on.wait(); }); };
  auto const queued = [&]() -> Task<> { co_await run_blocking([&ran] { ++ran; }); };
  core::TaskContext others(shard());
  for (int i = 0; i < 2; ++i)
    core::start(occupy(), others, [](core::Outcome<void>&&) {});
  begin(queued());
  std::thread helper([&] { go_on.count_down(); });
  context.reset();
  EXPECT_EQ(ran, 1);
  helper.join();
}

TEST_F(RunBlockingTest, DestroyedAmidTheWorkWaitsForTheWorker) {
  std::latch began(1);
  std::atomic<bool> finished = false;
  auto const body = [&]() -> Task<> {
    std::string local = "what the work refers to, long enough for the heap";
    co_await run_blocking([&] {
      began.count_down();
      for (int i = 0; i < 100; ++i)
        std::this_thread::yield();
      finished = local.size() > 1;
    });
  };
  begin(body());
  began.wait();
  context.reset();
  EXPECT_TRUE(finished);
}

TEST_F(RunBlockingTest, AwaitedInACancelledContextDoesNotRun) {
  std::atomic<int> ran = 0;
  auto const body = [&]() -> Task<> { co_await run_blocking([&ran] { ++ran; }); };
  context->cancel();
  EXPECT_TRUE(failed_with<Cancelled>(*begin(body())));
  EXPECT_EQ(ran, 0);
}

}}  // namespace aerie::test
