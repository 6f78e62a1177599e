#include <aerie/schema/codec.hpp>
#include <aerie/schema/duration.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;
using aerie::Value;

template <class Duration>
std::optional<Duration> read(Value const& value) {
  Duration result{};
  if (!aerie::from_value(value, result)) return std::nullopt;
  return result;
}

TEST(DurationCodec, ReadsNumbersOfItsUnitAndTextsWithOne) {
  EXPECT_EQ(read<std::chrono::seconds>(90), 90s);
  EXPECT_EQ(read<std::chrono::seconds>("90"), 90s);
  EXPECT_EQ(read<std::chrono::seconds>("90s"), 90s);
  EXPECT_EQ(read<std::chrono::seconds>("15m"), 15min);
  EXPECT_EQ(read<std::chrono::seconds>("15 min"), 15min);
  EXPECT_EQ(read<std::chrono::seconds>("1.5h"), 90min);
  EXPECT_EQ(read<std::chrono::hours>("7d"), 168h);
  EXPECT_EQ(read<std::chrono::hours>("2w"), 336h);
  EXPECT_EQ(read<std::chrono::milliseconds>("0.25s"), 250ms);
  EXPECT_EQ(read<std::chrono::seconds>("-5s"), -5s);
  EXPECT_EQ((read<std::chrono::duration<double>>("500ms")), std::chrono::duration<double>(0.5));
}

TEST(DurationCodec, RefusesWhatIsNoneOrDoesNotFit) {
  for (auto const* const text : {"", "s", "15 parsecs", "1h30m", "NaN", "1e3s", "0x10s", "15M", " 15s"})
    EXPECT_EQ(read<std::chrono::seconds>(text), std::nullopt) << text;
  EXPECT_EQ(read<std::chrono::seconds>("1500ms"), std::nullopt);
  EXPECT_EQ(read<std::chrono::seconds>(1.5), std::nullopt);
  EXPECT_EQ(read<std::chrono::seconds>(1e300), std::nullopt);
  EXPECT_EQ(read<std::chrono::nanoseconds>("99999999w"), std::nullopt);
  EXPECT_EQ(read<std::chrono::seconds>(true), std::nullopt);
}

TEST(DurationCodec, WritesANumberOfItsUnit) {
  EXPECT_EQ(aerie::to_value(15min), Value(15));
  EXPECT_EQ(aerie::json::stringify(std::chrono::duration<double>(0.5)), "0.5");
}

}  // namespace
