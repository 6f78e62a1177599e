#include "unit/gateway/ws_fixture.hpp"
#include "unit/websocket/frames.hpp"

#include <aerie/websocket/peer.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::gateway::ws_cases {

TEST(WsConnection, CallsTheHooksOfConnections) {
  auto app = start();
  {
    auto client = app.connect_websocket("/?x=1");
    client.close();
    EXPECT_EQ(client.close_code(), CloseCode::normal);
  }
  { auto const client = app.connect_websocket("/?x=2"); }
  app.run();
  EXPECT_EQ(app.get<Journal>().lines,
            (Texts{"opened /?x=1", "transport close", "opened /?x=2", "transport close"}));
}

TEST(WsConnection, ClosesWithACodeAndAReason) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("bye");
  EXPECT_EQ(client.close_code(), CloseCode(4000));
  client.expect_nothing();
  EXPECT_EQ(app.get<Journal>().lines.back(), "server namespace disconnect");
}

struct Leaving {
  std::string_view way;
  CloseCode code;
  std::string_view reason;
  std::function<void(testing::Application&, testing::WebSocket&)> leave;
};

TEST(WsConnection, TellsHooksWithWhichCodeAClientHasLeft) {
  Leaving const ways[] = {
      {"closed", CloseCode::normal, "transport close",
       [](auto&, testing::WebSocket& client) { client.close(CloseCode::normal); }},
      {"closed with a code", CloseCode(4001), "transport close",
       [](auto&, testing::WebSocket& client) { client.close(CloseCode(4001)); }},
      {"closed without a code", CloseCode::no_status, "transport close",
       [](auto&, testing::WebSocket& client) {
         client.send_raw(websocket::test::wire({.first = 0x88, .payload = ""}));
       }},
      {"lost", CloseCode::abnormal, "transport close",
       [](auto&, testing::WebSocket& client) { client.lose_connection(); }},
      {"asked to close", CloseCode(4000), "server namespace disconnect",
       [](auto&, testing::WebSocket& client) { client.send_event("bye"); }},
      {"cut", CloseCode::abnormal, "server namespace disconnect",
       [](auto&, testing::WebSocket& client) { client.send_event("cut"); }},
      {"no WebSocket", CloseCode::protocol_error, "parse error",
       [](auto&, testing::WebSocket& client) {
         client.send_raw(websocket::test::wire({.first = 0x81, .payload = "not masked", .masked = false}));
       }},
      {"server ends", CloseCode::abnormal, "server shutting down",
       [](testing::Application& app, auto&) { app.close(); }},
  };
  for (auto const& each : ways) {
    SCOPED_TRACE(each.way);
    auto app = start();
    auto client = app.connect_websocket();
    each.leave(app, client);
    app.run();
    EXPECT_EQ(app.get<Journal>().codes, std::vector<CloseCode>{each.code});
    EXPECT_EQ(app.get<Journal>().lines.back(), each.reason);
  }
}

TEST(WsConnection, CutsConnections) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("cut");
  EXPECT_EQ(client.close_code(), CloseCode::abnormal);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsConnection, DropsClientsThatDoNotAnswerItsCloseFrame) {
  auto app = start();
  auto client = app.connect_websocket();
  client.stop_reading();
  client.send_event("bye");
  EXPECT_EQ(adapter_of(app).clients_count(), 1U);
  app.advance(websocket::close_timeout);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsConnection, DropsClientsThatDoNotAnswerPings) {
  auto app = start();
  auto const alive = app.connect_websocket();
  auto silent = app.connect_websocket();
  silent.stop_reading();
  app.advance(45s);
  EXPECT_EQ(app.get<Journal>().lines.back(), "ping timeout");
  app.advance(10min);
  EXPECT_TRUE(alive.is_open());
  EXPECT_EQ(adapter_of(app).clients_count(), 1U);
}

TEST(WsConnection, AnswersWhatItHasBegunAlsoWhenTheServerCloses) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("later", "here");
  client.send_event("numbers");
  EXPECT_EQ(client.expect_event("number"), Value(1));
  app.close();
  EXPECT_EQ(client.received(), Texts{R"("here")"}) << "a stream is for the client and ends at once";
  EXPECT_EQ(client.close_code(), CloseCode::going_away);
}

TEST(WsConnection, DropsSlowConsumers) {
  auto app = start();
  auto client = app.connect_websocket();
  client.stop_reading(1000);
  client.send_event("flood");
  EXPECT_TRUE(client.is_open()) << "what one turn writes is no sign of a slow client";
  client.send_event("flood");
  EXPECT_EQ(app.get<Journal>().lines.back(), "transport error");
  EXPECT_TRUE(app.has_logged("closed as a slow consumer. More than WsAdapterOptions::outgoing_limit"));
}

TEST(WsConnection, RefusesMessagesThatAreTooLong) {
  auto app = start({.max_message_size = 100});
  auto client = app.connect_websocket();
  client.send_text(std::string(101, ' '));
  EXPECT_EQ(client.close_code(), CloseCode::message_too_big);
  EXPECT_EQ(app.get<Journal>().lines.back(), "parse error");
}

TEST(WsConnection, RefusesFramesThatBreakTheProtocol) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_raw(websocket::test::wire({.first = 0x81, .payload = "not masked", .masked = false}));
  EXPECT_EQ(client.close_code(), CloseCode::protocol_error);
}

TEST(WsConnection, SurvivesFramesOfRandomBytes) {
  static constexpr std::string_view seeds[] = {R"({"event":"mirror","data":{"x":1,"y":2}})",
                                               R"({"event":"later"})",
                                               R"({"event":"echo","data":[[[{"a":"\u00e4"}]]]})"};
  auto app = start({.max_message_size = 1000});
  std::mt19937 random(7);
  auto const any = [&random](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  for (int round = 0; round < 3000; ++round) {
    auto bytes = websocket::test::wire({.first = any(4) == 0 ? static_cast<unsigned>(any(256)) : 0x81,
                                        .payload = std::string(seeds[any(3)])});
    // The header is spared most of the time, or nothing would ever come through.
    for (auto changes = any(4); changes > 0; --changes)
      bytes[any(8) == 0 ? any(bytes.size()) : 6 + any(bytes.size() - 6)] = static_cast<char>(any(256));
    auto client = app.connect_websocket();
    client.send_raw(bytes.substr(0, any(10) == 0 ? any(bytes.size()) : bytes.size()));
  }
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, R"({"event":"echo","data":1})"), Texts{"1"});
}

TEST(WsConnection, ReadsNoMoreWhileTooMuchIsInTheMaking) {
  auto app = start({.max_pending_messages = 3});
  auto client = app.connect_websocket();
  for (int i = 0; i < 5; ++i)
    client.send_event("later", i == 4 ? "last" : "other");
  app.advance(1s);
  EXPECT_EQ(client.received().size(), 3U);
  app.advance(1s);
  EXPECT_EQ(client.received().size(), 5U);
  EXPECT_EQ(client.received().back(), R"("last")");
}

}  // namespace aerie::gateway::ws_cases
