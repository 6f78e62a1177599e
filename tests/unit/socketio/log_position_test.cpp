#include <aerie/socketio/log_position.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace log_position_test { namespace {

using aerie::socketio::LogPosition;

TEST(LogPosition, IsReadAndWrittenAsRedisSpellsIt) {
  for (auto const* const text :
       {"0-0", "0-1", "1700000000000-3", "18446744073709551615-18446744073709551615"}) {
    auto const position = LogPosition::parse(text);
    ASSERT_TRUE(position) << text;
    EXPECT_EQ(position->text(), text);
  }
}

TEST(LogPosition, IsNothingElse) {
  for (auto const* const text : {"", "-", "1", "1-", "-1", "1-2-3", "a-1", "1-b", "01-1", "1-01", "+1-1",
                                 "1 -1", "1-1 ", "18446744073709551616-0", "$", "0x1-1", "Q7zQXP3"}) {
    EXPECT_FALSE(LogPosition::parse(text)) << text;
  }
}

TEST(LogPosition, IsLaterIfItsTimeOrItsNumberIs) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_LT((LogPosition{1, most}), (LogPosition{2, 0}));
  EXPECT_LT((LogPosition{2, 0}), (LogPosition{2, 1}));
  EXPECT_TRUE(LogPosition{}.is_begin());
  EXPECT_FALSE((LogPosition{0, 1}).is_begin());
}

}}  // namespace log_position_test
