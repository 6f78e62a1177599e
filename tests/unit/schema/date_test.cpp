#include <aerie/schema/date.hpp>

#include <gtest/gtest.h>

using aerie::Date;

namespace {

struct Pair {
  std::int64_t milliseconds;
  std::string_view text;
};

// What `new Date(milliseconds).toISOString()` gives.
constexpr Pair pairs[] = {
    {0, "1970-01-01T00:00:00.000Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {1'709'209'800'125, "2024-02-29T12:30:00.125Z"},
    {951'782'400'000, "2000-02-29T00:00:00.000Z"},
    {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
    {253'402'300'800'000, "+010000-01-01T00:00:00.000Z"},
    {-62'167'219'200'000, "0000-01-01T00:00:00.000Z"},
    {-62'167'219'200'001, "-000001-12-31T23:59:59.999Z"},
    {8'640'000'000'000'000, "+275760-09-13T00:00:00.000Z"},
    {-8'640'000'000'000'000, "-271821-04-20T00:00:00.000Z"},
};

TEST(Date, WritesWhatToIsoStringWrites) {
  for (auto const& [milliseconds, text] : pairs) {
    EXPECT_EQ(Date::from_milliseconds(milliseconds).to_iso_string(), text);
  }
}

TEST(Date, ReadsWhatItWrites) {
  for (auto const& [milliseconds, text] : pairs) {
    EXPECT_EQ(Date::from_iso_string(text), Date::from_milliseconds(milliseconds)) << text;
  }
}

TEST(Date, ReadsTheOtherFormsOfAnIsoString) {
  constexpr Pair forms[] = {
      {1'709'164'800'000, "2024-02-29"},
      {1'709'209'800'000, "2024-02-29T12:30Z"},
      {1'709'209'800'000, "2024-02-29T12:30:00Z"},
      {1'709'209'800'000, "2024-02-29T14:30:00+02:00"},
      {1'709'209'800'000, "2024-02-29T07:00:00-05:30"},
      {1'709'209'800'120, "2024-02-29T12:30:00.12Z"},
      {1'709'209'800'125, "2024-02-29T12:30:00.125999Z"},
      {1'709'251'200'000, "2024-02-29T24:00:00Z"},
  };
  for (auto const& [milliseconds, text] : forms) {
    EXPECT_EQ(Date::from_iso_string(text), Date::from_milliseconds(milliseconds)) << text;
  }
}

TEST(Date, RefusesWhatIsNoMoment) {
  constexpr std::string_view refused[] = {
      "",
      "2024",
      "2024-02-30",
      "2023-02-29T00:00:00Z",
      "2024-13-01T00:00:00Z",
      "2024-00-01T00:00:00Z",
      "2024-01-00T00:00:00Z",
      "2024-01-01T25:00:00Z",
      "2024-01-01T24:00:01Z",
      "2024-01-01T00:60:00Z",
      "2024-01-01T00:00:60Z",
      "2024-01-01T00:00:00",
      "2024-01-01T00:00:00.Z",
      "2024-01-01T00:00:00Z ",
      " 2024-01-01T00:00:00Z",
      "2024-01-01 00:00:00Z",
      "-000000-01-01T00:00:00Z",
      "+275760-09-13T00:00:00.001Z",
      "24-01-01T00:00:00Z",
  };
  for (std::string_view const text : refused)
    EXPECT_EQ(Date::from_iso_string(text), std::nullopt) << text;
}

TEST(Date, IsInvalidOutsideTheRangeOfJavaScript) {
  EXPECT_FALSE(Date().is_valid());
  EXPECT_FALSE(Date::from_milliseconds(8'640'000'000'000'001).is_valid());
  EXPECT_EQ(Date().to_iso_string(), "");
}

TEST(Date, CutsClockTimesDownToMilliseconds) {
  using namespace std::chrono_literals;
  std::chrono::system_clock::time_point const epoch;
  EXPECT_EQ(Date(epoch + 1999us).milliseconds(), 1);
  EXPECT_EQ(Date(epoch - 1us).milliseconds(), -1);
  EXPECT_EQ(Date(epoch + 5ms).time_point(), epoch + 5ms);
}

}  // namespace
