#include "socketio/one_or_many.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace aerie::socketio { namespace {

static_assert(sizeof(OneOrMany<int>) == sizeof(std::shared_ptr<int>), "every client holds one");

TEST(OneOrMany, IsAListOfAnySize) {
  std::mt19937 random(1);
  OneOrMany<int> list;
  std::vector<std::shared_ptr<int>> expected;
  for (int step = 0; step < 10'000; ++step) {
    // Mostly short, as the lists of clients are, and empty again and again.
    auto const grows = expected.empty() || (expected.size() < 5 && random() % 2 == 0);
    if (grows) {
      expected.push_back(std::make_shared<int>(step));
      list.push_back(expected.back());
    } else {
      auto const at = random() % expected.size();
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(at));
      list.erase(list.begin() + at);
    }
    ASSERT_EQ(list.size(), expected.size());
    ASSERT_EQ(list.empty(), expected.empty());
    ASSERT_TRUE(std::ranges::equal(list, expected));
    ASSERT_EQ(list.copy(), expected);
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_EQ(list[i], expected[i]);
  }
  auto const value = std::make_shared<int>(1);
  while (!list.empty())
    list.erase(list.begin());
  list.push_back(value);
  EXPECT_EQ(value.use_count(), 2);
  list.erase(list.begin());
  EXPECT_EQ(value.use_count(), 1) << "what was taken out is held no longer";
}

}}  // namespace aerie::socketio
