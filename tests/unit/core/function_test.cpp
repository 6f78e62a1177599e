#include <aerie/core/function.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace aerie { namespace {

TEST(UniqueFunction, IsEmptyUntilItHoldsSomething) {
  UniqueFunction<void()> function;
  EXPECT_FALSE(function);
  function = [] {};
  EXPECT_TRUE(function);
  function = nullptr;
  EXPECT_FALSE(function);
}

TEST(UniqueFunction, HoldsSmallAndLargeAndMoveOnlyCallables) {
  int small = 3;
  std::array<int, 100> large{};
  large[99] = 4;
  auto unique = std::make_unique<int>(5);
  std::vector<UniqueFunction<int(int)>> functions;
  functions.emplace_back([small](int x) { return small * x; });
  functions.emplace_back([large](int x) { return large[99] * x; });
  functions.emplace_back([unique = std::move(unique)](int x) { return *unique * x; });
  std::vector<int> results;
  for (auto const& function : functions)
    results.push_back(function(10));
  EXPECT_EQ(results, (std::vector{30, 40, 50}));
}

TEST(UniqueFunction, KeepsTheStateOfItsCallableBetweenCalls) {
  UniqueFunction<int()> const counter = [n = 0]() mutable { return ++n; };
  counter();
  EXPECT_EQ(counter(), 2);
}

TEST(UniqueFunction, DropsAResultThatIsNotAskedFor) {
  int calls = 0;
  UniqueFunction<void()> const function = [&calls] { return ++calls; };
  function();
  EXPECT_EQ(calls, 1);
}

TEST(UniqueFunction, PassesReferencesAndMoveOnlyArguments) {
  UniqueFunction<void(std::string&, std::unique_ptr<int>)> const function =
      [](std::string& text, std::unique_ptr<int> number) { text += std::to_string(*number); };
  std::string text = "n = ";
  function(text, std::make_unique<int>(7));
  EXPECT_EQ(text, "n = 7");
}

TEST(UniqueFunction, DestroysItsCallableOnceWhereverItWasMoved) {
  auto const alive = std::make_shared<int>(0);
  {
    UniqueFunction<void()> first = [alive] {};
    UniqueFunction<void()> second = std::move(first);
    first = std::move(second);
    second = [alive] {};
    second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_EQ(alive.use_count(), 2);
    auto& same = second;
    second = std::move(same);
    EXPECT_TRUE(second);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

}}  // namespace aerie
