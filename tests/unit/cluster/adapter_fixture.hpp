#pragma once

/// \file
/// An adapter between a server that only writes down what it is told and a Redis in memory, on a clock that
/// the test turns.

#include "unit/cluster/operations.hpp"
#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <aerie/cluster/redis_adapter.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::cluster_test {

using namespace std::chrono_literals;

/// Writes down what an adapter tells it; what is delivered as an event as `event to rooms`.
class FakeMember final : public ClusterMember {
 public:
  FakeMember(core::Shard& shard, Logger const& log) : shard_(shard), log_(log) {}

  bool deliver(ClusterMessage message) override {
    delivered.push_back(std::move(message));
    return true;
  }
  bool deliver_logged(ClusterMessage message, socketio::LogPosition at, bool is_own) override {
    logged.push_back(at.text() + (is_own ? " own" : ""));
    if (!is_own) delivered.push_back(std::move(message));
    return true;
  }
  void log_begins(std::string_view nsp, socketio::LogPosition at) override {
    logged.push_back(std::string(nsp) + " begins at " + at.text());
  }
  void log_read(std::string_view nsp, socketio::LogPosition at) override {
    logged.push_back(std::string(nsp) + " read to " + at.text());
  }
  void log_lost(std::string_view nsp, socketio::LogPosition at) override {
    logged.push_back(std::string(nsp) + " lost at " + at.text());
  }
  void session_taken(std::string_view pid) override { logged.push_back("taken " + std::string(pid)); }
  bool answer(ClusterMessage message, Respond respond) override {
    asked.push_back(std::move(message));
    responders.push_back(std::move(respond));
    return true;
  }
  void expect(socketio::RequestId request, std::size_t others) override {
    note("expect " + std::to_string(others), request);
  }
  void expect(socketio::RequestId request, std::vector<std::string>) override { note("expect ids", request); }
  void gone(socketio::RequestId request, std::string_view) override { note("gone", request); }
  void unreachable(socketio::RequestId request) override { note("unreachable", request); }
  void answered(ClusterResponse response) override {
    note("answered", response.request);
    responses.push_back(std::move(response));
  }
  void report(ClusterState state, std::string_view reason) override {
    states.push_back(state);
    last_reason = reason;
  }
  void count_sent(std::uint64_t messages) noexcept override { sent += messages; }
  void count_received(std::uint64_t messages) noexcept override { received += messages; }
  void count_lost(std::uint64_t messages) noexcept override { lost += messages; }
  void count_malformed(std::uint64_t messages) noexcept override { malformed += messages; }
  void count_refused(std::uint64_t messages) noexcept override { refused += messages; }
  void count_id_conflict() noexcept override { ++id_conflicts; }
  std::string const& server_id() const noexcept override { return id_; }
  core::Shard& home() const noexcept override { return shard_; }
  Logger const& log() const noexcept override { return log_; }

  std::vector<ClusterMessage> delivered;
  /// Of a log: "5-0", "6-0 own", "/ begins at 4-0", "taken pid".
  std::vector<std::string> logged;
  std::vector<ClusterMessage> asked;
  std::vector<Respond> responders;
  std::vector<ClusterResponse> responses;
  /// Of requests: "expect 2 #7".
  std::vector<std::string> notes;
  std::vector<ClusterState> states;
  std::string last_reason;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  std::uint64_t malformed = 0;
  std::uint64_t refused = 0;
  std::uint64_t id_conflicts = 0;

 private:
  void note(std::string what, socketio::RequestId request) {
    notes.push_back(std::move(what) + " #" + std::to_string(request));
  }

  core::Shard& shard_;
  Logger const& log_;
  std::string id_ = "0123456789abcdef";
};

template <class Options>
class AdapterFixture : public test::TaskFixture {
 protected:
  /// Makes the adapter, opens it, and tells it of namespaces.
  void open(std::vector<std::string> const& namespaces = {"/", "/chat"}) {
    options.client.dial = redis.dial();
    options.client.random = [] { return 0.5; };
    servers(2);
    adapter = options(member);
    in_turn([&] {
      adapter->open();
      for (auto const& nsp : namespaces)
        adapter->namespace_created(nsp);
    });
  }
  /// How many servers Redis counts.
  void servers(int count) { redis.answers["PUBSUB"] = "*2\r\n$1\r\nc\r\n:" + std::to_string(count) + "\r\n"; }
  template <class F>
  void in_turn(F f) {
    shard().post([&f] { f(); });
    run();
  }
  void run() { redis.run(shard()); }
  void pass(core::Milliseconds time) {
    clock.advance(time);
    run();
  }
  void publish(ClusterMessage message) {
    in_turn([&] { adapter->publish(std::make_shared<ClusterMessage const>(std::move(message))); });
  }
  void request(ClusterMessage message) {
    message.request = 7;
    in_turn([&] { adapter->request(std::make_shared<ClusterMessage const>(std::move(message))); });
  }
  /// What somebody else has published.
  void receive(std::string_view kind, std::string const& channel, std::string const& payload) {
    redis.publish(kind, channel, payload);
    run();
  }
  /// The commands that begin so, of those that came since the last call.
  std::vector<std::string> commands(std::string_view beginning) {
    std::vector<std::string> chosen;
    for (auto const& command : std::exchange(redis.commands, {})) {
      if (command.starts_with(beginning)) chosen.push_back(command);
    }
    return chosen;
  }

  test::FakeRedis redis;
  Options options;
  FakeMember member{runtime.shard(0), runtime.log()};
  std::unique_ptr<Adapter> adapter;
};

}  // namespace aerie::cluster_test
