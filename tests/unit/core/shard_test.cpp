#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <thread>

namespace aerie::test { namespace {

class ShardTest : public TaskFixture {
 public:
  std::vector<std::string> notes;
  void note(std::string text) { notes.push_back(std::move(text)); }
};

struct AtEnd final : core::TurnEnd {
  explicit AtEnd(std::function<void()> what) : action(std::move(what)) {}
  void on_turn_end() override { action(); }
  std::function<void()> action;
};

struct Soon final : core::Runnable {
  explicit Soon(std::function<void()> what) : action(std::move(what)) {}
  void run() override { action(); }
  std::function<void()> action;
};

TEST_F(ShardTest, RunsPostedWorkInTheOrderOfPosting) {
  for (auto const* text : {"a", "b", "c"})
    shard().post([this, text] { note(text); });
  EXPECT_TRUE(notes.empty());
  run_ready();
  EXPECT_EQ(notes, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ShardTest, RunsWhatPostedWorkPostsInALaterTurn) {
  shard().post([this] {
    shard().post([this] { note("inner"); });
    note("outer");
  });
  shard().turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"outer"}));
  shard().turn(1h);
  EXPECT_EQ(notes, (std::vector<std::string>{"outer", "inner"}));
}

TEST_F(ShardTest, KnowsWhoseTurnItIs) {
  EXPECT_EQ(core::Shard::current(), nullptr);
  core::Shard* seen = nullptr;
  shard().post([&] { seen = core::Shard::current(); });
  run_ready();
  EXPECT_EQ(seen, &shard());
  EXPECT_EQ(core::Shard::current(), nullptr);
}

TEST_F(ShardTest, IsWokenByPostsFromOtherThreadsAndLosesNone) {
  constexpr int posts = 2000;
  int ran = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < posts; ++i)
        shard().post([&ran] { ++ran; });
    });
  }
  run_until([&] { return ran == 3 * posts; });
  for (auto& thread : threads)
    thread.join();
}

TEST_F(ShardTest, RunsRunnablesOnceInTheirOrderUnlessDestroyed) {
  Soon first([this] { note("first"); });
  auto dropped = std::make_unique<Soon>([this] { note("dropped"); });
  Soon again([&] {
    note("again");
    if (notes.size() < 3) shard().run_soon(again);
  });
  shard().run_soon(first);
  shard().run_soon(*dropped);
  shard().run_soon(again);
  shard().run_soon(first);
  dropped.reset();
  run_ready();
  EXPECT_EQ(notes, (std::vector<std::string>{"again", "first", "again"}));
}

TEST_F(ShardTest, ARunnableMayDestroyTheNext) {
  auto second = std::make_unique<Soon>([this] { note("second"); });
  Soon first([&] { second.reset(); });
  shard().run_soon(first);
  shard().run_soon(*second);
  run_ready();
  EXPECT_TRUE(notes.empty());
}

TEST_F(ShardTest, EndsATurnAfterEverythingElseAndBeforeItWrites) {
  FakeStream stream(shard());
  AtEnd end([&] {
    note("end");
    stream.write("bytes");
    EXPECT_EQ(stream.wire, "");
  });
  shard().post([&] {
    shard().at_turn_end(end);
    shard().at_turn_end(end);
    note("first");
  });
  shard().post([this] { note("second"); });
  shard().turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"first", "second", "end"}));
  EXPECT_EQ(stream.wire, "bytes");
}

TEST_F(ShardTest, RetiresAfterTheTurn) {
  struct Noisy {
    ShardTest& test;
    ~Noisy() { test.note("destroyed"); }
  };
  auto const retire = [this](auto object) {
    shard().post([this, object = std::move(object)]() mutable {
      shard().retire(std::move(object));
      note("retired");
    });
    shard().post([this] { note("still in the turn"); });
    shard().turn(0ms);
    EXPECT_EQ(std::exchange(notes, {}),
              (std::vector<std::string>{"retired", "still in the turn", "destroyed"}));
  };
  retire(std::unique_ptr<Noisy>(new Noisy{*this}));
  retire(std::shared_ptr<Noisy>(new Noisy{*this}));
}

TEST_F(ShardTest, KeepsAdoptedObjectsUntilTheyAreDismissed) {
  struct Ward final : core::Adopted {
    explicit Ward(int& count) : alive(count) {}
    Counted alive;
  };
  int alive = 0;
  std::vector<Ward*> wards;
  for (int i = 0; i < 3; ++i) {
    auto ward = std::make_unique<Ward>(alive);
    wards.push_back(ward.get());
    shard().adopt(std::move(ward));
  }
  shard().dismiss(*wards[0]);
  EXPECT_EQ(alive, 3);
  run_ready();
  EXPECT_EQ(alive, 2);
  shard().dismiss(*wards[2]);
  shard().dismiss(*wards[2]);
  shard().dismiss(*wards[1]);
  run_ready();
  EXPECT_EQ(alive, 0);
}

class Bell {
 public:
  explicit Bell(std::function<void()> what) : action_(std::move(what)) {}
  void ring() { action_(); }
  core::Timer timer = core::Timer::calling<&Bell::ring>(this);

 private:
  std::function<void()> action_;
};

TEST_F(ShardTest, FiresTimersNeverEarly) {
  Bell bell([this] { note("due"); });
  shard().start(bell.timer, 10ms);
  advance(9ms);
  EXPECT_TRUE(notes.empty());
  advance(1ms);
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(ShardTest, CountsATimerStartedBetweenTurnsFromThen) {
  Bell bell([this] { note("due"); });
  run_ready();
  clock.advance(100ms);
  shard().start(bell.timer, 10ms);
  run_ready();
  EXPECT_TRUE(notes.empty());
  advance(10ms);
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(ShardTest, CountsATimerStartedLateInALongTurnFromThen) {
  Bell bell([this] { note("due"); });
  shard().post([&] {
    clock.advance(300ms);
    shard().start(bell.timer, 200ms);
  });
  run_ready();
  EXPECT_TRUE(notes.empty());
  advance(199ms);
  EXPECT_TRUE(notes.empty());
  advance(1ms);
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(ShardTest, TakesAnyDelay) {
  Bell bell([this] { note("due"); });
  shard().start(bell.timer, core::Milliseconds::max());
  advance(24h * 365);
  EXPECT_TRUE(notes.empty());
  shard().start(bell.timer, core::Milliseconds::min() / 2);
  advance(1ms);
  EXPECT_EQ(notes.size(), 1U);
}

struct Watched final : core::Pollable {
  explicit Watched(std::function<void(std::uint32_t)> what) : action(std::move(what)) {}
  ~Watched() override { ::close(descriptor); }
  void on_ready(std::uint32_t events) override { action(events); }
  int descriptor = ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
  std::function<void(std::uint32_t)> action;
};

TEST_F(ShardTest, TellsWhatADescriptorIsReadyForWhileItIsWatched) {
  std::vector<std::uint32_t> seen;
  Watched watched([&seen](std::uint32_t events) { seen.push_back(events); });
  shard().watch(watched.descriptor, core::Readiness::read, watched);
  shard().turn(0ms);
  shard().rewatch(watched.descriptor, core::Readiness::write, watched);
  shard().turn(0ms);
  shard().unwatch(watched.descriptor);
  shard().turn(0ms);
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{core::Readiness::read, core::Readiness::write}));
}

TEST_F(ShardTest, IsDestroyedWithWhatWasPostedAndRetired) {
  int alive = 0;
  {
    Runtime other(options(clock, log));
    auto& doomed = other.shard(0);
    doomed.post([counted = Counted(alive)] {});
    doomed.retire(std::make_unique<Counted>(alive));
    doomed.retire(std::make_shared<Counted>(alive));
    EXPECT_EQ(alive, 3);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(ShardTest, WhatIsDestroyedWithOneShardMayPostToAnother) {
  class PostsAtItsEnd {
   public:
    PostsAtItsEnd(core::Shard& to, int& alive) : to_(to), alive_(alive) {}
    ~PostsAtItsEnd() {
      to_.post([counted = Counted(alive_)] {});
    }

   private:
    core::Shard& to_;
    int& alive_;
  };
  int alive = 0;
  {
    auto two = options(clock, log);
    two.threads = 2;
    Runtime other(std::move(two));
    for (std::size_t i = 0; i < 2; ++i) {
      auto last_wish = std::make_unique<PostsAtItsEnd>(other.shard(1 - i), alive);
      other.shard(i).post([last_wish = std::move(last_wish)] {});
    }
  }
  EXPECT_EQ(alive, 0);
}

class TwoShardsTest : public ShardTest {
 public:
  static RuntimeOptions two(RuntimeOptions options) {
    options.threads = 2;
    return options;
  }

  Runtime runtime_of_two{two(options(clock, log))};
  core::Shard& first = runtime_of_two.shard(0);
  core::Shard& second = runtime_of_two.shard(1);
};

TEST_F(TwoShardsTest, WhatATurnPostsToAnotherShardIsPassedOnAtItsEndAllAtOnce) {
  first.post([this] {
    second.post([this] { note("one"); });
    second.turn(0ms);
    EXPECT_TRUE(notes.empty());
    second.post([this] { note("two"); });
  });
  first.turn(0ms);
  EXPECT_TRUE(notes.empty());
  second.turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"one", "two"}));
}

TEST_F(TwoShardsTest, WhatIsDoneAtTheEndOfATurnIsPassedOnInTheSameTurn) {
  AtEnd end([this] { second.post([this] { note("passed on"); }); });
  first.post([&] { first.at_turn_end(end); });
  first.turn(0ms);
  second.turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"passed on"}));
}

TEST_F(TwoShardsTest, WhatIsPostedOutsideATurnWaitsForNone) {
  second.post([this] { note("posted"); });
  second.turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"posted"}));
}

TEST_F(TwoShardsTest, WhatIsPostedToAnotherRuntimeWaitsForNoTurnOfThisOne) {
  first.post([this] {
    shard().post([this] { note("posted"); });
    run_ready();
    EXPECT_EQ(notes, (std::vector<std::string>{"posted"}));
  });
  first.turn(0ms);
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(TwoShardsTest, WhatTheRetiredPostIsPassedOnInTheNextTurn) {
  struct PostsAtItsEnd {
    TwoShardsTest& test;
    ~PostsAtItsEnd() {
      test.second.post([&notes = test.notes] { notes.emplace_back("last wish"); });
    }
  };
  first.post([this] { first.retire(std::unique_ptr<PostsAtItsEnd>(new PostsAtItsEnd{*this})); });
  first.turn(0ms);
  first.turn(1h);
  second.turn(0ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"last wish"}));
}

/// True if an outer loop that waits for `descriptor` would be woken within `limit`.
bool readable(int descriptor, core::Milliseconds limit) {
  pollfd wait{descriptor, POLLIN, 0};
  return ::poll(&wait, 1, static_cast<int>(limit.count())) == 1;
}

// A runtime on the computer's clock, inside an outer loop that is `poll`.
class EmbeddedShardTest : public ::testing::Test {
 public:
  void SetUp() override {
    if (descriptor < 0) GTEST_SKIP() << "with poll(2) an event loop has no descriptor";
  }

  Runtime runtime;
  core::Shard& shard = runtime.shard(0);
  int descriptor = core::Poller::repeats() ? -1 : runtime.descriptor();
};

TEST_F(EmbeddedShardTest, IsNotReadableWhileThereIsNothingToDo) {
  runtime.turn();
  EXPECT_FALSE(readable(descriptor, 0ms));
}

TEST_F(EmbeddedShardTest, IsReadableForPostsFromAnywhere) {
  bool ran = false;
  shard.post([&ran] { ran = true; });
  ASSERT_TRUE(readable(descriptor, 10s));
  runtime.turn();
  EXPECT_TRUE(ran);
  EXPECT_FALSE(readable(descriptor, 0ms));
  std::thread([&] { shard.post([] {}); }).join();
  EXPECT_TRUE(readable(descriptor, 10s));
}

TEST_F(EmbeddedShardTest, IsReadableForWhatATurnLeavesBehind) {
  shard.post([this] { shard.post([] {}); });
  runtime.turn();
  EXPECT_TRUE(readable(descriptor, 10s));
  runtime.turn();
  EXPECT_FALSE(readable(descriptor, 0ms));
}

TEST_F(EmbeddedShardTest, IsReadableWhenATimerIsDue) {
  bool rang = false;
  Bell bell([&rang] { rang = true; });
  shard.start(bell.timer, 20ms);
  auto const begin = std::chrono::steady_clock::now();
  while (!rang) {
    ASSERT_TRUE(readable(descriptor, 10s));
    runtime.turn();
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  EXPECT_FALSE(readable(descriptor, 0ms));
}

TEST_F(EmbeddedShardTest, IsNotReadableForATimerThatWasCancelled) {
  Bell bell([] {});
  shard.start(bell.timer, 5ms);
  bell.timer.cancel();
  for (int i = 0; i < 5 && readable(descriptor, 20ms); ++i)
    runtime.turn();
  EXPECT_FALSE(readable(descriptor, 0ms));
}

/// A descriptor that is always ready, and whose handling fails.
class Faulty final : public core::Pollable {
 public:
  Faulty(core::Shard& shard, std::function<void()> fault) : shard_(shard), fault_(std::move(fault)) {
    shard_.watch(event_, core::Readiness::read, *this);
  }
  ~Faulty() override { ::close(event_); }
  void on_ready(std::uint32_t) override { fault_(); }
  void on_failure() override {
    ++failures;
    shard_.unwatch(event_);
  }
  int failures = 0;

 private:
  core::Shard& shard_;
  std::function<void()> fault_;
  int event_ = ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
};

TEST_F(ShardTest, WhatEscapesFromOneThingIsReportedAndTheLoopGoesOnWithTheNext) {
  auto const error = [] { throw std::runtime_error("fault"); };
  auto const number = [] { throw 1; };
  Faulty first(shard(), error);
  Faulty second(shard(), number);
  AtEnd end(error);
  AtEnd good_end([this] { note("end"); });
  Soon soon(number);
  Soon good_soon([this] { note("soon"); });
  struct Alarms {
    void fail() { throw std::runtime_error("late"); }
    void ring() { owner.note("timer"); }
    ShardTest& owner;
    core::Timer failing = core::Timer::calling<&Alarms::fail>(this);
    core::Timer ringing = core::Timer::calling<&Alarms::ring>(this);
  } alarms{*this};
  shard().start(alarms.failing, 1ms);
  shard().start(alarms.ringing, 1ms);
  shard().post(error);
  shard().post([this] { note("posted"); });
  shard().run_soon(soon);
  shard().run_soon(good_soon);
  shard().at_turn_end(end);
  shard().at_turn_end(good_end);
  advance(1ms);
  EXPECT_EQ(notes, (std::vector<std::string>{"posted", "timer", "soon", "end"}));
  EXPECT_EQ(first.failures, 1);
  EXPECT_EQ(second.failures, 1);
  EXPECT_EQ(log.size(), 6U) << ::testing::PrintToString(log);
}

TEST_F(ShardTest, AnExceptionOfAConnectionsHandlerEndsThatConnection) {
  struct Throwing final : core::StreamHandler {
    void on_data(std::span<char>) override { throw std::runtime_error("fault"); }
    void on_closed(std::error_code reason) override { closed = reason; }
    void on_overflow() override {}
    std::error_code closed;
  } handler;
  auto pair = core::memory_pair(shard());
  pair.server->set_handler(&handler);
  pair.client.write("x");
  run_ready();
  EXPECT_EQ(handler.closed, std::errc::io_error);
  EXPECT_TRUE(pair.client.closed());
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log.front().find("fault"), std::string::npos) << log.front();
}

}}  // namespace aerie::test
