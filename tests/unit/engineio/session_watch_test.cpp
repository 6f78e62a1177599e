#include "unit/engineio/engine_fixture.hpp"

#include <aerie/engineio/shared_messages.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace aerie::engineio::test { namespace {

class WatchedSession : public EngineFixture {
 protected:
  WebSocketClient& open(ServerOptions options = {}) {
    start(std::move(options));
    auto& opened = client.emplace(world, "/engine.io/?EIO=4&transport=websocket");
    opened.take();
    take_events();
    return opened;
  }
  /// Notes all that can be heard.
  void listen() {
    auto& heard = session->events();
    heard.packet = [this](Packet const& packet) { note("packet", packet); };
    heard.packet_create = [this](Packet const& packet) { note("packet_create", packet); };
    heard.flush = [this] { events.emplace_back("flush"); };
    heard.drain = [this] { events.emplace_back("drain"); };
    heard.heartbeat = [this] { events.emplace_back("heartbeat"); };
  }
  void note(std::string const& what, Packet const& packet) {
    events.push_back(what + " " + static_cast<char>(packet.type) + (packet.binary ? "b" : "") +
                     std::string(packet.data.substr(0, 10)));
  }
  void note_when(std::size_t mark, std::string const& name) {
    session->when_buffered(
        mark, [this, name](bool reached) { events.push_back(name + (reached ? "" : " in vain")); });
  }
  std::optional<WebSocketClient> client;
};

TEST_F(WatchedSession, TellsOfPacketsAndOfHowTheyLeave) {
  auto& socket = open();
  world.in_turn([this] { listen(); });
  EXPECT_EQ(take_events(), Strings{});
  socket.send("4hello");
  EXPECT_EQ(take_events(), (Strings{"packet 4hello", "text hello"}));
  world.in_turn([this] {
    session->send_text("one");
    session->send_binary("two");
  });
  EXPECT_EQ(take_events(), (Strings{"packet_create 4one", "packet_create 4btwo", "flush", "drain"}));
  EXPECT_EQ(socket.take(), (Strings{"4one", "bdHdv"}));
  world.advance(25s);
  EXPECT_EQ(take_events(), (Strings{"packet_create 2", "flush", "drain"}));
  socket.send("3");
  EXPECT_EQ(take_events(), (Strings{"packet 3", "heartbeat"}));
}

TEST_F(WatchedSession, DrainsWhenItsClientHasTakenEverything) {
  auto& socket = open();
  socket.connection.set_window(10);
  world.in_turn([this] { listen(); });
  send(std::string(100, 'x'));
  EXPECT_EQ(take_events(), (Strings{"packet_create 4xxxxxxxxxx", "flush"}));
  socket.connection.take();
  world.run();
  EXPECT_EQ(take_events(), Strings{});
  socket.connection.set_window(1000);
  socket.connection.take();
  world.run();
  EXPECT_EQ(take_events(), Strings{"drain"});
}

TEST_F(WatchedSession, OfALongPollFlushesWhenItIsPolled) {
  start();
  PollingClient polling(world, "/engine.io/");
  polling.open();
  take_events();
  world.in_turn([this] { listen(); });
  send("one");
  send("two");
  EXPECT_EQ(take_events(), (Strings{"packet_create 4one", "packet_create 4two"}));
  polling.begin_poll();
  EXPECT_EQ(take_events(), (Strings{"flush", "drain"}));
  EXPECT_EQ(polling.answer().body,
            "4one\x1e"
            "4two");
}

TEST_F(WatchedSession, IsHeardOfByTheServersHooks) {
  start();
  engine->hooks.flush = [this](Session& of) {
    events.push_back("flush of " + std::string(1, of.id().empty() ? '?' : 's'));
  };
  engine->hooks.drain = [this](Session&) { events.emplace_back("drain"); };
  auto& socket = client.emplace(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(take_events(), (Strings{"open websocket", "flush of s", "drain"}));
  send("hello");
  EXPECT_EQ(take_events(), (Strings{"flush of s", "drain"}));
  EXPECT_EQ(socket.take().back(), "4hello");
}

TEST_F(WatchedSession, IsSentEachMessageByItselfWhoeverElseIsSentIt) {
  open();
  world.in_turn([this] {
    EXPECT_TRUE(session->shared_sink());
    listen();
    EXPECT_FALSE(session->shared_sink());
  });
}

TEST_F(WatchedSession, MayBeEndedByEachOfItsListeners) {
  using Install = std::function<void(SessionEvents&, std::function<void()>)>;
  std::array<std::pair<char const*, Install>, 4> const listeners{{
      {"packet", [](auto& heard, auto end) { heard.packet = [end](Packet const&) { end(); }; }},
      {"packet_create", [](auto& heard, auto end) { heard.packet_create = [end](Packet const&) { end(); }; }},
      {"flush", [](auto& heard, auto end) { heard.flush = end; }},
      {"drain", [](auto& heard, auto end) { heard.drain = end; }},
  }};
  for (auto const over_polling : {false, true}) {
    for (auto const discard : {false, true}) {
      for (auto const& listener : listeners) {
        SCOPED_TRACE(std::string(listener.first) + (over_polling ? " over polling" : " over a WebSocket"));
        start();
        std::optional<PollingClient> polling;
        if (over_polling) {
          polling.emplace(world, "/engine.io/").open();
          polling->begin_poll();
        } else {
          client.emplace(world, "/engine.io/?EIO=4&transport=websocket");
        }
        world.in_turn([&] {
          listener.second(session->events(), [this, discard] {
            // It is called for the close packet, too.
            if (session != nullptr) session->close(discard);
          });
        });
        take_events();
        if (over_polling) {
          polling->post("4hello");
        } else {
          client->send("4hello");
        }
        if (session != nullptr) send("hello");
        if (over_polling) polling->begin_poll();
        EXPECT_EQ(session, nullptr);
        EXPECT_EQ(std::ranges::count(events, "closed: forced close"), 1);
        world.advance(31s);
        EXPECT_EQ(engine->clients_count(), 0U);
        client.reset();
      }
    }
  }
}

TEST_F(WatchedSession, ListenersMayReplaceThemselves) {
  auto& socket = open();
  world.in_turn([this] {
    session->events().packet = [this, text = std::string(100, 'x')](Packet const&) {
      session->events().packet = nullptr;
      events.push_back(text.substr(0, 3));
    };
  });
  socket.send("4one");
  socket.send("4two");
  EXPECT_EQ(take_events(), (Strings{"xxx", "text one", "text two"}));
}

// --- Waiting for a client

TEST_F(WatchedSession, HasNothingBufferedForAClientThatReads) {
  open();
  world.in_turn([this] {
    EXPECT_EQ(session->buffered_amount(), 0U);
    note_when(0, "at once");
    EXPECT_EQ(take_events(), Strings{"at once"});
    session->send_text("hello");
    EXPECT_EQ(session->buffered_amount(), 8U);  // With the frame's header and the packet's type.
    note_when(8, "at once");
    note_when(0, "later");
    EXPECT_EQ(take_events(), Strings{"at once"});
  });
  EXPECT_EQ(take_events(), Strings{"later"});
  world.in_turn([this] { EXPECT_EQ(session->buffered_amount(), 0U); });
}

TEST_F(WatchedSession, WakesWhoeverWaitsWhenItsMarkIsReached) {
  auto& socket = open();
  socket.connection.set_window(1000);
  world.in_turn([this] {
    session->send_text(std::string(9'995, 'x'));
    note_when(0, "none");
    note_when(5'000, "half");
    note_when(8'000, "much");
  });
  for (int read = 0; read < 2; ++read) {
    world.in_turn([this] { EXPECT_GT(session->buffered_amount(), 7'000U); });
    socket.connection.take();
    world.run();
  }
  EXPECT_EQ(take_events(), Strings{"much"});
  for (int read = 0; read < 3; ++read) {
    socket.connection.take();
    world.run();
  }
  EXPECT_EQ(take_events(), Strings{"half"});
  while (!socket.connection.take().empty())
    world.run();
  EXPECT_EQ(take_events(), Strings{"none"});
}

TEST_F(WatchedSession, WakesInTheOrderOfWaitingWhoeverMaySendAgain) {
  auto& socket = open();
  socket.connection.set_window(0);
  world.in_turn([this] {
    session->send_text("first");
    for (auto const* const name : {"a", "b", "c"}) {
      session->when_buffered(0, [this, name](bool) {
        events.emplace_back(name);
        session->send_text(name);
      });
    }
  });
  EXPECT_EQ(take_events(), Strings{});
  socket.connection.set_window(1'000'000);
  world.run();
  EXPECT_EQ(take_events(), (Strings{"a", "b", "c"}));
  EXPECT_EQ(socket.take(), (Strings{"4first", "4a", "4b", "4c"}));
}

TEST_F(WatchedSession, TellsWhoeverWaitsOfItsEnd) {
  for (auto const discard : {false, true}) {
    auto& socket = open();
    socket.connection.set_window(0);
    world.in_turn([this] {
      session->send_text("hello");
      note_when(0, "waited");
    });
    EXPECT_EQ(take_events(), Strings{});
    world.in_turn([&] { session->close(discard); });
    EXPECT_EQ(take_events(), (Strings{"waited in vain", "closed: forced close"}));
    client.reset();
    world.run();
  }
}

TEST_F(WatchedSession, WaitsForTheNextPollAndForAnUpgrade) {
  start();
  PollingClient polling(world, "/engine.io/");
  polling.open();
  take_events();
  world.in_turn([this] {
    session->send_text("hello");
    EXPECT_GT(session->buffered_amount(), 0U);
    note_when(0, "polled");
  });
  EXPECT_EQ(take_events(), Strings{});
  polling.begin_poll();
  EXPECT_EQ(take_events(), Strings{"polled"});
  polling.answer();
  world.in_turn([this] {
    session->send_text("again");
    note_when(0, "upgraded");
  });
  WebSocketClient socket(world, "/engine.io/?EIO=4&transport=websocket&sid=" + std::string(session->id()));
  socket.send("2probe");
  EXPECT_EQ(take_events(), Strings{});
  socket.send("5");
  EXPECT_EQ(take_events(), (Strings{"upgraded", "upgraded"}));
  EXPECT_EQ(socket.take(), (Strings{"3probe", "4again"}));
}

TEST_F(WatchedSession, CostsNothingMoreWhenNobodyWaits) {
  auto& socket = open();
  auto const before = world.runtime.stats().shards.front().bytes_held;
  socket.connection.set_window(0);
  world.in_turn([this] {
    session->send_text("hello");
    note_when(0, "waited");
  });
  EXPECT_GT(world.runtime.stats().shards.front().bytes_held, before);
  socket.connection.set_window(1'000'000);
  world.run();
  EXPECT_EQ(take_events(), Strings{"waited"});
  EXPECT_EQ(world.runtime.stats().shards.front().bytes_held, before);
}

TEST_F(WatchedSession, ThatIsClosedAsSlowIsCounted) {
  auto& socket = open({.outgoing_limit = 100'000});
  socket.connection.set_window(0);
  for (int turn = 0; turn < 10; ++turn) {
    if (session != nullptr) send(std::string(60'000, 'x'));
  }
  EXPECT_EQ(session, nullptr);
  EXPECT_EQ(engine->slow_consumers(), 1U);
}

}}  // namespace aerie::engineio::test
