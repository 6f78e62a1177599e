#include "unit/core/task_fixture.hpp"

#include <aerie/core/spawn.hpp>

#include <stdexcept>
#include <thread>

namespace aerie::test { namespace {

class SpawnTest : public TaskFixture {};

Task<> note(std::vector<std::string>& notes, std::string text) {
  notes.push_back(text + " begins");
  co_await sleep_for(1ms);
  notes.push_back(text + " ends");
}

TEST_F(SpawnTest, RunsInTheNextTurn) {
  std::vector<std::string> notes;
  spawn(runtime, note(notes, "task"));
  EXPECT_TRUE(notes.empty());
  run_ready();
  EXPECT_EQ(notes, (std::vector<std::string>{"task begins"}));
  advance(1ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"task begins", "task ends"}));
}

TEST_F(SpawnTest, RunsInPlaceWithinATurn) {
  std::vector<std::string> notes;
  shard().post([&] {
    spawn(shard(), note(notes, "task"));
    notes.push_back("spawned");
  });
  run_ready();
  EXPECT_EQ(notes, (std::vector<std::string>{"task begins", "spawned"}));
}

TEST_F(SpawnTest, ComesFromAnyThread) {
  std::vector<std::string> notes;
  std::thread([&] { spawn(runtime, note(notes, "task")); }).join();
  run_ready();
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(SpawnTest, LogsWhatTheTaskThrew) {
  auto const body = []() -> Task<> {
    co_await sleep_for(1ms);
    throw std::runtime_error("it went wrong");
  };
  spawn(runtime, body());
  run_ready();
  advance(1ms);
  EXPECT_EQ(log, (std::vector<std::string>{"a spawned task has failed: it went wrong"}));
}

TEST(Spawn, TasksThatNeverRanAreDestroyedWithTheRuntime) {
  int alive = 0;
  auto const body = [](Counted) -> Task<> { co_return; };
  {
    Runtime runtime;
    spawn(runtime, body(Counted(alive)));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

}}  // namespace aerie::test
