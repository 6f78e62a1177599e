#include <aerie/core/decimal.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

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

}}  // namespace aerie::core
