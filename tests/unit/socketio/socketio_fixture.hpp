#pragma once

#include "unit/support/socketio_client.hpp"

#include <aerie/socketio/server.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie::socketio::test {

using aerie::test::Over;
using aerie::test::ServerOnAClock;
using aerie::test::sid_in;
using aerie::test::SocketIoClient;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// A Socket.IO server with raw clients.
class SocketIoFixture : public ::testing::Test {
 protected:
  explicit SocketIoFixture(unsigned threads = 1) : world(threads) {}

  aerie::Server& start(aerie::ServerOptions options = {}) {
    options.serve_client = false;
    io = std::make_unique<aerie::Server>(world.http, std::move(options));
    return *io;
  }
  /// A client in the main namespace, or in another.
  SocketIoClient client(Over transport = Over::websocket, std::string_view nsp = "/") {
    SocketIoClient made(world, transport);
    made.join(nsp);
    return made;
  }
  Strings take_events() { return std::exchange(events, {}); }

  ServerOnAClock world;
  Strings events;
  std::unique_ptr<aerie::Server> io;
};

}  // namespace aerie::socketio::test
