#include <aerie/core/decimal.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace aerie::core { namespace {

TEST(Decimal, IsTheWholeText) {
  EXPECT_EQ(decimal<unsigned>("0"), 0U);
  EXPECT_EQ(decimal<std::uint16_t>("65535"), 65'535);
  EXPECT_EQ(decimal<std::int64_t>("-12"), -12);
  EXPECT_EQ(decimal<double>("2.5e3"), 2500.0);
}

TEST(Decimal, IsNothingElse) {
  for (auto const* const text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.5", "one", "65536"})
    EXPECT_EQ(decimal<std::uint16_t>(text), std::nullopt) << text;
}

TEST(Decimal, IsAppended) {
  std::string text = "a";
  append_decimal(text, 0);
  append_decimal(text, std::numeric_limits<std::int64_t>::min());
  append_decimal(text, std::numeric_limits<std::uint64_t>::max());
  append_decimal(text, std::uint8_t{255});
  EXPECT_EQ(text, "a0-922337203685477580818446744073709551615255");
}

}}  // namespace aerie::core
