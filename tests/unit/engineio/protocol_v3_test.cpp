#include "unit/engineio/engine_fixture.hpp"

#include <aerie/engineio/shared_messages.hpp>

namespace aerie::engineio::test { namespace {

using namespace std::string_literals;

/// A server that takes clients of protocol 3 in.
class Protocol3 : public EngineFixture {
 protected:
  Protocol3() {
    start({.ping_interval = 300ms, .ping_timeout = 200ms, .allow_eio3 = true});
    client.version = "3";
  }
  void open(std::string_view more_query = "") {
    client.open(more_query);
    take_events();
  }
  WebSocketClient websocket(std::string_view more_query = "") {
    WebSocketClient socket(world, "/engine.io/?EIO=3&transport=websocket" + std::string(more_query));
    world.advance(10ms);
    socket.take();
    take_events();
    return socket;
  }
  void send_binary(std::string_view bytes) {
    world.in_turn([&] { session->send_binary(bytes); });
  }
  PollingClient client{world};
};

TEST_F(Protocol3, OpensWithTheHandshakeAndItsLength) {
  auto const body = client.open();
  auto const json =
      R"({"sid":")" + client.sid +
      R"(","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})";
  EXPECT_EQ(body, std::to_string(json.size() + 1) + ":0" + json);
  EXPECT_EQ(client.opened.header("Content-Type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(session->protocol(), Protocol::v3);
}

TEST_F(Protocol3, IsWhateverNamesNoOther) {
  for (auto const* const version : {"3", "2", "", "abc", "5", "04"}) {
    client.version = version;
    client.polls = world.connect();
    EXPECT_NE(client.open().find(":0{"), std::string::npos) << version;
  }
}

TEST_F(Protocol3, IsRefusedUnlessItIsAllowed) {
  start();
  EXPECT_EQ(get("EIO=3&transport=polling").body, error_body(5, "Unsupported protocol version"));
  WebSocketClient const socket(world, "/engine.io/?EIO=3&transport=websocket");
  EXPECT_EQ(socket.handshake.body, "Unsupported protocol version");
  EXPECT_TRUE(world.logged("allow_eio3"));
}

TEST_F(Protocol3, CarriesTextBothWays) {
  open();
  EXPECT_EQ(client.post("6:4hello3:4\xf0\x9f\x98\x80").body, "ok");
  EXPECT_EQ(take_events(), (Strings{"text hello", "text \xf0\x9f\x98\x80"}));
  send("one");
  send("\xf0\x9f\x98\x80");
  EXPECT_EQ(client.poll(), "4:4one3:4\xf0\x9f\x98\x80");
}

TEST_F(Protocol3, CarriesBytesInFramesOfTheirOwn) {
  open();
  EXPECT_EQ(client
                .post("\0\6\xff"
                      "4hello\1\4\xff\4\1\2\3"s,
                      "application/octet-stream")
                .body,
            "ok");
  EXPECT_EQ(take_events(), (Strings{"text hello", "binary \1\2\3"}));
  send("hello");
  send_binary("\1\2\3\4");
  client.begin_poll();
  auto const answer = client.answer();
  EXPECT_EQ(answer.body,
            "\0\6\xff"
            "4hello\1\5\xff\4\1\2\3\4"s);
  EXPECT_EQ(answer.header("Content-Type"), "application/octet-stream");
  send("text");
  client.begin_poll();
  EXPECT_EQ(client.answer().header("Content-Type"), "text/plain; charset=UTF-8") << "only where bytes are";
}

TEST_F(Protocol3, CarriesBytesInBase64ForThoseWhoTakeNone) {
  open("&b64=1");
  EXPECT_EQ(client.post("6:4hello10:b4AQIDBA==").body, "ok");
  EXPECT_EQ(take_events(), (Strings{"text hello", "binary \1\2\3\4"}));
  send("hello");
  send_binary("\1\2\3\4");
  EXPECT_EQ(client.poll(), "6:4hello10:b4AQIDBA==");
}

TEST_F(Protocol3, EndsTheSessionOnNonsenseButHandlesWhatStoodBeforeIt) {
  struct Body {
    std::string bytes;
    std::string_view type;
  };
  Body const table[] = {{"2:4aabc", "text/plain"},
                        {"2:4a9:4", "text/plain"},
                        {"\0\2\xff"
                         "4a\0"s,
                         "application/octet-stream"},
                        {"\0\2\xff"
                         "4a6:4hello"s,
                         "application/octet-stream"}};
  for (auto const& [bytes, type] : table) {
    PollingClient each(world);
    each.version = "3";
    each.open();
    take_events();
    EXPECT_EQ(each.post(bytes, type).body, "ok");
    EXPECT_EQ(take_events(), (Strings{"text a", "closed: parse error"})) << bytes;
    EXPECT_EQ(each.poll(), "(status 400)");
  }
}

TEST_F(Protocol3, IsToldOfTheEndInItsOwnWords) {
  open();
  client.begin_poll();
  client.post("1:1");
  EXPECT_EQ(client.polled(), "1:6");
  open();
  client.begin_poll();
  world.in_turn([&] { session->close(); });
  EXPECT_EQ(client.polled(), "1:1");
  open();
  world.in_turn([&] { session->close(); });
  EXPECT_EQ(client.poll(), "1:61:1");
}

TEST_F(Protocol3, ClosesAfterOverlappingPolls) {
  open();
  client.begin_poll();
  auto second = world.connect();
  second.write(get_request(client.target()));
  world.run();
  EXPECT_EQ(client.polled(), "1:1");
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

// --- Heartbeat: the client pings.

TEST_F(Protocol3, AnswersPingsAndSendsNone) {
  auto socket = websocket();
  for (int round = 0; round < 5; ++round) {
    world.advance(300ms);
    EXPECT_EQ(socket.take(), Strings{});
    socket.send("2");
    EXPECT_EQ(socket.take(), Strings{"3"});
  }
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Protocol3, AnswersPingsByPollsAsWell) {
  open();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(client.post("1:2").body, "ok");
    EXPECT_EQ(client.poll(), "1:3");
    world.advance(300ms);
  }
  client.begin_poll();
  client.post("1:2");
  EXPECT_EQ(client.polled(), "1:3");
}

TEST_F(Protocol3, EndsWithoutAPingWithinIntervalAndTimeout) {
  auto socket = websocket();
  world.advance(400ms);
  socket.send("2");
  world.advance(499ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(Protocol3, IsNotKeptAliveByAnythingButPings) {
  auto socket = websocket();
  for (int i = 0; i < 4; ++i) {
    world.advance(100ms);
    socket.send("4a");
  }
  world.advance(100ms);
  EXPECT_EQ(take_events(), (Strings{"text a", "text a", "text a", "text a", "closed: ping timeout"}));
}

TEST_F(Protocol3, AnswersAPingThatIsLateByNothingWithTheEnd) {
  open();
  client.post("1:2");
  client.poll();
  world.clock.advance(500ms);
  EXPECT_EQ(client.post("1:2").status, 400);
  EXPECT_EQ(take_events(), (Strings{"closed: ping timeout", "refused UNKNOWN_SID"}));
}

TEST_F(Protocol3, EndsIfTheClientPongs) {
  auto socket = websocket();
  socket.send("3");
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

TEST_F(Protocol3, IsNotExpectedToPingWhileItIsNotRead) {
  auto socket = websocket();
  world.in_turn([&] { session->pause_reading(); });
  world.advance(3s);
  EXPECT_EQ(take_events(), Strings{});
  world.in_turn([&] { session->resume_reading(); });
  world.advance(499ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

TEST_F(Protocol3, IsForgottenSoonIfItNeverComesBack) {
  start({.first_poll_timeout = 10s, .allow_eio3 = true});
  open();
  world.advance(10s);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
  open();
  world.advance(5s);
  client.begin_poll();
  world.advance(39'999ms);
  EXPECT_EQ(take_events(), Strings{}) << "interval and timeout are counted from the handshake on";
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

// --- WebSocket

TEST_F(Protocol3, SaysNothingBeforeTheClientHasHeardThatItsWebSocketIsOpen) {
  WebSocketClient socket(world, "/engine.io/?EIO=3&transport=websocket");
  EXPECT_EQ(socket.handshake.status, 101);
  socket.send("4early");
  EXPECT_EQ(socket.take(), Strings{});
  EXPECT_EQ(take_events(), Strings{});
  world.advance(10ms);
  auto const first = socket.take();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(first[0].starts_with("0{")) << first[0];
  EXPECT_EQ(take_events(), (Strings{"open websocket", "text early"}));
}

TEST_F(Protocol3, OpensNothingForAClientThatHasLeftMeanwhileOrForAClosedServer) {
  { WebSocketClient const socket(world, "/engine.io/?EIO=3&transport=websocket"); }
  world.advance(10ms);
  world.advance(600ms);
  EXPECT_EQ(engine->clients_count(), 0U);
  take_events();
  WebSocketClient socket(world, "/engine.io/?EIO=3&transport=websocket");
  engine->close();
  world.advance(10ms);
  EXPECT_EQ(take_events(), Strings{});
  EXPECT_EQ(engine->clients_count(), 0U);
  EXPECT_TRUE(socket.connection.ended());
}

TEST_F(Protocol3, MayBeLeftWaitingByAServerThatIsDestroyed) {
  WebSocketClient const socket(world, "/engine.io/?EIO=3&transport=websocket");
  engine.reset();
  world.advance(10ms);
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Protocol3, CarriesFramesThatBeginWithTheirType) {
  auto socket = websocket();
  EXPECT_FALSE(session->shared_sink()) << "what is ready for many has no type";
  socket.send("4hello");
  socket.send_binary("\4\1\2\3");
  socket.send("b4AQI=");
  EXPECT_EQ(take_events(), (Strings{"text hello", "binary \1\2\3", "binary \1\2"}));
  send("hello");
  send_binary("\1\2\3\4");
  EXPECT_EQ(socket.take(), (Strings{"4hello", "b" + base64::encode("\4\1\2\3\4")}));
}

TEST_F(Protocol3, WritesBytesAsTextForThoseWhoTakeNone) {
  auto socket = websocket("&b64=1");
  send_binary("\1\2\3\4");
  EXPECT_EQ(socket.take(), Strings{"b4AQIDBA=="});
  WebSocketClient of_v4(world, "/engine.io/?EIO=4&transport=websocket&b64=1");
  of_v4.take();
  EXPECT_FALSE(session->shared_sink());
  send_binary("\1\2\3\4");
  EXPECT_EQ(of_v4.take(), Strings{"bAQIDBA=="});
}

TEST_F(Protocol3, ClosesWebSocketsOnNonsense) {
  auto const text = websocket::test::text_frame;
  auto const binary = websocket::test::binary_frame;
  for (auto const& frame : {text("abc"), text(""), text("7"), text("b7AQID"), text("bAQID"), binary(""),
                            binary("\7"), binary("4hello")}) {
    auto socket = websocket();
    socket.write(frame);
    EXPECT_EQ(take_events(), Strings{"closed: parse error"}) << base64::encode(frame);
  }
}

TEST_F(Protocol3, GoesOverFromPollingToAWebSocket) {
  open();
  client.begin_poll();
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  EXPECT_EQ(socket.take(), Strings{"3probe"});
  world.advance(100ms);
  EXPECT_EQ(client.polled(), "1:6");
  client.post("1:2");  // its answer goes with the rest
  send("waits");
  send_binary("\1\2");
  socket.send("5");
  EXPECT_EQ(take_events(), Strings{"upgraded"});
  EXPECT_EQ(socket.take(), (Strings{"3", "4waits", "b" + base64::encode("\4\1\2")}));
  socket.send("2");
  EXPECT_EQ(socket.take(), Strings{"3"});
  world.advance(500ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

TEST_F(Protocol3, IsNotTheOtherProtocolsSession) {
  open();
  EXPECT_EQ(get("EIO=4&transport=polling&sid=" + client.sid).body, error_body(3, "Bad request"));
  WebSocketClient const socket(world, "/engine.io/?EIO=4&transport=websocket&sid=" + client.sid);
  EXPECT_EQ(socket.handshake.status, 400);
  PollingClient of_v4(world);
  of_v4.open();
  EXPECT_EQ(get("EIO=3&transport=polling&sid=" + of_v4.sid).body, error_body(3, "Bad request"));
  EXPECT_EQ(get("transport=polling&sid=" + of_v4.sid).body, error_body(3, "Bad request"));
  EXPECT_EQ(client.post("2:4a").body, "ok");
  EXPECT_EQ(of_v4.post("4a").body, "ok");
}

}}  // namespace aerie::engineio::test
