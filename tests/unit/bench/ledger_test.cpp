#include "load/ledger.hpp"

#include "load/websocket_frames.hpp"

#include <gtest/gtest.h>

#include <string>

namespace load { namespace {

std::string packet(std::string const& number) {
  return "2[\"msg\",\"" + number + "xxxx\"]";
}

struct TwoReceivers : testing::Test {
  void post(std::size_t count, std::size_t sender = 0) {
    for (std::size_t i = 0; i < count; ++i)
      ledger.post({Clock::now(), 2, 64, sender});
  }

  Ledger ledger{2, 2};
};

TEST_F(TwoReceivers, TellsWhoWasTheLastToGetAMessage) {
  post(1);
  EXPECT_FALSE(ledger.receive(0, packet("0000000001")));
  EXPECT_TRUE(ledger.receive(1, packet("0000000001")));
  EXPECT_EQ(ledger.outstanding(), 0U);
  EXPECT_EQ(ledger.wrong(), 0U);
}

TEST_F(TwoReceivers, OwesWhatHasNotArrived) {
  post(2);
  ledger.receive(0, packet("0000000001"));
  EXPECT_EQ(ledger.outstanding(), 3U);
}

TEST_F(TwoReceivers, NoticesAMessageThatIsSkipped) {
  post(2);
  ledger.receive(0, packet("0000000002"));
  ledger.receive(1, packet("0000000001"));
  ledger.receive(1, packet("0000000002"));
  EXPECT_EQ(ledger.outstanding(), 1U);
}

TEST_F(TwoReceivers, NoticesAMessageThatComesTwice) {
  post(1);
  ledger.receive(0, packet("0000000001"));
  EXPECT_FALSE(ledger.receive(0, packet("0000000001")));
  EXPECT_EQ(ledger.wrong(), 1U);
  EXPECT_EQ(ledger.outstanding(), 1U);
}

TEST_F(TwoReceivers, NoticesThatASendersMessagesHaveChangedPlaces) {
  post(2);
  ledger.receive(0, packet("0000000002"));
  ledger.receive(0, packet("0000000001"));
  EXPECT_EQ(ledger.wrong(), 1U);
}

TEST_F(TwoReceivers, PromisesNoOrderOfDifferentSenders) {
  post(1, 0);
  post(1, 1);
  ledger.receive(0, packet("0000000002"));
  ledger.receive(0, packet("0000000001"));
  EXPECT_EQ(ledger.wrong(), 0U);
}

TEST_F(TwoReceivers, RefusesWhatWasNeverSent) {
  post(1);
  for (auto const* const text : {"0000000000", "0000000002", "9999999999", "abcdefghij"}) {
    SCOPED_TRACE(text);
    auto const before = ledger.wrong();
    EXPECT_FALSE(ledger.receive(0, packet(text)));
    EXPECT_EQ(ledger.wrong(), before + 1);
  }
  ledger.receive(0, "2[\"msg\",\"1\"]");
  ledger.receive(0, "2[\"other\",\"0000000001\"]");
  EXPECT_EQ(ledger.wrong(), 6U);
  EXPECT_EQ(ledger.delivered(), 0U);
}

TEST_F(TwoReceivers, CountsLatencyFromTheScheduledTime) {
  ledger.post({Clock::now() - std::chrono::seconds(1), 2, 64});
  ledger.receive(0, packet("0000000001"));
  EXPECT_GE(ledger.latencies().percentile_us(0.5), 1e6);
}

TEST(LedgerInAnotherDialect, PostsAndKnowsPublicationsOfCentrifuge) {
  Ledger ledger(1, 1, centrifuge);
  auto const frame = ledger.post({Clock::now(), 1, 10});
  EXPECT_EQ(frame, text_frame(R"({"id":3,"publish":{"channel":"bench","data":"0000000001"}})"));
  EXPECT_FALSE(ledger.receive(0, packet("0000000001")));
  EXPECT_EQ(ledger.wrong(), 1U);
  EXPECT_TRUE(ledger.receive(0, R"({"push":{"channel":"bench","pub":{"data":"0000000001"}}})"));
}

}}  // namespace load
