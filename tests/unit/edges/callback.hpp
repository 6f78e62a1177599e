#pragma once

/// \file
/// A callback of the public interface as a line of a table, and how those are called that sockets cause.

#include "unit/edges/edges_fixture.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace aerie::test {

using namespace std::chrono_literals;

/// What a user's callback does, once: the socket that it was called for, if it was called for one.
using Mischief = std::function<void(Socket*)>;

/// A user's parser, which does something before it does its work.
struct WildParser final : Parser {
  void encode(socketio::OutgoingPacket const& packet, socketio::EncodedPacket& out) const override {
    if (encoding) encoding(nullptr);
    json_parser()->encode(packet, out);
  }
  socketio::ParseResult decode(socketio::Frame const& frame, std::unique_ptr<socketio::PartialPacket>& begun,
                               socketio::ParserLimits const& limits,
                               socketio::IncomingPacket& packet) const override {
    if (decoding) decoding(nullptr);
    return json_parser()->decode(frame, begun, limits, packet);
  }

  Mischief encoding;
  Mischief decoding;
};

/// One callback of the public interface: how it is given, and how it comes to be called.
struct Callback {
  std::string name;
  std::function<void(EdgesWorld&, Mischief)> give;
  std::function<void(EdgesWorld&)> provoke;
  /// Of the server, if it is to have one.
  std::shared_ptr<WildParser> parser{};
};

inline void join(EdgesWorld& world) {
  world.add_client().join();
}
inline void join_and_send(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("21[\"x\",1]");
}
inline void join_and_leave(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("1");
}
inline void join_and_answer(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("30[1]");
}
inline void join_and_say_nothing(EdgesWorld& world) {
  world.add_client().join();
  world.server->advance(5s);
}
inline void join_and_answer_a_ping(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  world.server->advance(25s);
  client.take();
}
inline void upgrade(EdgesWorld& world) {
  auto& client = world.add_client(Over::polling);
  WebSocketClient websocket(*world.server, client.polling->target("websocket"));
  websocket.send("2probe");
  websocket.send("5");
}
inline auto ask(std::string target) {
  return [target](EdgesWorld& world) {
    world.server->ask(get_request(target));
    world.server->advance(5s);
  };
}

/// A callback of a socket's own, registered when it connects.
inline Callback of_a_socket(std::string name, std::function<void(Socket&, Mischief)> give,
                            std::function<void(EdgesWorld&)> provoke) {
  return {std::move(name),
          [give = std::move(give)](EdgesWorld& world, Mischief mischief) {
            world.io->on("x", [](Socket&) {});
            world.io->on_connection([give, mischief](Socket& socket) { give(socket, mischief); });
          },
          std::move(provoke)};
}

}  // namespace aerie::test
