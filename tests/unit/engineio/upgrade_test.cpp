#include "unit/engineio/engine_fixture.hpp"

namespace aerie::engineio::test { namespace {

class Upgrade : public EngineFixture {
 protected:
  Upgrade() {
    start({.ping_interval = 25s});
    client.open();
    take_events();
  }
  PollingClient client{world};
};

TEST_F(Upgrade, ProbesAnswersThePollAndSwitches) {
  client.begin_poll();
  WebSocketClient socket(world, client.target("websocket"));
  EXPECT_EQ(socket.handshake.status, 101);
  EXPECT_EQ(socket.take(), Strings{}) << "it is no new session";
  EXPECT_EQ(client.answer().status, 0);
  socket.send("2probe");
  EXPECT_EQ(socket.take(), Strings{"3probe"});
  EXPECT_EQ(client.polled(), "(pending)");
  world.advance(100ms);
  EXPECT_EQ(client.polled(), "6");
  socket.send("5");
  EXPECT_EQ(take_events(), Strings{"upgraded"});
  EXPECT_EQ(session->transport(), TransportKind::websocket);
  socket.send("4hello");
  EXPECT_EQ(take_events(), Strings{"text hello"});
  send("hi");
  EXPECT_EQ(socket.take(), Strings{"4hi"});
  EXPECT_EQ(client.poll(), "(status 400)") << "the session is no longer polled";
  EXPECT_EQ(take_events(), Strings{"refused TRANSPORT_MISMATCH"});
  EXPECT_NE(session->request().query().find("transport=polling"), std::string_view::npos)
      << "the first request stays";
}

TEST_F(Upgrade, LetsThePollGoAfter100msAsTheOfficialServerDoes) {
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(client.poll(), "(pending)");
    world.advance(99ms);
    EXPECT_EQ(client.polled(), "(pending)");
    world.advance(1ms);
    EXPECT_EQ(client.polled(), "6");
    world.advance(500ms);  // nobody polls
  }
}

TEST_F(Upgrade, SpendsNoEmptyAnswerOnAPollThatThereIsSomethingToSayTo) {
  client.begin_poll();
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  world.advance(50ms);
  send("hello");
  EXPECT_EQ(client.polled(), "4hello");
  world.advance(200ms);
  socket.send("5");
  EXPECT_EQ(take_events(), Strings{"upgraded"});
}

TEST_F(Upgrade, TellsItsHookBehindWhatWasBuffered) {
  engine->hooks.upgrade = [](Session& upgraded) { upgraded.send_text("from the hook"); };
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  send("buffered");
  socket.take();
  socket.send("5");
  EXPECT_EQ(socket.take(), (Strings{"4buffered", "4from the hook"}));
}

TEST_F(Upgrade, FlushesWhatWasBufferedInOrder) {
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  world.in_turn([&] {
    session->send_text("1");
    session->send_binary("2");
    session->send_text("3");
  });
  socket.take();
  on_text = [this](std::string_view) { session->send_text("4"); };
  socket.write(websocket::test::text_frame("5") + websocket::test::text_frame("4go"));
  EXPECT_EQ(socket.take(), (Strings{"41", "bMg==", "43", "44"}));
}

TEST_F(Upgrade, DeliversToPollsUntilItIsDone) {
  client.begin_poll();
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  world.advance(100ms);
  EXPECT_EQ(client.polled(), "6");
  send("through the poll");
  EXPECT_EQ(client.poll(), "4through the poll");
}

TEST_F(Upgrade, IsGivenUpOnAnyOtherPacketAndPollingGoesOn) {
  for (auto const* const packet : {"4hello", "2", "2other", "1", "6"}) {
    WebSocketClient socket(world, client.target("websocket"));
    socket.send(packet);
    EXPECT_EQ(socket.take(), Strings{"(close)"}) << packet;
  }
  WebSocketClient nonsense(world, client.target("websocket"));
  nonsense.send("x");
  EXPECT_EQ(nonsense.take(), Strings{"(close)"});
  WebSocketClient unmasked(world, client.target("websocket"));
  unmasked.write(
      "\x81\x01"
      "5");
  EXPECT_EQ(unmasked.take(), Strings{"(close 1002)"});
  EXPECT_EQ(client.post("4still polling").body, "ok");
  EXPECT_EQ(take_events(), Strings{"text still polling"});
}

TEST_F(Upgrade, IsGivenUpAfterTheUpgradeTimeout) {
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  world.advance(9'999ms);
  EXPECT_EQ(socket.take(), Strings{"3probe"});
  world.advance(1ms);
  EXPECT_EQ(socket.take(), Strings{"(close)"});
  EXPECT_EQ(client.post("4still polling").body, "ok");
  WebSocketClient again(world, client.target("websocket"));
  again.send("2probe");
  again.send("5");
  EXPECT_EQ(take_events(), (Strings{"text still polling", "upgraded"}));
}

TEST_F(Upgrade, IsGivenUpWhenItsSocketIsLost) {
  {
    WebSocketClient socket(world, client.target("websocket"));
    socket.send("2probe");
  }
  world.run();
  EXPECT_EQ(client.poll(), "(pending)");
  send("hello");
  EXPECT_EQ(client.polled(), "4hello");
}

TEST_F(Upgrade, HasOneSocketAtATime) {
  WebSocketClient first(world, client.target("websocket"));
  WebSocketClient second(world, client.target("websocket"));
  EXPECT_EQ(second.handshake.status, 101);
  EXPECT_EQ(second.take(), Strings{"(close)"});
  first.send("2probe");
  first.send("5");
  WebSocketClient third(world, client.target("websocket"));
  EXPECT_EQ(third.take(), Strings{"(close)"});
  first.take();
  send("alive");
  EXPECT_EQ(first.take(), Strings{"4alive"});
}

TEST_F(Upgrade, EndsWithItsSession) {
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  client.post("1");
  EXPECT_EQ(socket.take(), (Strings{"3probe", "(close)"}));
  EXPECT_EQ(take_events(), Strings{"closed: transport close"});
}

TEST_F(Upgrade, LeavesNoTimerThatTakesTheNewTransportForTheOldOne) {
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  client.begin_poll();  // to be answered in 100 ms ...
  world.clock.advance(100ms);
  socket.send("5");  // ... by which time, in the same turn, nobody polls any more
  EXPECT_EQ(take_events(), Strings{"upgraded"});
  EXPECT_EQ(client.polled(), "6");
  socket.take();
  send("alive");
  EXPECT_EQ(socket.take(), Strings{"4alive"});
}

TEST_F(Upgrade, KeepsTheHeartbeat) {
  client.begin_poll();
  world.advance(20s);
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  socket.send("5");
  socket.take();
  world.advance(5s);
  EXPECT_EQ(socket.take(), Strings{"2"});
  socket.send("3");
  world.advance(25s);
  EXPECT_EQ(socket.take(), Strings{"2"});
}

TEST_F(Upgrade, MayCloseTheSessionInItsHooks) {
  engine->hooks.upgrading = [](Session& upgrading) { upgrading.close(); };
  WebSocketClient socket(world, client.target("websocket"));
  socket.send("2probe");
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(),
            "6\x1e"
            "1");
}

}}  // namespace aerie::engineio::test
