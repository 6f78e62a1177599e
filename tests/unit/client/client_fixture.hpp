#pragma once

// A client and a server in one thread, over connections in memory and on a clock that the test turns.

#include "client/dialer.hpp"

#include <aerie/client.hpp>
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
    auto const up = client_end.take();
    auto const down = server_end->take();
    carried_up += up.size();
    carried_down += down.size();
    if (!up.empty()) server_end->write(up);
    if (!down.empty()) client_end.write(down);
    if (client_end.ended() && !up_ended) server_end->close(), up_ended = true;
    if (server_end->ended() && !down_ended) client_end.close(), down_ended = true;
    return !up.empty() || !down.empty();
  }
  void cut() {
    client_end.reset();
    if (server_end) server_end->reset();
    server_end.reset();
  }
  bool up_ended = false;
  bool down_ended = false;
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

class WireDialing final : public Dialing {
 public:
  WireDialing(core::Shard& shard) : anchor(shard) {}
  core::Anchor anchor;
};

class WireDialer final : public Dialer {
 public:
  explicit WireDialer(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

  std::unique_ptr<Dialing> dial(core::Connector::Done done) override {
    ++wire_->dials;
    auto dialing = std::make_unique<WireDialing>(*wire_->shard);
    dialing->anchor.ref().post([wire = wire_, done = std::move(done)]() mutable {
      if (!wire->refusal.empty()) return done({.stream = nullptr, .error = {}, .reason = wire->refusal});
      auto near = core::memory_pair(*wire->shard);
      auto pipe = std::make_shared<Pipe>(Pipe{std::move(near.client), std::nullopt});
      if (wire->server != nullptr) {
        auto far = core::memory_pair(*wire->shard);
        wire->server->serve(std::move(far.server));
        pipe->server_end.emplace(std::move(far.client));
      }
      wire->pipes.push_back(pipe);
      done({.stream = std::move(near.server), .error = {}, .reason = {}});
    });
    return dialing;
  }

 private:
  std::shared_ptr<Wire> wire_;
};

class ClientFixture : public ::testing::Test {
 protected:
  ClientFixture() { wire->shard = &runtime.shard(0); }

  Manager make(Options options = {}, std::string_view url = "http://server.test/") {
    return Manager(runtime, Url::parse(url), std::move(options), std::make_unique<WireDialer>(wire));
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
