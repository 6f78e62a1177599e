#include "unit/engineio/engine_fixture.hpp"

#include <aerie/engineio/shared_messages.hpp>
#include <aerie/websocket/deflate.hpp>

#include <list>
#include <optional>

namespace aerie::engineio::test { namespace {

using websocket::test::wire;

class WebSockets : public EngineFixture {
 protected:
  WebSocketClient& open(ServerOptions options = {}) {
    start(std::move(options));
    auto& opened = client.emplace(world, "/engine.io/?EIO=4&transport=websocket");
    opened.take();
    take_events();
    return opened;
  }
  std::optional<WebSocketClient> client;
};

TEST_F(WebSockets, OpenWithAHandshakeThatOffersNoUpgrade) {
  start({.cookie = CookieOptions{}, .initial_packet = "welcome"});
  WebSocketClient socket(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(socket.handshake.status, 101);
  auto const messages = socket.take();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_NE(messages[0].find("\"upgrades\":[]"), std::string::npos);
  EXPECT_EQ(messages[1], "4welcome");
  EXPECT_EQ(take_events(), Strings{"open websocket"});
}

TEST_F(WebSockets, ThatAreNoneOpenNothing) {
  start();
  auto const answer =
      world.ask(get_request("/engine.io/?EIO=4&transport=websocket",
                            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(engine->clients_count(), 0U);
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(WebSockets, CarryMessagesBothWays) {
  auto& socket = open();
  socket.send("4hello");
  socket.send_binary("\1\2\3");
  socket.send("bAQID");
  socket.send("bAQ\nI-\n");
  EXPECT_EQ(take_events(), (Strings{"text hello", "binary \1\2\3", "binary \1\2\3", "binary \1\2>"}));
  world.in_turn([&] {
    session->send_text("hi");
    session->send_binary("\1\2\3");
    session->send_text(std::string(70'000, 'x'));
  });
  EXPECT_EQ(socket.take(), (Strings{"4hi", "bAQID", "4" + std::string(70'000, 'x')}));
}

TEST_F(WebSockets, TakeWhatManyAreSentInItsPlaceAmongTheirOwn) {
  auto& socket = open();
  world.in_turn([&] {
    SharedMessages first;
    first.add_text("first");
    first.add_binary("\1");
    SharedMessages more;
    more.add_text("more");
    auto const sink = session->shared_sink();
    ASSERT_TRUE(sink);
    sink.send(more);
    SharedBurst burst(session->shard(), first);
    sink.join(burst);
    session->send_text("its own");
    EXPECT_TRUE(burst.add(more));
  });
  EXPECT_EQ(socket.take(), (Strings{"4more", "4first", "bAQ==", "4its own", "4more"}));
}

TEST_F(WebSockets, CarryWhatCameTogetherWithTheHandshake) {
  start();
  auto connection = world.connect();
  connection.write(get_request("/engine.io/?EIO=4&transport=websocket",
                               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") +
                   websocket::test::text_frame("4early"));
  world.run();
  EXPECT_EQ(take_events(), (Strings{"open websocket", "text early"}));
}

TEST_F(WebSockets, AreClosedForNonsense) {
  struct Case {
    std::string bytes;
    std::string answer;
    std::string event;
  };
  Case const table[] = {
      {websocket::test::text_frame("abc"), "(close)", "closed: parse error"},
      {websocket::test::text_frame(""), "(close)", "closed: parse error"},
      {websocket::test::text_frame("4\xff"), "(close 1007)", "closed: transport error"},
      {wire({.payload = "4a", .masked = false}), "(close 1002)", "closed: transport error"},
      {websocket::test::text_frame("4" + std::string(1000, 'x')), "(close 1009)", "closed: transport error"},
      {websocket::test::close_frame(1000), "(close 1000)", "closed: transport close"},
  };
  for (auto const& [bytes, answer, event] : table) {
    auto& socket = open({.max_http_buffer_size = 1000});
    socket.write(bytes);
    EXPECT_EQ(socket.take(), Strings{answer}) << event;
    EXPECT_EQ(take_events(), Strings{event}) << answer;
    engine.reset();
  }
}

TEST_F(WebSockets, ThatBreakOffAreClosed) {
  auto& socket = open();
  socket.connection.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{"closed: transport close"});
}

TEST_F(WebSockets, AnswerControlFrames) {
  auto& socket = open();
  socket.write(websocket::test::ping_frame("x"));
  EXPECT_EQ(socket.connection.take(), "\x8a\x01x");
}

TEST_F(WebSockets, AnswerPingsBehindAnswersThatWaitForTheEndOfTheTurn) {
  auto& socket = open();
  on_text = [this](std::string_view) { session->send_text(std::string(1100, 'x')); };
  socket.write(websocket::test::text_frame("4give") + websocket::test::ping_frame("now"));
  EXPECT_TRUE(socket.connection.take().ends_with("\x8a\x03now"));
}

TEST_F(WebSockets, AnswerThePingsOfClientsThatReadAgain) {
  auto& socket = open();
  socket.connection.set_window(10);
  send(std::string(100, 'x'));
  socket.write(websocket::test::ping_frame("one"));
  socket.write(websocket::test::ping_frame("two"));
  socket.connection.set_window(10'000);
  world.run();
  auto const bytes = socket.connection.take();
  EXPECT_TRUE(bytes.ends_with("\x8a\x03two"));
  EXPECT_EQ(bytes.find("one"), std::string::npos) << "only the last one is answered (RFC 6455 5.5.3)";
}

TEST_F(WebSockets, AreWritableWhileNothingWaits) {
  auto& socket = open();
  socket.connection.set_window(10);
  world.in_turn([&] {
    EXPECT_TRUE(session->writable());
    session->send_text(std::string(100, 'x'));
    EXPECT_FALSE(session->writable());
  });
  world.in_turn([&] { EXPECT_FALSE(session->writable()); });
  socket.connection.set_window(1000);
  world.run();
  world.in_turn([&] { EXPECT_TRUE(session->writable()); });
}

TEST_F(WebSockets, ThatTakeLessThanTheyAreSentAreClosedAsSlowConsumers) {
  auto& socket = open({.outgoing_limit = 1000});
  socket.connection.set_window(0);
  send(std::string(5000, 'x'));
  EXPECT_EQ(take_events(), Strings{}) << "one message always fits";
  send(std::string(900, 'y'));
  EXPECT_EQ(take_events(), Strings{}) << "so does what is within the limit behind it";
  send(std::string(200, 'z'));
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
  EXPECT_TRUE(socket.connection.closed());
  EXPECT_TRUE(world.logged("More than ServerOptions::outgoing_limit (1000 bytes) was waiting"));
}

TEST_F(WebSockets, FromForeignOriginsAreRefused) {
  start({.cors = http::CorsOptions{.origin = "https://here.example"}});
  WebSocketClient const foreign(world, "/engine.io/?EIO=4&transport=websocket",
                                "Origin: https://there.example\r\n");
  EXPECT_EQ(foreign.handshake.status, 403);
  WebSocketClient const own(world, "/engine.io/?EIO=4&transport=websocket",
                            "Origin: https://here.example\r\n");
  EXPECT_EQ(own.handshake.status, 101);
  WebSocketClient const program(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(program.handshake.status, 101);
}

TEST_F(WebSockets, CompressIfBothSidesWantIt) {
  start({.per_message_deflate = {.enabled = true}});
  WebSocketClient socket(world, "/engine.io/?EIO=4&transport=websocket",
                         "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  EXPECT_NE(socket.handshake.header("Sec-WebSocket-Extensions"), "");
  socket.connection.take();
  send(std::string(5000, 'x'));
  auto const bytes = socket.connection.take();
  EXPECT_LT(bytes.size(), 200U);
  EXPECT_EQ(bytes[0], '\xc1') << "FIN, RSV1 and text";
  EXPECT_FALSE(session->shared_sink()) << "it would not be compressed";
}

TEST_F(WebSockets, HoldForCompressionNoMoreThanTheirBudgetEach) {
  constexpr std::size_t count = 10;
  auto const keeps = websocket::deflate_memory({.server_no_context_takeover = true}, {});
  auto const all = websocket::deflate_memory({}, {});
  std::string const text(5000, 'x');
  // Beside a compressor that is shared stands the last packet, and what came of it.
  auto const kept = text.size() + 1;
  constexpr std::size_t little = 200;
  struct Row {
    std::size_t budget;
    std::size_t of_each;
    std::size_t in_common;
  };
  for (auto const& [budget, of_each, in_common] :
       {Row{512 * 1024, all, 0}, Row{64 * 1024, keeps, all - keeps + kept}, Row{0, 0, all + kept}}) {
    websocket::DeflateOptions const options{.enabled = true, .memory_budget = budget};
    start({.per_message_deflate = options});
    on_text = [this, &text](std::string_view) { session->send_text(text); };
    auto const used = [this] { return world.runtime.shard(0).account().used(); };
    auto const before = used();
    {
      std::list<WebSocketClient> clients;
      for (std::size_t i = 0; i < count; ++i) {
        auto& client = clients.emplace_back(world, "/engine.io/?EIO=4&transport=websocket",
                                            "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        auto const opened = used();
        std::string message;
        websocket::Deflate(websocket::Role::client, {}, options).compress("4hello", message);
        client.write(wire({.first = 0xc1, .payload = message}));
        EXPECT_EQ(take_events().back(), "text hello");
        auto const answer = client.connection.take();
        EXPECT_LT(answer.size(), little);
        EXPECT_EQ(answer[0], '\xc1') << "it is compressed";
        auto const expected = of_each + (i == 0 ? in_common : 0);
        EXPECT_GE(used() - opened, expected) << budget;
        EXPECT_LT(used() - opened, expected + (i == 0 ? little : 1)) << budget;
      }
    }
    world.advance(3s);
    EXPECT_EQ(engine->clients_count(), 0U);
    EXPECT_GE(used() - before, in_common);
    EXPECT_LT(used() - before, in_common + little);
    engine.reset();
    EXPECT_EQ(used(), before);
  }
}

}}  // namespace aerie::engineio::test
