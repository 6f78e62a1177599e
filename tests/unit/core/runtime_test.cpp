#include <aerie/core/runtime.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <latch>
#include <set>
#include <stdexcept>
#include <thread>

namespace aerie { namespace {

std::string refusal(RuntimeOptions options) {
  try {
    Runtime const runtime(std::move(options));
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Runtime, RefusesImpossibleOptionsWithASentence) {
  EXPECT_EQ(refusal({.threads = 0}), "aerie: RuntimeOptions::threads is 0; use 1 to 256");
  EXPECT_EQ(refusal({.threads = 257}), "aerie: RuntimeOptions::threads is 257; use 1 to 256");
  EXPECT_EQ(refusal({.threads = 256}), "accepted");
}

TEST(Runtime, RunsUntilItIsStopped) {
  Runtime runtime;
  runtime.shard(0).post([&runtime] { runtime.stop(); });
  runtime.run();
}

TEST(Runtime, MayBeStoppedBeforeItRuns) {
  Runtime runtime;
  runtime.stop();
  runtime.run();
}

TEST(Runtime, MayBeStoppedByAnotherThread) {
  Runtime runtime;
  std::thread other([&runtime] { runtime.stop(); });
  runtime.run();
  other.join();
}

TEST(Runtime, RunsEachShardOnAThreadOfItsOwn) {
  Runtime runtime({.threads = 4});
  ASSERT_EQ(runtime.shard_count(), 4U);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(runtime.shard(i).index(), i);
    EXPECT_EQ(&runtime.shard(i).runtime(), &runtime);
    runtime.shard(i).post([&, i] {
      EXPECT_EQ(core::Shard::current(), &runtime.shard(i));
      std::scoped_lock const lock(mutex);
      threads.insert(std::this_thread::get_id());
      if (threads.size() == 4) runtime.stop();
    });
  }
  runtime.run();
  EXPECT_EQ(threads.size(), 4U);
  EXPECT_TRUE(threads.contains(std::this_thread::get_id()));
}

// Every shard hands a token on to the next, many times round.
TEST(Runtime, ShardsTalkByPosting) {
  Runtime runtime({.threads = 4});
  int hops = 0;
  std::function<void(std::size_t)> hop = [&](std::size_t to) {
    runtime.shard(to).post([&, to] {
      if (++hops == 4000) return runtime.stop();
      hop((to + 1) % 4);
    });
  };
  hop(0);
  runtime.run();
  EXPECT_EQ(hops, 4000);
}

TEST(Runtime, StartsItsWorkersOnceWhoeverAsksFirst) {
  Runtime runtime({.threads = 4});
  std::atomic<int> asked = 0;
  std::set<core::WorkerPool*> pools;
  std::mutex mutex;
  for (std::size_t i = 0; i < 4; ++i) {
    runtime.shard(i).post([&] {
      auto* const pool = &runtime.workers();
      std::scoped_lock const lock(mutex);
      pools.insert(pool);
      if (++asked == 4) runtime.stop();
    });
  }
  runtime.run();
  EXPECT_EQ(pools.size(), 1U);
}

TEST(Runtime, ReceivesSignalsOnTheFirstShard) {
  Runtime runtime;
  int received = 0;
  runtime.on_signal({SIGUSR1, SIGUSR2}, [&](int signal) {
    EXPECT_EQ(core::Shard::current(), &runtime.shard(0));
    received = signal;
    runtime.stop();
  });
  runtime.shard(0).post([] { ::kill(::getpid(), SIGUSR2); });
  runtime.run();
  EXPECT_EQ(received, SIGUSR2);
}

TEST(Runtime, OfSeveralThreadsCannotRunInAnotherLoop) {
  Runtime runtime({.threads = 2});
  EXPECT_THROW(runtime.descriptor(), std::logic_error);
}

TEST(Runtime, TwoLiveSideBySide) {
  Runtime first;
  Runtime second;
  bool ran = false;
  second.shard(0).post([&ran] { ran = true; });
  first.shard(0).turn(core::Milliseconds{0});
  EXPECT_FALSE(ran);
  second.shard(0).turn(core::Milliseconds{0});
  EXPECT_TRUE(ran);
}

}}  // namespace aerie
