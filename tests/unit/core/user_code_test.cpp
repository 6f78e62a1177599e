#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace aerie::test { namespace {

class UserCodeTest : public ::testing::Test {
 public:
  std::vector<std::string> said;
  Logger log{LogLevel::info, [this](LogRecord const& record) {
               said.push_back(std::string(record.component) + ": " + std::string(record.message));
             }};
};

TEST_F(UserCodeTest, ReportsWhoHasThrownWhatOnce) {
  EXPECT_FALSE(
      core::call_user(log, {"socket.io", "a handler", "say"}, [] { throw std::runtime_error("no"); }));
  EXPECT_FALSE(core::call_user(log, {"http", "the error answer"}, [] { throw 5; }));
  EXPECT_EQ(said, (std::vector<std::string>{
                      "socket.io: a handler of say has thrown: no",
                      "http: the error answer has thrown: an exception that is no std::exception"}));
}

TEST_F(UserCodeTest, SaysNothingOfWhatReturns) {
  int got = 0;
  EXPECT_TRUE(core::call_user(
      log, {"core", "a call"}, [&](int value) { got = value; }, 7));
  EXPECT_EQ(got, 7);
  EXPECT_TRUE(said.empty());
}

TEST_F(UserCodeTest, TakesTheSafeAnswerOfAPredicateThatThrows) {
  EXPECT_TRUE(core::ask_user(log, {"core", "a predicate"}, false, [] { return true; }));
  EXPECT_FALSE(core::ask_user(log, {"core", "a predicate"}, false, []() -> bool { throw 1; }));
  EXPECT_EQ(said.size(), 1U);
}

TEST_F(UserCodeTest, GivesTheErrorToThoseWhoAnswerWithIt) {
  EXPECT_EQ(core::try_user([] { return 3; }).take(), 3);
  auto nothing = core::try_user([] {});
  EXPECT_TRUE(nothing.has_value());
  auto failed = core::try_user([]() -> int { throw std::runtime_error("no"); });
  EXPECT_THROW(failed.take(), std::runtime_error);
  EXPECT_TRUE(said.empty());
}

TEST_F(UserCodeTest, DoesNotReportACancellation) {
  EXPECT_FALSE(core::call_user(log, {"core", "a task"}, [] { throw Cancelled(); }));
  EXPECT_TRUE(said.empty());
}

}}  // namespace aerie::test
