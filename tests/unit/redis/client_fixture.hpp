#pragma once

#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <aerie/redis/client.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aerie::redis {

using namespace std::chrono_literals;

/// A client of a Redis in memory, on a clock that the test turns.
class ClientFixture : public test::TaskFixture {
 protected:
  ClientFixture() { options.url = "redis://redis"; }

  /// Makes the client, and connects unless the server is not there.
  void open() {
    options.dial = dial();
    options.random = [] { return 0.5; };
    options.on_state = [this](StateChange const& change) {
      states.push_back(text_of(change));
      last_reason = change.reason;
      if (on_state) on_state(change);
    };
    client = std::make_unique<Client>(shard(), options);
    in_turn([this] { client->open(); });
  }
  /// Does it in a turn of the shard, then lets both sides say all they have to say.
  template <class F>
  void in_turn(F f) {
    shard().post([&f] { f(); });
    run();
  }
  virtual void run() { server.run(shard()); }
  void pass(core::Milliseconds time) {
    clock.advance(time);
    run();
  }

  /// What becomes of a command: "reply", "-error", or the CommandError.
  Client::OnAnswer note(std::string name) {
    return [this, name = std::move(name)](Answer answer) {
      auto const& reply = answer.reply;
      answers.push_back(name + ": " +
                        (answer.error != CommandError::none ? "(" + std::string(text_of(answer.error)) + ")"
                         : reply.is_integer()               ? std::to_string(reply.integer())
                                              : (reply.is_error() ? "-" : "") + std::string(reply.text())));
    };
  }
  Client::OnMessage hear(std::string name) {
    return [this, name = std::move(name)](Message const& message) {
      heard.push_back(name + ": " + std::string(message.channel) + " " + std::string(message.payload) +
                      (message.pattern.empty() ? "" : " by " + std::string(message.pattern)));
    };
  }
  Client::OnSubscribed confirm(std::string name) {
    return
        [this, name = std::move(name)](bool again) { confirmed.push_back(name + (again ? " again" : "")); };
  }
  template <class T>
  static T taken(T& from) {
    return std::exchange(from, {});
  }

  virtual decltype(ClientOptions::dial) dial() { return server.dial(); }
  /// What stands in `states`.
  virtual std::string text_of(StateChange const& change) const {
    return std::string(text_of(change.state)) +
           (change.trouble == Trouble::none ? "" : " (" + std::string(name_of(change.trouble)) + ")");
  }
  static std::string_view text_of(State state) {
    constexpr std::string_view names[] = {"closed", "connecting", "ready", "degraded"};
    return names[static_cast<std::size_t>(state)];
  }
  static std::string_view text_of(CommandError error) {
    constexpr std::string_view names[] = {"none", "timed out", "connection lost", "not sent", "outbox full"};
    return names[static_cast<std::size_t>(error)];
  }

  using Texts = std::vector<std::string>;
  test::FakeRedis server;
  ClientOptions options;
  Texts states, answers, heard, confirmed;
  std::string last_reason;
  std::function<void(StateChange const&)> on_state;
  std::unique_ptr<Client> client;
};

/// The same with several servers, which have names for addresses.
class NodesFixture : public ClientFixture {
 protected:
  test::FakeRedis& node(std::string const& name) {
    auto& found = nodes[name];
    if (!found) found = std::make_unique<test::FakeRedis>();
    return *found;
  }
  void run() override {
    auto busy = true;
    while (busy) {
      run_ready();
      busy = false;
      for (auto& [name, each] : nodes)
        busy = each->serve() || busy;
    }
  }
  decltype(ClientOptions::dial) dial() override {
    return [this](core::Shard& where, core::Address const& address) {
      return node(address.host).dial()(where, address);
    };
  }
  using ClientFixture::text_of;
  std::string text_of(StateChange const& change) const override { return std::string(text_of(change.state)); }

  std::map<std::string, std::unique_ptr<test::FakeRedis>> nodes;
};

}  // namespace aerie::redis
