#include <aerie/core/decimal.hpp>

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

namespace aerie::core { namespace {

constexpr auto fixed = std::chars_format::fixed;
constexpr auto general = std::chars_format::general;
constexpr auto scientific = std::chars_format::scientific;

/// What is read of a text: how much of it, what of it is wrong, and the bits of the double.
struct Read {
  std::ptrdiff_t size = 0;
  std::errc error{};
  std::uint64_t bits = 0;

  bool operator==(Read const&) const = default;
  friend std::ostream& operator<<(std::ostream& out, Read const& read) {
    return out << read.size << " characters, error " << static_cast<int>(read.error) << ", "
               << std::bit_cast<double>(read.bits);
  }
};

/// What a double is before it is read: it stays what it is where nothing can be.
constexpr double untouched = 0.1875;

template <auto Function>
Read read(std::string_view text, std::chars_format format) {
  double value = untouched;
  auto const [behind, error] = Function(text.data(), text.data() + text.size(), value, format);
  // NaNs are all the same.
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return {behind - text.data(), error, std::bit_cast<std::uint64_t>(value)};
}

constexpr auto of_library = &read<double_from_chars>;
constexpr auto of_strtod = &read<double_by_strtod>;

Read value_of(std::string_view text, double value) {
  return {static_cast<std::ptrdiff_t>(text.size()), std::errc(), std::bit_cast<std::uint64_t>(value)};
}

std::string zeros(std::size_t count) {
  return std::string(count, '0');
}

/// Halfway between the smallest double and 0, with all its digits: five to the power of 1075, as decimals.
std::string half_of_the_smallest() {
  std::string digits = "1";
  for (int power = 0; power < 1075; ++power) {
    int carry = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      int const product = (*digit - '0') * 5 + carry;
      *digit = static_cast<char>('0' + product % 10);
      carry = product / 10;
    }
    if (carry != 0) digits.insert(digits.begin(), static_cast<char>('0' + carry));
  }
  return "0." + zeros(1075 - digits.size()) + digits;
}

TEST(DoubleFromChars, ReadsWhatATextBeginsWith) {
  struct Case {
    std::string text;
    std::string left;
    double value;
    std::chars_format format = general;
  };
  double const infinity = std::numeric_limits<double>::infinity();
  double const nan = std::numeric_limits<double>::quiet_NaN();
  double const smallest = std::numeric_limits<double>::denorm_min();
  double const largest = std::numeric_limits<double>::max();
  std::string const half = half_of_the_smallest();
  for (auto const& [text, left, value, format] : std::initializer_list<Case>{
           {"0", "", 0.0},
           {"-0", "", -0.0},
           {"-0e5", "", -0.0},
           {"0e999999999999999999999", "", 0.0},
           {"000012", "", 12.0},
           {"1.5", " ", 1.5},
           {"1.5", ".5", 1.5},
           {"-.5", "", -0.5},
           {"5.", "", 5.0},
           {"5.e1", "", 50.0},
           {"1", ",5", 1.0},
           {"1", "'000", 1.0},
           {"0", "x1p3", 0.0},
           {"2", "e", 2.0},
           {"2", "e+", 2.0},
           {"2E-2", "x", 0.02},
           {"2e+02", "", 200.0},
           {"2", "e2", 2.0, fixed},
           {"2e2", "", 200.0, scientific},
           // Halfway between two, which is the one with the even last bit, and a little more.
           {"9007199254740993", "", 9007199254740992.0},
           {"9007199254740993." + zeros(2000) + "1", "", 9007199254740994.0},
           {"9007199254740993" + zeros(2000) + "e-2000", "", 9007199254740992.0},
           {"9007199254740993" + zeros(2000) + "1e-2001", "", 9007199254740994.0},
           {"0." + zeros(2000) + "1e2001", "", 1.0},
           {"1" + zeros(2000) + "e-2000", "", 1.0},
           {"1.7976931348623157e308", "", largest},
           {"1.7976931348623158e308", "", largest},
           {"5e-324", "", smallest},
           {"2.2250738585072011e-308", "", 0x0.fffffffffffffp-1022},
           {half + "1", "", smallest},
           {half + zeros(3000) + "1", "", smallest},
           {"inf", "", infinity},
           {"-INFinity", "1", -infinity},
           {"inf", "init", infinity},
           {"nan", "", nan},
           {"-NaN(a_9)", "", nan},
           {"nan", "(-)", nan},
           {"nan", "(1", nan},
       }) {
    EXPECT_EQ(of_library(text + left, format), value_of(text, value)) << text << left;
    EXPECT_EQ(of_strtod(text + left, format), value_of(text, value)) << text << left;
  }
}

TEST(DoubleFromChars, RefusesWhatIsNoNumber) {
  Read const refused{0, std::errc::invalid_argument, std::bit_cast<std::uint64_t>(untouched)};
  for (auto const* const text :
       {"", "-", "+1", "--1", "-+1", " 1", ".", "-.", ".e1", "e1", "x1", "in", "na", ",5"}) {
    EXPECT_EQ(of_library(text, general), refused) << text;
    EXPECT_EQ(of_strtod(text, general), refused) << text;
  }
  for (auto const* const text : {"2", "2.5", "2e"}) {
    EXPECT_EQ(of_library(text, scientific), refused) << text;
    EXPECT_EQ(of_strtod(text, scientific), refused) << text;
  }
}

TEST(DoubleFromChars, DoesNotReadWhatNoDoubleIsNear) {
  auto const half = half_of_the_smallest();
  for (auto const& text :
       {std::string("1e400"), std::string("-1e400"), std::string("1e-400"), "1" + zeros(400),
        "0." + zeros(400) + "1", std::string("1e99999999999999999999"),
        std::string("-1e-99999999999999999999"), std::string("1.7976931348623159e308"), half}) {
    Read const beyond{static_cast<std::ptrdiff_t>(text.size()), std::errc::result_out_of_range,
                      std::bit_cast<std::uint64_t>(untouched)};
    EXPECT_EQ(of_library(text, general), beyond) << text;
    EXPECT_EQ(of_strtod(text, general), beyond) << text;
  }
}

TEST(DoubleFromChars, ReadsTextsOfChanceAlikeInBothWays) {
  std::mt19937_64 random(4711);
  auto const below = [&](std::uint64_t limit) { return random() % limit; };
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    if (below(2) == 0) {
      // A double or what is halfway to the next one, with some of its digits or all.
      long double value = std::bit_cast<double>(random());
      if (below(2) == 0) value = (value + std::nextafter(static_cast<double>(value), HUGE_VAL)) / 2;
      std::array<char, 1200> digits{};
      auto const precision = static_cast<int>(below(4) == 0 ? below(20) : below(800));
      std::snprintf(digits.data(), digits.size(), "%.*Le", precision, value);
      text = digits.data();
    } else {
      constexpr std::string_view alphabet = "0123456789012345678900005.e-+";
      for (auto left = below(4) == 0 ? below(1000) : below(25); left > 0; --left)
        text.push_back(alphabet[below(alphabet.size())]);
    }
    for (auto const format : {general, fixed, scientific})
      ASSERT_EQ(of_strtod(text, format), of_library(text, format)) << text;
  }
}

TEST(DoubleFromChars, LeavesErrno) {
  errno = EINTR;
  EXPECT_EQ(of_strtod("1e400", general).error, std::errc::result_out_of_range);
  EXPECT_EQ(errno, EINTR);
}

TEST(DoubleFromChars, KnowsNoLocale) {
  std::string const before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) GTEST_SKIP() << "no locale with a decimal comma here";
  auto const point = of_strtod("1234.5", general);
  auto const comma = of_strtod("1234,5", general);
  std::setlocale(LC_ALL, before.c_str());
  EXPECT_EQ(point, value_of("1234.5", 1234.5));
  EXPECT_EQ(comma, value_of("1234", 1234));
}

TEST(Decimal, IsTheWholeText) {
  EXPECT_EQ(decimal<unsigned>("0"), 0U);
  EXPECT_EQ(decimal<std::uint16_t>("65535"), 65'535);
  EXPECT_EQ(decimal<std::int64_t>("-12"), -12);
  EXPECT_EQ(decimal<double>("2.5e3"), 2500.0);
  EXPECT_EQ(decimal<double>("2.5e3 "), std::nullopt);
  EXPECT_EQ(decimal<double>("1e999"), std::nullopt);
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
