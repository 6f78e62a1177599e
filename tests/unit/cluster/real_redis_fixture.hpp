#pragma once

/// \file
/// Clients of a real Redis, on its time: what happens is waited for, and never slept for.

#include "unit/support/redis_server.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/redis/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::cluster_test {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class RealRedisFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!test::RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    server.emplace(test::RedisServer::Options{"--repl-diskless-sync-delay", "0"});
    client = connect(server->url());
  }
  void TearDown() override {
    if (client) in_turn([this] { client->close(); });
  }

  core::Shard& shard() { return runtime.shard(0); }
  redis::ClientOptions client_options(std::string const& url) const {
    redis::ClientOptions options;
    options.url = url;
    options.reconnect_delay = 5ms;
    options.reconnect_delay_max = 50ms;
    return options;
  }
  std::unique_ptr<redis::Client> connect(std::string const& url) {
    auto made = std::make_unique<redis::Client>(shard(), client_options(url));
    in_turn([&] { made->open(); });
    until([&] { return made->ready(); });
    return made;
  }
  template <class F>
  void in_turn(F work) {
    auto done = false;
    shard().post([&] {
      work();
      done = true;
    });
    until([&] { return done; });
  }
  void until(std::function<bool()> const& holds) {
    auto const end = std::chrono::steady_clock::now() + 30s;
    while (!holds()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "it never came";
      shard().turn(5ms);
    }
  }
  redis::Answer ask(Strings const& words, redis::Client& of) {
    std::optional<redis::Answer> answered;
    std::vector<std::string_view> const views(words.begin(), words.end());
    in_turn([&] { of.command(views, [&](redis::Answer answer) { answered = std::move(answer); }); });
    until([&] { return answered.has_value(); });
    return answered.value_or(redis::Answer{});
  }
  redis::Answer ask(Strings const& words) { return ask(words, *client); }

  Runtime runtime{[] {
    RuntimeOptions options;
    options.log_level = aerie::LogLevel::off;
    return options;
  }()};
  std::optional<test::RedisServer> server;
  std::unique_ptr<redis::Client> client;
};

}  // namespace aerie::cluster_test
