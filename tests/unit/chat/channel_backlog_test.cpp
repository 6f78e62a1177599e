#include "channels/channel_backlog.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chat::test { namespace {

ChannelMessage saying(std::string content) {
  return {0, "guest", std::move(content), {}};
}

TEST(ChannelBacklog, NumbersTheMessagesOfEachChannel) {
  ChannelBacklog backlog;
  EXPECT_EQ(backlog.add("a", saying("one")).message.id, 1);
  EXPECT_EQ(backlog.add("b", saying("other")).message.id, 1);
  EXPECT_EQ(backlog.add("a", saying("two")).message.id, 2);
  auto const recent = backlog.recent("a");
  ASSERT_EQ(recent.size(), 2U);
  EXPECT_EQ(recent[0].content, "one");
  EXPECT_EQ(recent[1].content, "two");
  EXPECT_TRUE(backlog.recent("c").empty());
}

TEST(ChannelBacklog, TakesAMessageThatIsSaidAgainForTheOneThatItIs) {
  ChannelBacklog backlog;
  auto message = saying("one");
  message.client_id = "a";
  EXPECT_TRUE(backlog.add("a", message).is_new);
  message.from = "guest on another connection";
  auto const again = backlog.add("a", message);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.message.id, 1);
  EXPECT_EQ(again.message.from, "guest");
  EXPECT_TRUE(backlog.add("b", message).is_new) << "in another channel it is another message";
  EXPECT_EQ(backlog.recent("a").size(), 1U);
  ChannelMessage elsewhere{7, "guest", "two", {}, "b"};
  backlog.merge("a", {elsewhere});
  elsewhere.id = 0;
  EXPECT_EQ(backlog.add("a", elsewhere).message.id, 7) << "what was said on another instance";
  EXPECT_TRUE(backlog.add("a", saying("x")).is_new);
  EXPECT_TRUE(backlog.add("a", saying("x")).is_new) << "without an id each is another";
}

TEST(ChannelBacklog, KeepsTheNewestMessages) {
  ChannelBacklog backlog;
  for (std::size_t i = 0; i <= ChannelBacklog::messages_kept; ++i)
    backlog.add("a", saying(std::to_string(i)));
  auto const recent = backlog.recent("a");
  ASSERT_EQ(recent.size(), ChannelBacklog::messages_kept);
  EXPECT_EQ(recent.front().content, "1");
}

TEST(ChannelBacklog, ForgetsTheChannelThatWasSilentForLongest) {
  ChannelBacklog backlog;
  for (std::size_t i = 0; i < ChannelBacklog::channels_kept; ++i)
    backlog.add(std::to_string(i), saying("x"));
  backlog.add("0", saying("again"));
  backlog.add("new", saying("x"));
  EXPECT_EQ(backlog.recent("0").size(), 2U);
  EXPECT_TRUE(backlog.recent("1").empty());
  EXPECT_EQ(backlog.recent("2").size(), 1U);
}

}}  // namespace chat::test
