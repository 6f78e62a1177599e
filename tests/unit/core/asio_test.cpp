#define BOOST_ASIO_NO_DEPRECATED

#include <aerie/asio.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/task.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace aerie::test { namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;

class AsioTest : public ::testing::Test {
 public:
  /// Runs a task to its end on the io_context's thread.
  template <class T>
  core::Outcome<T> run(Task<T> task) {
    core::Outcome<T> result;
    core::start(std::move(task), context, [&](core::Outcome<T>&& outcome) {
      result = std::move(outcome);
      runtime.stop();
    });
    io.run();
    return result;
  }

  net::io_context io;
  Runtime runtime;
  core::TaskContext context{runtime.shard(0)};
  asio::RuntimeDriver driver{io.get_executor(), runtime};
  net::steady_timer timer{io};
};

TEST_F(AsioTest, RunsPostsAndTimersOfTheRuntimeInTheLoop) {
  auto const here = std::this_thread::get_id();
  std::vector<std::string> notes;
  net::post(io, [&] {
    runtime.shard(0).post([&] {
      EXPECT_EQ(std::this_thread::get_id(), here);
      notes.emplace_back("posted");
    });
  });
  auto const body = [&]() -> Task<> {
    co_await sleep_for(20ms);
    notes.emplace_back("slept");
  };
  run(body());
  EXPECT_EQ(notes, (std::vector<std::string>{"posted", "slept"}));
}

TEST_F(AsioTest, EndsWithTheRuntime) {
  runtime.shard(0).post([this] { runtime.stop(); });
  EXPECT_GT(io.run(), 0U);
}

TEST_F(AsioTest, MayBeDestroyedInATurn) {
  auto second = std::make_unique<Runtime>();
  auto inner = std::make_unique<asio::RuntimeDriver>(io.get_executor(), *second);
  second->shard(0).post([&] {
    inner.reset();
    runtime.stop();
  });
  io.run();
  EXPECT_EQ(inner, nullptr);
}

TEST(RuntimeDriver, RefusesSeveralThreads) {
  net::io_context io;
  Runtime runtime({.threads = 2});
  EXPECT_THROW(asio::RuntimeDriver(io.get_executor(), runtime), std::logic_error);
}

net::awaitable<std::string> greet(net::steady_timer& timer, std::string name) {
  timer.expires_after(1ms);
  co_await timer.async_wait(net::use_awaitable);
  if (name.empty()) throw std::invalid_argument("nobody to greet");
  co_return "hello " + name;
}

TEST_F(AsioTest, TasksAwaitCoroutinesOfAsio) {
  auto const body = [this](std::string name) -> Task<std::string> {
    co_return co_await asio::use(io.get_executor(), greet(timer, name));
  };
  EXPECT_EQ(run(body("somebody with a rather long name")).take(), "hello somebody with a rather long name");
}

TEST_F(AsioTest, TasksGetTheExceptionsOfCoroutinesOfAsio) {
  auto const body = [this]() -> Task<std::string> {
    co_return co_await asio::use(io.get_executor(), greet(timer, ""));
  };
  EXPECT_EQ(core::describe(run(body()).error()), "nobody to greet");
}

#if BOOST_VERSION >= 108100
TEST_F(AsioTest, TasksAwaitOperationsOfAsio) {
  auto const body = [this]() -> Task<int> {
    timer.expires_after(1ms);
    co_await asio::use(io.get_executor(), timer.async_wait(net::deferred));
    co_return 5;
  };
  EXPECT_EQ(run(body()).take(), 5);
}

TEST_F(AsioTest, ErrorsOfOperationsAreThrown) {
  auto const body = [this]() -> Task<> {
    timer.expires_after(1h);
    // Behind the start of the wait, which is posted as well.
    net::post(io, [this] { net::post(io, [this] { timer.cancel(); }); });
    co_await asio::use(io.get_executor(), timer.async_wait(net::deferred));
  };
  auto const outcome = run(body());
  ASSERT_TRUE(outcome.error());
  try {
    std::rethrow_exception(outcome.error());
  } catch (boost::system::system_error const& error) {
    EXPECT_EQ(error.code(), net::error::operation_aborted);
  }
}

TEST_F(AsioTest, OperationsWithSeveralResultsGiveATuple) {
  auto const two = [](auto&& token) {
    return net::async_initiate<decltype(token), void(boost::system::error_code, int, std::string)>(
        [](auto handler) { std::move(handler)(boost::system::error_code(), 2, std::string("two")); }, token);
  };
  auto const body = [&]() -> Task<std::tuple<int, std::string>> {
    co_return co_await asio::use(io.get_executor(), two(net::deferred));
  };
  EXPECT_EQ(run(body()).take(), std::tuple(2, std::string("two")));
}

net::awaitable<void> wait_for(net::steady_timer& timer) {
  co_await timer.async_wait(net::use_awaitable);
}

TEST_F(AsioTest, CancellingATaskCancelsWhatItAwaits) {
  for (bool const coroutine : {true, false}) {
    runtime.shard(0).post([this] { net::post(io, [this] { context.cancel(); }); });
    auto const body = [&]() -> Task<> {
      timer.expires_after(1h);
      if (coroutine) {
        co_await asio::use(io.get_executor(), wait_for(timer));
      } else {
        co_await asio::use(io.get_executor(), timer.async_wait(net::deferred));
      }
    };
    auto const outcome = run(body());
    EXPECT_THROW(std::rethrow_exception(outcome.error()), Cancelled);
  }
}

TEST_F(AsioTest, DestroyedTasksLetGoOfWhatTheyAwait) {
  auto const body = [this]() -> Task<> {
    timer.expires_after(1h);
    co_await asio::use(io.get_executor(), timer.async_wait(net::deferred));
  };
  core::start(body(), context, [](core::Outcome<void>&&) { FAIL(); });
  context.abandon();
  runtime.stop();
  io.run();
}

TEST(AsioUse, OperationsMayEndAfterTheRuntime) {
  net::io_context io;
  net::steady_timer timer(io, 1ms);
  bool resumed = false;
  auto const body = [&]() -> Task<> {
    co_await asio::use(io.get_executor(), timer.async_wait(net::deferred));
    resumed = true;
  };
  {
    Runtime runtime;
    spawn(runtime, body());
    runtime.shard(0).run_ready();
  }
  EXPECT_GT(io.run(), 0U);
  EXPECT_FALSE(resumed);
}
#endif

TEST(AsioUse, TasksAwaitALoopOfAnotherThread) {
  net::io_context io;
  auto const work = net::make_work_guard(io);
  std::thread other([&io] { io.run(); });
  Runtime runtime;
  std::thread::id resumed;
  std::string greeting;
  auto const body = [&]() -> Task<> {
    net::steady_timer timer(io);
    greeting = co_await asio::use(io.get_executor(), greet(timer, "you"));
    resumed = std::this_thread::get_id();
    runtime.stop();
  };
  spawn(runtime, body());
  runtime.run();
  EXPECT_EQ(greeting, "hello you");
  EXPECT_EQ(resumed, std::this_thread::get_id());
  io.stop();
  other.join();
}

}}  // namespace aerie::test
