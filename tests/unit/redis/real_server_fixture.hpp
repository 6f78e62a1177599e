#pragma once

#include "unit/support/redis_server.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/redis/client.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie::redis {

using namespace std::chrono_literals;

/// Clients of real servers, on real time: what they are seen to do is waited for, and never slept for.
class RealServerFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!test::RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
  }

  std::unique_ptr<Client> make(std::string url, std::function<void(ClientOptions&)> change = {}) {
    ClientOptions options;
    options.url = std::move(url);
    options.reconnect_delay = 5ms;
    options.reconnect_delay_max = 50ms;
    if (change) change(options);
    auto client = std::make_unique<Client>(shard, std::move(options));
    client->open();
    return client;
  }
  /// Turns the shard until `done`, at most for half a minute.
  template <class Condition>
  ::testing::AssertionResult until(Condition done) {
    auto const end = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return ::testing::AssertionFailure() << "it never happened";
      shard.turn(10ms);
    }
    return ::testing::AssertionSuccess();
  }
  ::testing::AssertionResult until_ready(Client& client) {
    auto result = until([&] { return client.ready(); });
    return result ? result : result << "; " << client.last_change().reason;
  }
  /// Asks, and waits for the answer.
  Answer ask(Client& client, std::vector<std::string_view> const& args) {
    std::optional<Answer> answer;
    client.command(args, [&](Answer given) { answer = std::move(given); });
    EXPECT_TRUE(until([&] { return answer.has_value(); }));
    return answer ? std::move(*answer) : Answer{};
  }
  Client::OnMessage hear() {
    return [this](Message const& message) { heard.emplace_back(message.payload); };
  }

  Runtime runtime{[] {
    RuntimeOptions options;
    options.log_level = LogLevel::off;
    return options;
  }()};
  core::Shard& shard = runtime.shard(0);
  std::vector<std::string> heard;
};

}  // namespace aerie::redis
