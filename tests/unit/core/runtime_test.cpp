#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/worker_pool.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <latch>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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

TEST(Runtime, CallsEveryHandlerOfASignal) {
  Runtime runtime;
  std::vector<std::string> calls;
  runtime.on_signal({SIGUSR1}, [&](int) { calls.emplace_back("first"); });
  runtime.on_signal({SIGUSR2}, [&](int) { runtime.stop(); });
  runtime.on_signal({SIGUSR1, SIGUSR2}, [&](int signal) { calls.push_back(std::to_string(signal)); });
  runtime.shard(0).post([] {
    ::kill(::getpid(), SIGUSR1);
    ::kill(::getpid(), SIGUSR2);
  });
  runtime.run();
  EXPECT_EQ(calls, (std::vector<std::string>{"first", std::to_string(SIGUSR1), std::to_string(SIGUSR2)}));
}

TEST(Runtime, AHandlerOfASignalMayAddAnotherAndMayThrow) {
  std::vector<std::string> log;
  Runtime runtime(
      {.threads = 3, .log_sink = [&](LogRecord const& record) { log.emplace_back(record.message); }});
  runtime.on_signal({SIGUSR1}, [&](int) {
    runtime.on_signal({SIGUSR2}, [&](int) { runtime.stop(); });
    ::kill(::getpid(), SIGUSR2);
    throw std::runtime_error("not my day");
  });
  runtime.shard(0).post([] { ::kill(::getpid(), SIGUSR1); });
  runtime.run();
  EXPECT_EQ(log, std::vector<std::string>{"a handler of a signal has thrown: not my day"});
}

TEST(Runtime, GivesTheSignalsBackWhenItGoes) {
  sigset_t blocked;
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  struct sigaction usual {};
  ::sigaction(SIGUSR1, nullptr, &usual);
  {
    Runtime runtime;
    runtime.on_signal({SIGUSR1}, [&](int) { runtime.stop(); });
    runtime.on_signal({SIGUSR1, SIGUSR2}, [](int) {});
    runtime.shard(0).post([] { ::kill(::getpid(), SIGUSR1); });
    runtime.run();
    // It would end the process if it were delivered afterwards.
    ::kill(::getpid(), SIGUSR2);
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGUSR1), sigismember(&before, SIGUSR1));
  EXPECT_EQ(sigismember(&blocked, SIGUSR2), 0);
  struct sigaction after {};
  ::sigaction(SIGUSR1, nullptr, &after);
  EXPECT_EQ(after.sa_handler, usual.sa_handler);
}

TEST(Runtime, IgnoresBrokenPipes) {
  struct sigaction before {};
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &action, &before);
  Runtime const runtime;
  ::sigaction(SIGPIPE, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_IGN);

  // Whoever handles it already goes on doing so.
  action.sa_handler = [](int) {};
  ::sigaction(SIGPIPE, &action, nullptr);
  Runtime const second;
  struct sigaction after {};
  ::sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(after.sa_handler, action.sa_handler);
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST(Runtime, RunsAgainAfterAStop) {
  Runtime runtime({.threads = 2});
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    runtime.shard(1).post([&] {
      ++runs;
      runtime.stop();
    });
    runtime.run();
  }
  EXPECT_EQ(runs, 3);
  // A stop before `run` ends that one.
  runtime.stop();
  runtime.run();
}

TEST(Runtime, TellsWhatItHolds) {
  Runtime runtime({.threads = 2, .worker_threads = 1});
  EXPECT_EQ(runtime.stats().shards.size(), 2U);
  runtime.shard(1).account().charge(1000);
  runtime.shard(1).post([] {});
  runtime.shard(0).mailbox().try_post(77, [] {});
  std::latch go_on(1);
  std::latch began(1);
  runtime.workers().submit([&] {
    began.count_down();
    go_on.wait();
  });
  began.wait();
  runtime.workers().submit([] {});
  auto const connection = core::memory_pair(runtime.shard(1));
  auto timer = after(runtime, core::Milliseconds{1}, [] {});
  auto const stats = runtime.stats();
  EXPECT_EQ(stats.shards[1].connections, 1U);
  EXPECT_EQ(stats.shards[0].connections, 0U);
  EXPECT_EQ(stats.shards[0].timers, 1U);
  EXPECT_EQ(stats.shards[1].timers, 0U);
  EXPECT_EQ(stats.memory_state, MemoryState::normal);
  EXPECT_EQ(stats.shards[1].bytes_held, 1000U);
  EXPECT_EQ(stats.shards[1].posts_waiting, 1U);
  EXPECT_EQ(stats.shards[0].posted_bytes_waiting, 77U);
  EXPECT_EQ(stats.blocking_work_waiting, 1U);
  go_on.count_down();
  runtime.shard(1).account().credit(1000);
  timer.cancel();
  runtime.shard(0).run_ready();
  EXPECT_EQ(runtime.stats().shards[0].timers, 0U);
}

TEST(Runtime, CountsConnectionsWhereTheyAre) {
  Runtime runtime({.threads = 2});
  auto pair = core::memory_pair(runtime.shard(0));
  pair.server->leave();
  pair.server->enter(runtime.shard(1));
  EXPECT_EQ(runtime.stats().shards[0].connections, 0U);
  EXPECT_EQ(runtime.stats().shards[1].connections, 1U);
  pair.server.reset();
  EXPECT_EQ(runtime.stats().shards[1].connections, 0U);
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
