#include "tracing/span_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aerie::tracing { namespace {

SpanRecord named(std::string name) {
  return {.name = std::move(name)};
}

TEST(QueueOfSpans, GivesThemInTheirOrder) {
  SpanQueue queue(100'000);
  std::size_t waiting = 0;
  for (auto const* const name : {"a", "b", "c"})
    EXPECT_TRUE(queue.push(named(name), waiting));
  EXPECT_EQ(waiting, 3U);
  auto const taken = queue.take(2);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].name, "a");
  EXPECT_EQ(taken[1].name, "b");
  EXPECT_EQ(queue.size(), 1U);
}

TEST(QueueOfSpans, TakesNoMoreThanItsBytesAndCountsTheRest) {
  auto const each = memory_of(named(std::string(100, 'x')));
  SpanQueue queue(2 * each);
  std::size_t waiting = 0;
  EXPECT_TRUE(queue.push(named(std::string(100, 'x')), waiting));
  EXPECT_TRUE(queue.push(named(std::string(100, 'x')), waiting));
  EXPECT_FALSE(queue.push(named(""), waiting));
  EXPECT_EQ(queue.dropped(), 1U);
  // What is being sent is still held.
  auto const taken = queue.take(1);
  EXPECT_FALSE(queue.push(named(""), waiting));
  queue.release(taken);
  EXPECT_TRUE(queue.push(named(""), waiting));
  EXPECT_EQ(queue.dropped(), 2U);
}

TEST(QueueOfSpans, CountsAllThatASpanHas) {
  auto span = named("a");
  auto const alone = memory_of(span);
  span.attributes.push_back({"name", std::string(500, 'v')});
  auto const with_attribute = memory_of(span);
  EXPECT_GE(with_attribute, alone + 500);
  span.events.push_back({.name = std::string(300, 'e'), .attributes = span.attributes});
  EXPECT_GE(memory_of(span), with_attribute + 800);
}

TEST(QueueOfSpans, IsForAllThreads) {
  constexpr std::size_t each = 2000;
  SpanQueue queue(std::size_t{64} << 20U);
  std::size_t taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&queue] {
      std::size_t waiting = 0;
      for (std::size_t k = 0; k < each; ++k)
        queue.push(named("x"), waiting);
    });
  }
  while (taken < 3 * each) {
    auto const batch = queue.take(100);
    queue.release(batch);
    taken += batch.size();
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.dropped(), 0U);
}

}}  // namespace aerie::tracing
