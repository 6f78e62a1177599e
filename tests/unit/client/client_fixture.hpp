#pragma once

// A client and a server in one thread, over connections in memory and on a clock that the test turns.

#include <aerie/client.hpp>
#include <aerie/client/dialer.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/server.hpp>
#include <aerie/socketio/socket.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

using namespace std::chrono_literals;

/// A connection between a client and a server, or a test that plays one.
struct Pipe {
  core::MemoryClient client_end;  // what the client's stream is connected to
  std::optional<core::MemoryClient> server_end;
  bool is_frozen = false;

  bool pump() {
    if (!server_end || is_frozen) return false;
    carried_up += client_end.received().size();
    carried_down += server_end->received().size();
    auto const moved_up = client_end.carry_to(*server_end);
    return server_end->carry_to(client_end) || moved_up;
  }
  void cut() {
    client_end.reset();
    if (server_end) server_end->reset();
    server_end.reset();
  }
  std::size_t carried_up = 0;
  std::size_t carried_down = 0;
};

/// What connections are made of; gone with the test, while a dialer may live on.
struct Wire {
  core::Shard* shard = nullptr;
  http::Server* server = nullptr;  // null: the test plays it
  std::string refusal;             // not empty: nobody answers
  std::vector<std::shared_ptr<Pipe>> pipes;
  int dials = 0;
};

inline std::unique_ptr<Dialer> dialer_of(std::shared_ptr<Wire> const& wire) {
  return std::make_unique<MemoryDialer>(*wire->shard, [wire](core::MemoryClient far_end) -> std::string {
    ++wire->dials;
    if (!wire->refusal.empty()) return wire->refusal;
    auto pipe = std::make_shared<Pipe>(Pipe{std::move(far_end), std::nullopt});
    if (wire->server != nullptr) {
      auto far = core::memory_pair(*wire->shard);
      wire->server->serve(std::move(far.server));
      pipe->server_end.emplace(std::move(far.client));
    }
    wire->pipes.push_back(std::move(pipe));
    return {};
  });
}

class ClientFixture : public ::testing::Test {
 protected:
  ClientFixture() { wire->shard = &runtime.shard(0); }

  Manager make(Options options = {}, std::string_view url = "http://server.test/") {
    return Manager(runtime, Url::parse(url), std::move(options), dialer_of(wire));
  }

  /// Until nothing moves any more.
  void run() {
    for (int round = 0; round < 10'000; ++round) {
      runtime.shard(0).run_ready();
      bool moved = false;
      for (std::size_t i = 0; i < wire->pipes.size(); ++i) {
        auto const pipe = wire->pipes[i];
        moved = pipe->pump() || moved;
      }
      if (!moved) {
        runtime.shard(0).run_ready();
        return;
      }
    }
    FAIL() << "client and server answer each other without an end";
  }
  void advance(core::Milliseconds by) {
    run();
    auto const end = clock.now() + by;
    while (auto const next = runtime.shard(0).timers().next()) {
      if (*next >= end) break;
      clock.advance(
          std::max(core::Milliseconds{1}, std::chrono::ceil<core::Milliseconds>(*next - clock.now())));
      run();
    }
    clock.advance(std::chrono::ceil<core::Milliseconds>(end - clock.now()));
    run();
  }
  void cut_all() {
    for (auto const& pipe : wire->pipes)
      pipe->cut();
    wire->pipes.clear();
    run();
  }

  core::ManualClock clock;
  std::vector<std::string> log;
  Runtime runtime{
      RuntimeOptions{.worker_threads = 0,
                     .log_level = LogLevel::warning,
                     .log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); },
                     .clock = &clock}};
  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
};

/// With a real server.
class ServedFixture : public ClientFixture {
 protected:
  ServedFixture() { wire->server = &http; }

  http::Server http{runtime};
  Server io{http, ServerOptions{}};
};

}}}}  // namespace aerie::v1::client::test
