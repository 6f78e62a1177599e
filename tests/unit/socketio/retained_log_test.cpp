#include "socketio/retained_log.hpp"

#include <aerie/core/clock.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace aerie::socketio::test { namespace {

using namespace std::chrono_literals;

class RetainedLogTest : public testing::Test {
 protected:
  void append(RetainedLog& log, std::uint64_t number, std::size_t size = 10, int nsp = 0) {
    log.append(now, reinterpret_cast<Namespace const&>(namespaces[nsp]),
               std::make_shared<Retained>(Retained{EventOffset(0, number)}), size);
  }
  std::vector<std::uint64_t> numbers(RetainedLog const& log, RetainedLog::Position from, int nsp = 0) {
    std::vector<std::uint64_t> found;
    log.each_from(from, reinterpret_cast<Namespace const&>(namespaces[nsp]),
                  [&](RetainedLog::Entry const& entry) { found.push_back(entry.event->offset.number()); });
    return found;
  }
  using Numbers = std::vector<std::uint64_t>;

  alignas(16) char namespaces[2][16]{};  // nobody looks into them
  core::TimePoint now{1h};
};

TEST_F(RetainedLogTest, TellsWhereEachEventStands) {
  RetainedLog log(1000);
  EXPECT_EQ(log.next(), log.first());
  for (auto const number : {5, 3, 9})
    append(log, static_cast<std::uint64_t>(number));
  EXPECT_EQ(log.find(EventOffset(0, 5)), log.first());
  EXPECT_EQ(log.find(EventOffset(0, 9)), log.first() + 2);
  EXPECT_EQ(log.find(EventOffset(0, 4)), std::nullopt);
  EXPECT_EQ(log.find(EventOffset(1, 5)), std::nullopt);
  EXPECT_EQ(numbers(log, *log.find(EventOffset(0, 5)) + 1), (Numbers{3, 9}));
}

TEST_F(RetainedLogTest, KeepsTheEventsOfNamespacesApart) {
  RetainedLog log(1000);
  append(log, 1, 10, 0);
  append(log, 2, 10, 1);
  append(log, 3, 10, 0);
  EXPECT_EQ(numbers(log, 0, 0), (Numbers{1, 3}));
  EXPECT_EQ(numbers(log, 0, 1), (Numbers{2}));
}

TEST_F(RetainedLogTest, ForgetsWhatIsTooOld) {
  RetainedLog log(1000);
  append(log, 1);
  now += 1min;
  append(log, 2);
  log.trim(now);
  EXPECT_EQ(numbers(log, 0), (Numbers{2}));
  EXPECT_EQ(log.bytes(), 10U);
  EXPECT_EQ(log.last_gone(), now - 1min);
  EXPECT_EQ(log.find(EventOffset(0, 1)), std::nullopt);
  EXPECT_EQ(log.gone_early(), 0U);
}

TEST_F(RetainedLogTest, NeverHoldsMoreThanItsCeiling) {
  RetainedLog log(25);
  for (std::uint64_t number = 1; number <= 5; ++number) {
    append(log, number);
    EXPECT_LE(log.bytes(), 25U);
  }
  EXPECT_EQ(numbers(log, 0), (Numbers{4, 5}));
  EXPECT_EQ(log.gone_early(), 3U);
  append(log, 6, 26);
  EXPECT_EQ(numbers(log, 0), Numbers{});
  EXPECT_EQ(log.bytes(), 0U);
  append(log, 7);
  EXPECT_EQ(numbers(log, 0), (Numbers{7}));
}

}}  // namespace aerie::socketio::test
