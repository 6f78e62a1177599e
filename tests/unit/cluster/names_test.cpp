#include "cluster/names.hpp"

#include <aerie/core/hex.hpp>

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace names_test { namespace {

namespace cluster = aerie::cluster;

TEST(Names, ShortIdsAreSixLettersAndDigitsAndDifferent) {
  std::set<std::string> ids;
  for (std::uint64_t number = 0; number < 20'000; ++number) {
    auto const id = cluster::short_id(number);
    ASSERT_EQ(id.size(), 6U);
    for (char const c : id)
      ASSERT_TRUE((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 20'000U);
  EXPECT_EQ(cluster::short_id(7), cluster::short_id(7));
}

TEST(Names, LongIdsAreSixteenHexadecimalDigits) {
  EXPECT_EQ(aerie::core::hex(std::uint64_t{0}), "0000000000000000");
  EXPECT_EQ(aerie::core::hex(std::uint64_t{0x1234567890abcdefU}), "1234567890abcdef");
  EXPECT_EQ(cluster::number_of_id("1234567890abcdef"), 0x1234567890abcdefU);
  EXPECT_EQ(cluster::number_of_id("ffffffffffffffff"), 0xffffffffffffffffU);
  EXPECT_EQ(cluster::number_of_id("no id"), 0U);
  EXPECT_EQ(cluster::number_of_id("12 "), 0U);
  EXPECT_EQ(cluster::number_of_id(""), 0U);
}

TEST(Names, APatternMatchesItsChannelAlone) {
  EXPECT_EQ(cluster::as_pattern("socket.io#/chat#"), "socket.io#/chat#");
  EXPECT_EQ(cluster::as_pattern(R"(a*b?[c]\)"), R"(a\*b\?\[c\]\\)");
}

TEST(Names, ChannelsBeginWithSomething) {
  EXPECT_NO_THROW(cluster::require_channel_prefix("key", "socket.io"));
  for (std::string_view const prefix : {"", "\xff"}) {
    try {
      cluster::require_channel_prefix("key", prefix);
      ADD_FAILURE() << prefix;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string(error.what()).find("key"), std::string::npos);
    }
  }
}

}}  // namespace names_test
