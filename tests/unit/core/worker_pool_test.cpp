#include <aerie/core/worker_pool.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace aerie::core { namespace {

TEST(WorkerPool, RunsTasksInTheirOrderOnOneThread) {
  std::vector<int> order;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 100; ++i)
      pool.submit([&order, i] { order.push_back(i); });
  }
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(WorkerPool, RunsTasksAtTheSameTimeOnSeveralThreads) {
  WorkerPool pool(3);
  // Each waits for the others: with fewer threads this would never end.
  std::latch all(4);
  for (int i = 0; i < 3; ++i)
    pool.submit([&all] { all.arrive_and_wait(); });
  all.arrive_and_wait();
}

TEST(WorkerPool, RunsWhatIsQueuedBeforeItEnds) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 1000; ++i)
      pool.submit([&ran] { ++ran; });
  }
  EXPECT_EQ(ran, 1000);
}

TEST(WorkerPool, WhatMayHangLeavesThreadsToTheRest) {
  for (std::size_t const threads : {2U, 4U, 5U}) {
    std::latch may_end(1);
    std::atomic<int> ended = 0;
    {
      WorkerPool pool(threads);
      for (int i = 0; i < 10; ++i) {
        pool.submit_patient([&] {
          may_end.wait();
          ++ended;
        });
      }
      // Half of the threads hang; these need all the others at the same time.
      std::latch others(static_cast<std::ptrdiff_t>(threads - threads / 2 + 1));
      for (std::size_t i = 0; i < threads - threads / 2; ++i)
        pool.submit([&others] { others.arrive_and_wait(); });
      others.arrive_and_wait();
      EXPECT_EQ(ended, 0);
      may_end.count_down();
    }
    EXPECT_EQ(ended, 10);
  }
}

TEST(WorkerPool, WhatMayHangRunsOnTheOnlyThreadThereIs) {
  WorkerPool pool(1);
  std::latch done(1);
  pool.submit_patient([&done] { done.count_down(); });
  done.wait();
}

TEST(WorkerPool, TasksMaySubmitTasks) {
  std::latch done(2);
  WorkerPool pool(1);
  pool.submit([&] {
    pool.submit([&done] { done.count_down(); });
    done.count_down();
  });
  done.wait();
}

TEST(WorkerPool, WithoutThreadsRunsTasksWhereTheyAreSubmitted) {
  std::thread::id ran_on;
  WorkerPool pool(0);
  pool.submit([&ran_on] { ran_on = std::this_thread::get_id(); });
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(WorkerPool, LeavesSignalsToTheThreadsThatRunShards) {
  WorkerPool pool(1);
  std::latch done(1);
  bool blocked = false;
  pool.submit([&] {
    sigset_t set;
    pthread_sigmask(SIG_BLOCK, nullptr, &set);
    blocked = sigismember(&set, SIGTERM) == 1;
    done.count_down();
  });
  done.wait();
  EXPECT_TRUE(blocked);
}

}}  // namespace aerie::core
