#pragma once

/// \file
/// Stores in a real Redis, on its time: what happens is waited for, and never slept for.

#include "unit/support/redis_server.hpp"

#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/task.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace aerie::test {

using namespace std::chrono_literals;

template <class Store, class Options>
class RedisStoreFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    server.emplace();
  }

  std::unique_ptr<Store> make() {
    Options options;
    options.url = server->url();
    options.client.reconnect_delay = 5ms;
    options.client.reconnect_delay_max = 50ms;
    options.client.command_timeout = timeout;
    return std::make_unique<Store>(runtime, options);
  }
  /// Of a task that runs on the first shard.
  template <class T>
  T result(Task<T> task) {
    std::optional<core::Outcome<T>> outcome;
    spawn(runtime.shard(0), note(std::move(task), outcome));
    auto const end = std::chrono::steady_clock::now() + 30s;
    while (!outcome && std::chrono::steady_clock::now() < end)
      runtime.shard(0).turn(10ms);
    if (!outcome) throw std::runtime_error("it never ended");
    return outcome->take();
  }

  core::Milliseconds timeout = 10s;
  std::optional<RedisServer> server;
  Runtime runtime{[] {
    RuntimeOptions options;
    options.log_level = LogLevel::off;
    return options;
  }()};

 private:
  template <class T>
  static Task<void> note(Task<T> task, std::optional<core::Outcome<T>>& outcome) {
    core::Outcome<T> ended;
    try {
      ended.set_value(co_await std::move(task));
    } catch (...) {
      ended.set_error(std::current_exception());
    }
    outcome = std::move(ended);
  }
};

}  // namespace aerie::test
