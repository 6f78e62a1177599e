#include "unit/client/client_fixture.hpp"

#include <aerie/socketio/recovery.hpp>

#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

class ClientRecovery : public ClientFixture {
 protected:
  ClientRecovery() { wire->server = &http; }

  http::Server http{runtime};
  Server io{http, ServerOptions{.connection_state_recovery = RecoveryOptions{}, .parser = msgpack_parser()}};
};

}  // namespace

// With the other parser, which is as good as the usual one here.
TEST_F(ClientRecovery, WhatWasMissedComesBeforeTheConnectEventAndTheSocketIsTheSame) {
  auto const manager = make({.transports = {Transport::websocket}, .parser = msgpack_parser()});
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("connect", [&] { got.push_back(socket.recovered() ? "recovered" : "connect"); });
  socket.on("news", [&](int number, Bytes const& bytes) {
    got.push_back(std::to_string(number) + std::string(bytes.view()));
  });
  socket.connect();
  run();
  auto const id = socket.id();
  io.emit("news", 1, Bytes("a"));
  run();
  cut_all();
  io.emit("news", 2, Bytes("b"));
  io.emit("news", 3, Bytes("c"));
  advance(10s);
  io.emit("news", 4, Bytes("d"));
  run();
  EXPECT_EQ(got, (std::vector<std::string>{"connect", "1a", "2b", "3c", "recovered", "4d"}));
  EXPECT_EQ(socket.id(), id);
  // What the server has forgotten is not claimed to be there.
  cut_all();
  wire->refusal = "gone";
  advance(10min);
  wire->refusal.clear();
  advance(10s);
  EXPECT_EQ(got.back(), "connect");
  EXPECT_NE(socket.id(), id);
}

}}}}  // namespace aerie::v1::client::test
