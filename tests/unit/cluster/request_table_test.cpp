#include "cluster/request_table.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace request_table_test { namespace {

using namespace std::chrono_literals;
using aerie::cluster::RequestTable;
using aerie::core::TimePoint;
using aerie::socketio::ClusterMessage;
using aerie::socketio::RequestId;

constexpr RequestId request = 7;

class RequestTableTest : public testing::Test {
 protected:
  void ask(std::size_t others, std::string nsp = "/") {
    table_.open("q", ClusterMessage{.nsp = std::move(nsp), .request = request}, TimePoint(5s));
    table_.asked(request, others);
  }
  // How many of our request's servers are given up.
  std::size_t counted(std::size_t others) { return servers(table_.counted("/", others)); }
  static std::size_t servers(std::vector<RequestTable::Gone> const& gone) {
    for (auto const& each : gone)
      EXPECT_EQ(each.request, request);
    return gone.empty() ? 0 : gone.front().servers;
  }

  RequestTable table_;
};

TEST_F(RequestTableTest, FindsWhatIsOpenByItsName) {
  EXPECT_FALSE(table_.find("q"));
  ask(2);
  EXPECT_EQ(table_.find("q"), request);
  EXPECT_FALSE(table_.find("forged"));
  table_.close(request);
  EXPECT_FALSE(table_.find("q"));
  EXPECT_TRUE(table_.empty());
  table_.close(request);
  table_.answered(request);
}

TEST_F(RequestTableTest, GivesNobodyUpWhileAllAreThere) {
  ask(2);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(counted(2), 0U);
  // One more came, and was not asked.
  EXPECT_EQ(counted(3), 0U);
}

TEST_F(RequestTableTest, GivesUpAtOnceWhoHasGoneUnanswered) {
  ask(3);
  EXPECT_EQ(counted(2), 1U);
  EXPECT_EQ(counted(2), 0U);
  EXPECT_EQ(counted(0), 2U);
  EXPECT_TRUE(table_.waiting().empty());
}

TEST_F(RequestTableTest, TheLastOneWhoGoesIsGivenUpAtOnce) {
  ask(2);
  table_.answered(request);
  // Both have gone, one had answered.
  EXPECT_EQ(counted(0), 1U);
}

TEST_F(RequestTableTest, WaitsForOneMoreCountWhereWhoWentMayHaveAnswered) {
  ask(2);
  table_.answered(request);
  EXPECT_EQ(counted(1), 0U);
  EXPECT_EQ(counted(1), 1U);
}

TEST_F(RequestTableTest, AnswersBetweenTwoCountsAreWaitedFor) {
  ask(4);
  table_.answered(request);
  table_.answered(request);
  table_.answered(request);
  EXPECT_EQ(counted(3), 0U);
  table_.answered(request);
  EXPECT_EQ(counted(3), 0U);
  EXPECT_TRUE(table_.waiting().empty());
}

TEST_F(RequestTableTest, WaitsForServersThatAreThereHoweverManyHaveGone) {
  ask(4);
  table_.answered(request);
  // One has gone, and may be the one that has answered: the other three may still answer.
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(counted(3), 0U);
}

TEST_F(RequestTableTest, CountsConcernTheirNamespaceAlone) {
  ask(2, "/chat");
  EXPECT_EQ(counted(0), 0U);
  EXPECT_EQ(table_.waiting(), std::vector<std::string>{"/chat"});
  EXPECT_EQ(servers(table_.counted("/chat", 0)), 2U);
}

TEST_F(RequestTableTest, GivesUpTheRestAtTheDeadline) {
  ask(3);
  table_.answered(request);
  EXPECT_TRUE(table_.expired(TimePoint(4999ms)).empty());
  EXPECT_EQ(servers(table_.expired(TimePoint(5s))), 2U);
  EXPECT_TRUE(table_.expired(TimePoint(6s)).empty());
  EXPECT_EQ(table_.find("q"), request);
}

TEST_F(RequestTableTest, GivesNobodyUpBeforeItIsKnownWhoWasAsked) {
  table_.open("q", ClusterMessage{.nsp = "/", .request = request}, TimePoint(5s));
  EXPECT_EQ(counted(0), 0U);
  EXPECT_TRUE(table_.waiting().empty());
  table_.asked(request, 1);
  EXPECT_EQ(table_.waiting().size(), 1U);
}

TEST_F(RequestTableTest, KnowsOfAnswersThatCameBeforeTheNumberOfServers) {
  table_.open("q", ClusterMessage{.nsp = "/", .request = request}, TimePoint(5s));
  table_.answered(request);
  table_.answered(request);
  EXPECT_EQ(table_.asked(request, 1), 2U);
  EXPECT_TRUE(table_.waiting().empty());
  EXPECT_EQ(table_.asked(request, 3), 3U);
}

TEST_F(RequestTableTest, MoreAnswersThanServersDoNoHarm) {
  ask(1);
  for (int i = 0; i < 3; ++i)
    table_.answered(request);
  EXPECT_EQ(counted(0), 0U);
  EXPECT_TRUE(table_.expired(TimePoint(10s)).empty());
}

}}  // namespace request_table_test
