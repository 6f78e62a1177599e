#include "unit/core/task_fixture.hpp"

#include <aerie/core/question.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace aerie::test { namespace {

using Answers = std::vector<std::optional<std::string>>;

class QuestionTest : public TaskFixture {
 public:
  core::Reply<std::string> ask(core::Milliseconds deadline = 10s) {
    return question->ask(deadline, [this](std::optional<std::string> answer) { answers.push_back(answer); });
  }
  std::unique_ptr<core::Question<std::string>> question =
      std::make_unique<core::Question<std::string>>(runtime.shard(0));
  Answers answers;
};

TEST_F(QuestionTest, TakesTheFirstAnswerAndNoOther) {
  auto const reply = ask();
  EXPECT_TRUE(reply.open());
  auto const copy = reply;
  copy("yes");
  EXPECT_FALSE(reply.open());
  reply("no");
  run_ready();
  advance(20s);
  EXPECT_EQ(answers, Answers{"yes"});
}

TEST_F(QuestionTest, IsAnsweredInPlaceInATurnOfItsShard) {
  shard().post([this] {
    auto const reply = ask();
    reply("at once");
    EXPECT_EQ(answers, Answers{"at once"});
  });
  run_ready();
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(QuestionTest, IsAnsweredWithNothingAtTheDeadline) {
  auto const reply = ask(10s);
  advance(9999ms);
  EXPECT_TRUE(answers.empty());
  advance(1ms);
  EXPECT_EQ(answers, Answers{std::nullopt});
  reply("too late");
  run_ready();
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(QuestionTest, WaitsForEverWhereNoDeadlineIsSet) {
  auto const reply = ask(core::Milliseconds::max());
  advance(1000h);
  EXPECT_TRUE(reply.open());
  reply("in the end");
  run_ready();
  EXPECT_EQ(answers, Answers{"in the end"});
}

TEST_F(QuestionTest, AnAnswerOfAnEarlierStepDoesNotCountForALaterOne) {
  auto const first = ask();
  auto const second = ask();
  first("of the first");
  run_ready();
  EXPECT_TRUE(answers.empty());
  EXPECT_TRUE(second.open());
  second("of the second");
  run_ready();
  EXPECT_EQ(answers, Answers{"of the second"});
}

TEST_F(QuestionTest, AnAnswerUnderWayIsDroppedWhenTheQuestionIsWithdrawnOrAskedAnew) {
  ask()("old");
  question->withdraw();
  EXPECT_FALSE(question->pending());
  run_ready();
  EXPECT_TRUE(answers.empty());
  ask()("old");
  auto const reply = ask();
  run_ready();
  EXPECT_TRUE(answers.empty());
  reply("new");
  run_ready();
  EXPECT_EQ(answers, Answers{"new"});
}

TEST_F(QuestionTest, AnAnswerThatWasGivenInTimeIsNotLostToTheDeadline) {
  ask(10s)("in time");
  clock.advance(20s);
  run_ready();
  EXPECT_EQ(answers, Answers{"in time"});
}

TEST_F(QuestionTest, MayBeAnsweredForEverAfterTheEndOfWhoAsked) {
  auto const reply = ask();
  auto const under_way = reply;
  under_way("posted");
  auto const later = ask();
  question.reset();
  later("nobody listens");
  run_ready();
  advance(20s);
  EXPECT_TRUE(answers.empty());
  EXPECT_FALSE(later.open());
}

TEST_F(QuestionTest, TheAnswerMayEndWhoAskedOrAskTheNext) {
  auto first = question->ask(10s, [this](std::optional<std::string>) { question.reset(); });
  first("the end");
  run_ready();
  EXPECT_EQ(question, nullptr);

  question = std::make_unique<core::Question<std::string>>(shard());
  core::Reply<std::string> next;
  auto again = question->ask(10s, [&](std::optional<std::string>) { next = ask(); });
  again("and?");
  run_ready();
  next("that is all");
  run_ready();
  EXPECT_EQ(answers, Answers{"that is all"});
}

TEST(Question, RepliesOutliveTheRuntime) {
  core::Reply<int> reply;
  bool answered = false;
  {
    Runtime runtime;
    core::Question<int> question(runtime.shard(0));
    reply = question.ask(std::chrono::seconds{10}, [&](std::optional<int>) { answered = true; });
  }
  reply(1);
  core::Reply<int>()(2);
  EXPECT_FALSE(answered);
  EXPECT_FALSE(reply.open());
}

TEST(Question, OneOfManyThreadsAnswers) {
  Runtime runtime;
  core::Question<int> question(runtime.shard(0));
  std::vector<int> answers;
  auto const reply = question.ask(std::chrono::hours{1}, [&](std::optional<int> answer) {
    answers.push_back(answer.value_or(-1));
    runtime.stop();
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([reply, t] { reply(t); });
  runtime.run();
  for (auto& thread : threads)
    thread.join();
  runtime.shard(0).run_ready();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_GE(answers.front(), 0);
}

}}  // namespace aerie::test
