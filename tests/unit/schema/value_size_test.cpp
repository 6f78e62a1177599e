#include <aerie/schema/json.hpp>
#include <aerie/schema/value_size.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace value_size_cases {

using namespace aerie;

TEST(ValueSize, IsAboutTheLengthOfTheText) {
  auto const value = Value::object({{"name", "a text"},
                                    {"list", Value::array({1, 2.5, true, nullptr, Value()})},
                                    {"bytes", Bytes(std::string(50, 'x'))}});
  auto const size = value_size(value, 10'000);
  EXPECT_GT(size, 60U);
  EXPECT_LT(size, 200U);
  EXPECT_LE(value_size(Value(), 10), 10U);
}

TEST(ValueSize, CountsNoFurtherThanBeyondTheLimit) {
  Array many;
  for (int i = 0; i < 1000; ++i)
    many.push_back(std::string(100, 'x'));
  Value const large(std::move(many));
  EXPECT_GT(value_size(large, 1'000'000), 100'000U);
  auto const counted = value_size(large, 500);
  EXPECT_GT(counted, 500U);
  EXPECT_LT(counted, 700U);
}

}  // namespace value_size_cases
