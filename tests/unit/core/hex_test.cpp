#include <aerie/core/hex.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace aerie::core { namespace {

TEST(Hex, WritesNumbersWithAllTheirDigits) {
  EXPECT_EQ(hex(std::uint64_t{0}), "0000000000000000");
  EXPECT_EQ(hex(std::uint64_t{0x1234567890abcdef}), "1234567890abcdef");
}

TEST(Hex, WritesTwoDigitsForEachByte) {
  EXPECT_EQ(hex(std::string_view("\x00\x7f\x80\xff", 4)), "007f80ff");
  EXPECT_EQ(hex(std::string_view()), "");
}

TEST(Hex, KnowsItsDigitsInBothCasesAndNothingElse) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int c = -128; c < 128; ++c) {
    auto const character = static_cast<char>(c);
    auto const lower = character >= 'A' && character <= 'F' ? static_cast<char>(character + 32) : character;
    auto const at = digits.find(lower);
    EXPECT_EQ(hex_digit(character), at == digits.npos ? -1 : static_cast<int>(at)) << c;
  }
}

}}  // namespace aerie::core
