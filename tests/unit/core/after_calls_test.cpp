#include <aerie/core/after_calls.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace aerie::core { namespace {

TEST(AfterCalls, CallsOnceWithinTheLastCall) {
  int calls = 0;
  auto const one_less = after_calls(3, [&] { ++calls; });
  auto const copy = one_less;
  one_less();
  copy();
  EXPECT_EQ(calls, 0);
  one_less();
  EXPECT_EQ(calls, 1);
}

TEST(AfterCalls, NeedsNobodyToCall) {
  after_calls(1, nullptr)();
}

TEST(AfterCalls, CountsTheCallsOfAllThreads) {
  int calls = 0;
  auto const one_less = after_calls(400, [&] { ++calls; });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([one_less] {
      for (int call = 0; call < 100; ++call)
        one_less();
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(calls, 1);
}

}}  // namespace aerie::core
