// What the tests of engine.io-client assert.
#include "client/suite/official.hpp"

namespace aerie::client_suite {

class OfficialEngine : public Official {};

TEST_F(OfficialEngine, BytesAndTextsOfAllKindsGoBothWays) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    for (auto const base64 : {false, true}) {
      auto options = over(transport);
      options.force_base64 = base64;
      auto const manager = make(options);
      auto const socket = manager.socket();
      ASSERT_TRUE(joins(socket));
      std::string all;
      for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
      int answers = 0;
      socket.emit("echo", Bytes(all), "cash money €€€ \U0001F600", Bytes(), [&](AckReply const& reply) {
        EXPECT_EQ(reply.args()[0].as_bytes().view(), all);
        EXPECT_EQ(reply.args()[1], Value("cash money €€€ \U0001F600"));
        EXPECT_TRUE(reply.args()[2].as_bytes().empty());
        ++answers;
      });
      ASSERT_TRUE(until([&] { return answers == 1; }));
    }
  }
}

TEST_F(OfficialEngine, TheConnectionIsUpgradedAndTellsSo) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<std::string> upgrades;
  manager.on("upgrade", [&](std::string const& transport) { upgrades.push_back(transport); });
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(until([&] { return !upgrades.empty(); }));
  EXPECT_EQ(upgrades, std::vector<std::string>{"websocket"});
  EXPECT_TRUE(fence(socket));
  auto options = quick();
  options.upgrade = false;
  auto const other = make(options);
  auto const stays = other.socket();
  other.on("upgrade", [&] { upgrades.emplace_back("unwanted"); });
  ASSERT_TRUE(joins(stays));
  EXPECT_EQ(ask(stays, {{"do", "info"}})["conn"]["transport"], Value("polling"));
  EXPECT_EQ(upgrades.size(), 1U);
}

TEST_F(OfficialEngine, TheNextConnectionBeginsWithTheTransportThatHasSucceededIfThatIsAskedFor) {
  for (auto const remember : {true, false}) {
    auto options = quick();
    options.remember_upgrade = remember;
    auto const manager = make(options);
    auto const socket = manager.socket();
    int upgrades = 0;
    int connects = 0;
    manager.on("upgrade", [&] { ++upgrades; });
    socket.on("connect", [&] { ++connects; });
    ASSERT_TRUE(joins(socket));
    ASSERT_TRUE(until([&] { return upgrades == 1; }));
    command(socket, {{"do", "closeConn"}});
    ASSERT_TRUE(until([&] { return connects == 2; }));
    if (!remember) {
      EXPECT_TRUE(until([&] { return upgrades == 2; }));
    }
    EXPECT_EQ(ask(socket, {{"do", "info"}})["conn"]["transport"].as_string(), "websocket");
    EXPECT_EQ(upgrades, remember ? 1 : 2);
  }
}

TEST_F(OfficialEngine, NothingIsSentOnceItHasLeft) {
  auto const watcher = make();
  auto const sees = watcher.socket();
  std::vector<int> got;
  sees.on("left-behind", [&](int number) { got.push_back(number); });
  ASSERT_TRUE(joins(sees));
  auto const ask = Value::object({{"do", "emit"}, {"from", "broadcast"}, {"event", "left-behind"}});
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    got.clear();
    auto const manager = make(over(transport));
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    socket.emit("do", ask, 1);
    ASSERT_TRUE(until([&] { return got.size() == 1; }));
    socket.disconnect();
    socket.emit("do", ask, 2);
    socket.volatile_().emit("do", ask, 3);
    work_for(50ms);
    ASSERT_TRUE(fence(sees));
    EXPECT_EQ(got, std::vector<int>{1});
    // It has waited for the next time.
    ASSERT_TRUE(joins(socket));
    ASSERT_TRUE(until([&] { return got.size() == 2; }));
    EXPECT_EQ(got, (std::vector<int>{1, 2}));
  }
}

TEST_F(OfficialEngine, HeadersReachTheServerOverBothTransports) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    auto options = over(transport);
    options.extra_headers = {{"X-Custom", "one"}, {"Authorization", "Bearer two"}};
    auto const manager = make(options);
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    auto const headers = ask(socket, {{"do", "info"}})["handshake"]["headers"];
    EXPECT_EQ(headers["x-custom"], Value("one"));
    EXPECT_EQ(headers["authorization"], Value("Bearer two"));
  }
}

TEST_F(OfficialEngine, WhatIsLargerThanTheServerTakesEndsTheConnection) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    auto options = over(transport);
    options.reconnection = false;
    auto const manager = make(options);
    auto const socket = manager.socket();
    std::vector<std::string> ends;
    socket.on("disconnect", [&](std::string const& reason, std::string const& description) {
      ends = {reason, description};
    });
    ASSERT_TRUE(joins(socket));
    socket.emit("echo", std::string(2'000'000, 'a'));
    ASSERT_TRUE(until([&] { return !ends.empty(); }));
    if (transport == Transport::polling) {
      EXPECT_EQ(ends, (std::vector<std::string>{"transport error", "the server has answered 413"}));
    } else {
      EXPECT_TRUE(ends[0] == "transport close" || ends[0] == "transport error") << ends[0];
    }
  }
}

}  // namespace aerie::client_suite
