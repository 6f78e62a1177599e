#include "unit/client/client_fixture.hpp"

#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

/// With a server that compresses.
class ClientCompression : public ClientFixture {
 protected:
  ClientCompression() { wire->server = &http; }

  static ServerOptions compressing() {
    ServerOptions options;
    options.engine.per_message_deflate.enabled = true;
    options.engine.per_message_deflate.threshold = 100;
    return options;
  }
  static Options websocket_only(Compression compression = {}) {
    Options options;
    options.transports = {Transport::websocket};
    options.per_message_deflate = compression;
    return options;
  }

  http::Server http{runtime};
  Server io{http, compressing()};
};

}  // namespace

TEST_F(ClientCompression, GoesBothWaysWhereBothHaveIt) {
  io.on("echo", [](aerie::Socket& socket, std::string const& text) { socket.emit("echoed", text); });
  struct Case {
    Compression compression;
    bool compress;
    bool is_small;
  };
  for (auto const& it : std::vector<Case>{
           {{}, true, true},
           {{.context_takeover = false}, true, true},
           {{.level = 0}, true, false},
           {{.threshold = 10'000}, true, false},
           {{}, false, false},
           {{.enabled = false}, true, false},
       }) {
    auto const manager = make(websocket_only(it.compression));
    auto const socket = manager.socket();
    std::vector<std::string> got;
    socket.on("echoed", [&](std::string const& text) { got.push_back(text); });
    socket.connect();
    run();
    auto const before = wire->pipes.back()->carried_up;
    std::string const large(8'000, 'x');
    // The second one refers to what the first one was.
    for (int i = 0; i < 2; ++i)
      socket.compress(it.compress).emit("echo", large);
    socket.emit("echo", "short");
    run();
    EXPECT_EQ(got, (std::vector<std::string>{large, large, "short"}));
    auto const sent = wire->pipes.back()->carried_up - before;
    EXPECT_EQ(sent < 1'000, it.is_small) << sent;
    EXPECT_GT(sent, 20U);
  }
  EXPECT_TRUE(log.empty());
}

TEST_F(ClientCompression, AMessageThatInflatesWithoutAnEndIsRefused) {
  io.on("bomb", [](aerie::Socket& socket) { socket.emit("large", std::string(200'000, 'x')); });
  auto options = websocket_only();
  options.max_message_size = 100'000;
  options.reconnection = false;
  auto const manager = make(options);
  auto const socket = manager.socket();
  std::vector<std::string> reasons;
  int events = 0;
  socket.on("large", [&] { ++events; });
  socket.on("disconnect", [&](std::string const& reason) { reasons.push_back(reason); });
  socket.connect();
  run();
  auto const before = wire->pipes.back()->carried_down;
  socket.emit("bomb");
  run();
  EXPECT_EQ(events, 0);
  EXPECT_EQ(reasons, std::vector<std::string>{"transport error"});
  EXPECT_LT(wire->pipes.back()->carried_down - before, 5'000U);
}

}}}}  // namespace aerie::v1::client::test
