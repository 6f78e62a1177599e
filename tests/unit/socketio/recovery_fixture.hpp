#pragma once

#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::socketio::test {

inline Value parsed(std::string_view text) {
  Value value;
  EXPECT_TRUE(json::parse(text, value).ok()) << text;
  return value;
}

/// A client as the official one is: it knows its `pid`, and the last text of the last event for an offset.
struct ReturningClient {
  explicit ReturningClient(ServerOnAClock& server) : world(server) {}

  /// Connects anew, and asks for its session if it has one. Keeps what comes until its CONNECT.
  void connect(std::size_t shard = 0, std::string_view nsp = "/") {
    ask_to_connect(shard, nsp);
    read();
  }
  /// The same, and reads nothing of what comes.
  void ask_to_connect(std::size_t shard = 0, std::string_view nsp = "/") {
    socket = std::make_unique<SocketIoClient>(world, Over::websocket, shard);
    std::string auth;
    if (!pid.empty()) {
      auto claim = Value::object({{"pid", pid}});
      if (!offset.empty()) claim = Value::object({{"pid", pid}, {"offset", offset}});
      auth = json::stringify(claim);
    }
    head = nsp == "/" ? "" : std::string(nsp) + ",";
    socket->send("0" + head + auth);
    world.run();
  }
  /// Its connection is dead, and the server does not know.
  void vanish() {
    dead.push_back(std::move(socket));
    connected = recovered = false;
  }
  /// The connection breaks.
  void cut() {
    socket->websocket->connection.reset();
    world.run();
    socket.reset();
    connected = recovered = false;
  }
  void send(std::string_view packet) { socket->send(packet); }

  /// Reads what has come: events without their offsets go to `events`.
  void read() {
    for (auto const& packet : socket->take()) {
      if (packet.starts_with("0" + head + "{")) {
        auto const reply = parsed(packet.substr(1 + head.size()));
        id = reply["sid"].as_string();
        recovered = reply["pid"].is_string() && reply["pid"].as_string() == pid;
        pid = reply["pid"].is_string() ? std::string(reply["pid"].as_string()) : "";
        connected = true;
        order += "CONNECT ";
      } else if (packet.starts_with("2" + head + "[") || packet.starts_with("51-" + head + "[")) {
        auto args = parsed(packet.substr(packet.find('[')));
        auto elements = args.as_array();
        auto const& last = elements.back();
        std::string text = packet.substr(packet.find('['));
        if (elements.size() > 1 && last.is_string()) {
          offset = last.as_string();
          text = text.substr(0, text.rfind(',')) + "]";
        }
        events.push_back(text);
        order += text + " ";
      } else {
        others.push_back(packet);
      }
    }
  }
  Strings take_events() {
    read();
    return std::exchange(events, {});
  }

  ServerOnAClock& world;
  std::unique_ptr<SocketIoClient> socket;
  std::vector<std::unique_ptr<SocketIoClient>> dead;
  std::string head;
  std::string pid;
  std::string id;
  std::string offset;
  std::string order;
  bool recovered = false;
  bool connected = false;
  Strings events;
  Strings others;
};

class RecoveryFixture : public SocketIoFixture {
 protected:
  explicit RecoveryFixture(unsigned threads = 1) : SocketIoFixture(threads) {}

  aerie::Server& start_recovering(RecoveryOptions recovery = {}) {
    aerie::ServerOptions options;
    options.connection_state_recovery = recovery;
    return start(std::move(options));
  }
  ReturningClient connect(std::size_t shard = 0, std::string_view nsp = "/") {
    ReturningClient made(world);
    made.connect(shard, nsp);
    EXPECT_TRUE(made.connected);
    return made;
  }
  RecoveryStats stats() const { return io->stats().recovery; }
};

}  // namespace aerie::socketio::test
