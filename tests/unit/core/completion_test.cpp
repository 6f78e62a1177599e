#include "unit/core/task_fixture.hpp"

#include <aerie/core/completion.hpp>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace aerie::test { namespace {

class CompletionTest : public TaskFixture {
 public:
  using Completion = core::Completion<std::string>;

  std::shared_ptr<core::Outcome<std::string>> await(Completion& completion) {
    auto const body = [](Completion& what) -> Task<std::string> { co_return co_await what; };
    return begin(body(completion));
  }
};

TEST_F(CompletionTest, GivesWhatItsOwnTurnHasGivenAlreadyAtOnce) {
  shard().post([&] {
    Completion completion;
    completion.completer()("early");
    EXPECT_EQ(await(completion)->take(), "early");
  });
  run_ready();
}

TEST_F(CompletionTest, GivesWhatAnotherThreadHasGivenAlreadyBehindWhatThatHadPosted) {
  Completion completion;
  std::vector<std::string> order;
  shard().post([&] {
    std::thread([&, give = completion.completer()]() mutable {
      shard().post([&] { order.emplace_back("posted"); });
      give("given");
    }).join();
    auto const body = [](Completion& what, std::vector<std::string>& into) -> Task<std::string> {
      auto text = co_await what;
      into.push_back(text);
      co_return text;
    };
    begin(body(completion, order));
  });
  run_ready();
  EXPECT_EQ(order, (std::vector<std::string>{"posted", "given"}));
}

TEST_F(CompletionTest, ResumesTheTaskInALaterTurnWhenCompletedInATurn) {
  Completion completion;
  auto give = completion.completer();
  auto const outcome = await(completion);
  shard().post([&] {
    give("now");
    EXPECT_FALSE(outcome->has_value());
  });
  run_ready();
  EXPECT_EQ(outcome->take(), "now");
}

TEST_F(CompletionTest, ResumesOnTheShardWhenCompletedOnAnotherThread) {
  Completion completion;
  auto const outcome = await(completion);
  std::thread other([give = completion.completer()]() mutable { give("from elsewhere"); });
  run_until([&] { return outcome->has_value(); });
  EXPECT_EQ(outcome->take(), "from elsewhere");
  other.join();
}

TEST_F(CompletionTest, RacesBetweenAwaitingAndCompletingLoseNothing) {
  for (int i = 0; i < 500; ++i) {
    Completion completion;
    std::thread other([give = completion.completer()]() mutable { give("value"); });
    auto const outcome = await(completion);
    run_until([&] { return outcome->has_value(); });
    EXPECT_EQ(outcome->take(), "value");
    other.join();
  }
}

TEST_F(CompletionTest, ThrowsWhatItFailedWith) {
  Completion completion;
  auto const outcome = await(completion);
  completion.completer().fail(std::make_exception_ptr(std::runtime_error("no answer")));
  run_ready();
  EXPECT_EQ(core::describe(outcome->error()), "no answer");
}

TEST_F(CompletionTest, ThrowsWhenTheCompleterIsDropped) {
  Completion completion;
  auto const outcome = await(completion);
  { auto const dropped = completion.completer(); }
  run_ready();
  EXPECT_TRUE(failed_with<core::NeverCompleted>(*outcome));
}

TEST_F(CompletionTest, OnlyTheFirstCallCounts) {
  Completion completion;
  auto give = completion.completer();
  give("first");
  give("second");
  give.fail(std::make_exception_ptr(std::runtime_error("third")));
  auto const outcome = await(completion);
  run_ready();
  EXPECT_EQ(outcome->take(), "first");
}

TEST_F(CompletionTest, CancelledTasksDropWhatComesLater) {
  Completion completion;
  auto give = completion.completer();
  auto const outcome = await(completion);
  context->cancel();
  run_ready();
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
  give("too late");
  run_ready();
}

TEST_F(CompletionTest, CompletedAndCancelledInOneTurnTheTaskResumesOnce) {
  Completion completion;
  auto give = completion.completer();
  auto const outcome = await(completion);
  shard().post([&] {
    context->cancel();
    give("too late");
  });
  run_ready();
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(CompletionTest, DestroyedTasksDropWhatComesLater) {
  Completion completion;
  auto give = completion.completer();
  await(completion);
  context.reset();
  give("too late");
  run_ready();
}

TEST_F(CompletionTest, DestroyedBetweenCompletionAndItsTurnTheTaskIsNotResumed) {
  Completion completion;
  auto const outcome = await(completion);
  completion.completer()("posted");
  context.reset();
  run_ready();
  EXPECT_FALSE(outcome->has_value());
}

TEST_F(CompletionTest, NeedsNoValue) {
  core::Completion<> completion;
  auto give = completion.completer();
  auto const body = [](core::Completion<>& what) -> Task<int> {
    co_await what;
    co_return 1;
  };
  auto const outcome = begin(body(completion));
  give();
  run_ready();
  EXPECT_EQ(outcome->take(), 1);
}

}}  // namespace aerie::test
