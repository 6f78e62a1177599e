#pragma once

/// \file
/// A Socket.IO server in memory that can be taken away piece by piece, with a client that nothing concerns.

#include "unit/support/server_on_a_clock.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/aerie.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aerie::test {

/// A Socket.IO packet as a WebSocket carries it.
inline std::string text_packet(std::string const& packet) {
  return websocket::test::text_frame("4" + packet);
}

struct EdgesWorld {
  explicit EdgesWorld(ServerOptions options = {}, std::size_t memory_limit = 0) {
    server.emplace(1U, memory_limit);
    options.serve_client = false;
    io.emplace(server->http, std::move(options));
    io->of("/witness").on("echo", [](int number) { return number; });
    io->of("/known");
  }
  ~EdgesWorld() { io.reset(); }

  SocketIoClient& add_client(Over transport = Over::websocket) {
    clients.push_back(std::make_unique<SocketIoClient>(*server, transport));
    if (clients_are_known) clients.back()->join("/known");
    return *clients.back();
  }
  void let_the_witness_in() {
    witness.emplace(*server, Over::websocket);
    witness->join("/witness");
  }
  bool witness_is_answered() {
    witness->take();
    witness->send("2/witness,7[\"echo\",7]");
    return witness->take_text() == "3/witness,7[7]";
  }

  bool clients_are_known = false;           // each has a socket in /known before it does anything else
  std::vector<std::shared_ptr<void>> kept;  // what is to outlive the server
  std::optional<ServerOnAClock> server;
  std::optional<Server> io;
  std::vector<std::unique_ptr<SocketIoClient>> clients;
  std::optional<SocketIoClient> witness;
  std::optional<core::MemoryClient> other;
};

}  // namespace aerie::test
