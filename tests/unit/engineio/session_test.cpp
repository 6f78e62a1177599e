#include "unit/engineio/engine_fixture.hpp"

#include <aerie/engineio/shared_messages.hpp>

#include <optional>

namespace aerie::engineio::test { namespace {

class SessionOn : public EngineFixture {
 protected:
  SessionOn() { start({.ping_interval = 300ms, .ping_timeout = 200ms}); }
  PollingClient& polling() {
    auto& client = polling_.emplace(world);
    client.open();
    take_events();
    return client;
  }
  WebSocketClient& websocket() {
    auto& client = websocket_.emplace(world, "/engine.io/?EIO=4&transport=websocket");
    client.take();
    take_events();
    return client;
  }

 private:
  std::optional<PollingClient> polling_;
  std::optional<WebSocketClient> websocket_;
};

// --- Heartbeat

TEST_F(SessionOn, IsPingedAtExactlyThePingInterval) {
  auto& client = websocket();
  world.advance(299ms);
  EXPECT_EQ(client.take(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(client.take(), Strings{"2"});
}

TEST_F(SessionOn, IsPingedAnIntervalAfterItsLastPong) {
  auto& client = websocket();
  world.advance(300ms);
  world.advance(150ms);
  client.send("3");
  client.take();
  world.advance(299ms);
  EXPECT_EQ(client.take(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(client.take(), Strings{"2"});
}

TEST_F(SessionOn, EndsAtExactlyThePingTimeout) {
  auto& client = websocket();
  world.advance(300ms);
  world.advance(199ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
  EXPECT_EQ(client.take(), (Strings{"2", "(close)"}));
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(SessionOn, IsGivenMoreTimeOnceIfItSaysAnythingElse) {
  auto& client = websocket();
  world.advance(300ms);
  world.advance(100ms);
  client.send("4busy");
  world.advance(199ms);
  client.send("4still busy");  // the second time does not count
  EXPECT_EQ(take_events(), (Strings{"text busy", "text still busy"}));
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

TEST_F(SessionOn, DoesNotTakeAPongThatNobodyAskedForAsTheNextOne) {
  auto& client = websocket();
  world.advance(200ms);
  client.send("3");
  world.advance(100ms);
  EXPECT_EQ(client.take(), Strings{"2"});
  world.advance(200ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

TEST_F(SessionOn, EndsIfTheClientPings) {
  websocket().send("2");
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

TEST_F(SessionOn, IsPingedThroughAPendingPoll) {
  auto& client = polling();
  client.begin_poll();
  world.advance(300ms);
  EXPECT_EQ(client.polled(), "2");
  EXPECT_EQ(client.post("3").body, "ok");
  client.begin_poll();
  world.advance(300ms);
  EXPECT_EQ(client.polled(), "2");
}

TEST_F(SessionOn, EndsWithoutAPollUnderWayToo) {
  auto& client = polling();
  world.advance(300ms);
  world.advance(200ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

// --- The end

TEST_F(SessionOn, EndsWhenTheClientSaysSo) {
  auto& client = polling();
  client.begin_poll();
  EXPECT_EQ(client.post("1").body, "ok");
  EXPECT_EQ(client.polled(), "6");
  EXPECT_EQ(take_events(), Strings{"closed: transport close"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, EndsWhenTheClientSaysSoOnAWebSocket) {
  auto& client = websocket();
  client.send("1");
  EXPECT_EQ(take_events(), Strings{"closed: transport close"});
  EXPECT_EQ(client.take(), Strings{"(close)"});
}

TEST_F(SessionOn, ThatIsClosedTellsThePendingPoll) {
  auto& client = polling();
  client.begin_poll();
  world.in_turn([&] { session->close(); });
  EXPECT_EQ(client.polled(), "1");
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(SessionOn, ThatIsClosedTellsTheNextPoll) {
  auto& client = polling();
  world.in_turn([&] {
    session->send_text("last words");
    session->close();
    EXPECT_EQ(session, nullptr) << "for its user it has ended";
  });
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(), "4last words");
  EXPECT_EQ(client.poll(),
            "6\x1e"
            "1");
  EXPECT_EQ(take_events(), Strings{}) << "told once";
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, ThatIsClosedWaitsThirtySecondsForTheNextPoll) {
  auto& client = polling();
  world.in_turn([&] { session->close(); });
  world.advance(29'999ms);
  EXPECT_EQ(engine->clients_count(), 1U);
  world.advance(1ms);
  EXPECT_EQ(engine->clients_count(), 0U);
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, ThatIsClosedHearsNothingMore) {
  auto& client = polling();
  world.in_turn([&] { session->close(); });
  take_events();
  client.post("4anybody?");
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(SessionOn, ThatIsClosedTwiceIsGivenUpAtOnce) {
  auto& client = polling();
  auto& closing = *session;
  world.in_turn([&] {
    closing.close();
    closing.close();
    closing.close();
  });
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, ThatIsDiscardedLosesWhatWaits) {
  auto& client = polling();
  client.begin_poll();
  world.in_turn([&] {
    session->send_text("lost");
    session->close(true);
  });
  EXPECT_EQ(client.polled(), "1");
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, ThatIsDiscardedWithoutAPollIsGone) {
  auto& client = polling();
  world.in_turn([&] { session->close(true); });
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(SessionOn, ThatIsClosedOnAWebSocketSendsWhatWaitsFirst) {
  auto& client = websocket();
  world.in_turn([&] {
    session->send_text("last words");
    session->close();
  });
  EXPECT_EQ(client.take(), (Strings{"4last words", "(close)"}));
  EXPECT_TRUE(client.connection.ended());
}

TEST_F(SessionOn, SendsNothingAfterItsEnd) {
  auto& client = websocket();
  world.in_turn([&] {
    auto& ended = *session;
    ended.close();
    ended.send_text("too late");
    ended.send_binary("too late");
    EXPECT_FALSE(ended.writable());
    EXPECT_FALSE(ended.shared_sink());
  });
  EXPECT_EQ(client.take(), Strings{"(close)"});
}

TEST_F(SessionOn, MayBeClosedByItsHandlerInTheMiddleOfARead) {
  auto& client = websocket();
  on_text = [this](std::string_view) { session->close(); };
  client.write(aerie::websocket::test::text_frame("4a") + aerie::websocket::test::text_frame("4b"));
  EXPECT_EQ(take_events(), (Strings{"text a", "closed: forced close"}));
}

TEST_F(SessionOn, MayBeClosedAsSoonAsItOpens) {
  on_open = [](Session& opened) { opened.close(); };
  auto& client = polling();
  EXPECT_FALSE(client.sid.empty());
  EXPECT_EQ(client.poll(),
            "6\x1e"
            "1");
  WebSocketClient other(world, "/engine.io/?EIO=4&transport=websocket");
  auto const messages = other.take();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1], "(close)");
}

TEST_F(SessionOn, OfAClosedServerIsDiscardedAndNewOnesAreRefused) {
  auto& client = polling();
  client.begin_poll();
  engine->close();
  world.run();
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  EXPECT_EQ(client.polled(), "1");
  EXPECT_EQ(get("EIO=4&transport=polling").status, 503);
  engine->reopen();
  EXPECT_EQ(get("EIO=4&transport=polling").status, 200);
}

// --- The first request after the handshake

class Newcomers : public EngineFixture {
 protected:
  Newcomers() { start({.ping_interval = 25s, .ping_timeout = 20s, .first_poll_timeout = 10s}); }
};

TEST_F(Newcomers, WhoNeverComeBackAreForgottenSoon) {
  PollingClient client(world);
  client.open();
  world.advance(9'999ms);
  EXPECT_EQ(engine->clients_count(), 1U);
  world.advance(1ms);
  EXPECT_EQ(take_events(), (Strings{"open polling", "closed: ping timeout"}));
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(Newcomers, WhoComeBackInAnyWayAreKeptAndPingedAsEver) {
  for (auto const* const way : {"poll", "post", "upgrade"}) {
    PollingClient client(world);
    client.open();
    world.advance(3s);
    std::optional<WebSocketClient> socket;
    if (way == std::string_view("poll")) client.begin_poll();
    if (way == std::string_view("post")) client.post("4hello");
    if (way == std::string_view("upgrade")) socket.emplace(world, client.target("websocket"));
    world.advance(21'999ms);
    EXPECT_EQ(engine->clients_count(), 1U) << way;
    if (way == std::string_view("post")) client.begin_poll();
    EXPECT_EQ(client.polled(), "(pending)") << way;
    world.advance(1ms);
    if (way != std::string_view("upgrade")) {
      EXPECT_EQ(client.polled(), "2") << way;
    }
    client.post("1");
  }
}

TEST_F(Newcomers, OnWebSocketsHaveComeToStay) {
  WebSocketClient client(world, "/engine.io/?EIO=4&transport=websocket");
  world.advance(24'999ms);
  EXPECT_EQ(engine->clients_count(), 1U);
}

}}  // namespace aerie::engineio::test
