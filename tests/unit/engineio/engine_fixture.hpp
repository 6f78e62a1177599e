#pragma once

#include "unit/support/polling_client.hpp"
#include "unit/support/websocket_client.hpp"

#include <aerie/engineio/server.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie::engineio::test {

using aerie::test::Answer;
using aerie::test::get_request;
using aerie::test::PollingClient;
using aerie::test::post_request;
using aerie::test::ServerOnAClock;
using aerie::test::WebSocketClient;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// An Engine.IO server that notes what its sessions tell.
class EngineFixture : public testing::Test {
 protected:
  explicit EngineFixture(unsigned threads = 1) : world(threads) {}

  void start(ServerOptions options = {}) {
    engine = std::make_unique<Server>(world.runtime, std::move(options));
    engine->attach(world.http);
    engine->hooks.connection = [this](Session& opened) {
      events.push_back("open " + std::string(to_string(opened.transport())));
      session = &opened;
      opened.set_handler(std::make_unique<Recorder>(*this));
      if (on_open) on_open(opened);
    };
    engine->hooks.connection_error = [this](ConnectionError const& error) {
      events.push_back("refused " + std::string(error.context));
    };
  }
  /// The session's events since the last call.
  Strings take_events() { return std::exchange(events, {}); }
  Answer get(std::string_view query, std::string_view headers = "") {
    return world.ask(get_request("/engine.io/?" + std::string(query), headers));
  }
  /// Sends a message from a turn of the shard.
  void send(std::string_view text) {
    world.in_turn([&] { session->send_text(text); });
  }

  struct Recorder final : SessionHandler {
    explicit Recorder(EngineFixture& owner) : fixture(owner) {}
    void on_text(std::string_view text) override {
      fixture.events.push_back("text " + std::string(text));
      if (fixture.on_text) fixture.on_text(text);
    }
    void on_binary(std::string_view bytes) override {
      fixture.events.push_back("binary " + std::string(bytes));
    }
    void on_close(CloseReason reason) override {
      fixture.events.push_back("closed: " + std::string(to_string(reason)));
      fixture.session = nullptr;
    }
    void on_upgrade() override { fixture.events.push_back("upgraded"); }
    EngineFixture& fixture;
  };

  ServerOnAClock world;
  Strings events;
  Session* session = nullptr;
  std::function<void(Session&)> on_open;
  std::function<void(std::string_view)> on_text;
  std::unique_ptr<Server> engine;
};

inline std::string error_body(int code, std::string_view message) {
  return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + std::string(message) + "\"}";
}

}  // namespace aerie::engineio::test
