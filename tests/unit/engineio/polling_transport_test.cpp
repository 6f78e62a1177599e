#include "unit/engineio/engine_fixture.hpp"

namespace aerie::engineio::test { namespace {

using namespace std::string_literals;

class Polling : public EngineFixture {
 protected:
  void open(ServerOptions options = {}) {
    start(std::move(options));
    client.open();
    take_events();
  }
  PollingClient client{world};
};

TEST_F(Polling, OpensWithExactlyTheOfficialHandshake) {
  start({.ping_interval = 300ms, .ping_timeout = 200ms, .max_http_buffer_size = 5000});
  auto const body = client.open();
  EXPECT_EQ(client.sid.size(), 20U);
  EXPECT_EQ(
      body,
      "0{\"sid\":\"" + client.sid +
          "\",\"upgrades\":[\"websocket\"],\"pingInterval\":300,\"pingTimeout\":200,\"maxPayload\":5000}");
  EXPECT_EQ(client.opened.header("Content-Type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(client.opened.header("Cache-Control"), "no-store");
  EXPECT_EQ(client.opened.header("Set-Cookie"), "");
}

TEST_F(Polling, OffersNoUpgradeThatIsNotAllowed) {
  start({.allow_upgrades = false});
  EXPECT_NE(client.open().find("\"upgrades\":[]"), std::string::npos);
}

TEST_F(Polling, SendsTheInitialPacketWithTheHandshake) {
  start({.initial_packet = "welcome"});
  auto const body = client.open();
  EXPECT_EQ(body.substr(body.find('\x1e')),
            "\x1e"
            "4welcome");
}

TEST_F(Polling, CarriesMessagesBothWaysInOrder) {
  open();
  auto const answer = client.post(
      "4one\x1e"
      "bdHdv\x1e"
      "4three");
  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(answer.header("Content-Type"), "text/html");
  EXPECT_EQ(take_events(), (Strings{"text one", "binary two", "text three"}));
  world.in_turn([&] {
    session->send_text("a");
    session->send_binary("\1\2");
    session->send_text("\xf0\x9f\x98\x80");
  });
  EXPECT_EQ(client.poll(),
            "4a\x1e"
            "bAQI=\x1e"
            "4\xf0\x9f\x98\x80");
}

TEST_F(Polling, AnswersAPendingPollOncePerTurn) {
  open();
  client.begin_poll();
  EXPECT_EQ(client.answer().status, 0);
  world.in_turn([&] {
    EXPECT_TRUE(session->writable());
    session->send_text("1");
    EXPECT_FALSE(session->writable());
    session->send_text("2");
  });
  EXPECT_EQ(client.polled(),
            "41\x1e"
            "42");
}

TEST_F(Polling, EndsTheSessionWhenPollsOverlap) {
  open();
  client.begin_poll();
  EXPECT_EQ(world.ask(get_request(client.target())).status, 400);
  EXPECT_EQ(client.polled(), "1");
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
  EXPECT_EQ(client.poll(), "(status 400)");
}

TEST_F(Polling, EndsTheSessionWhenPostsOverlap) {
  open();
  client.posts.write("POST " + client.target() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n4h");
  world.run();
  EXPECT_EQ(world.ask(post_request(client.target(), "4x")).status, 400);
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
  EXPECT_TRUE(client.posts.ended()) << "the body under way is wanted no more";
}

TEST_F(Polling, EndsTheSessionWhenAPollIsAborted) {
  open();
  client.begin_poll();
  client.polls.close();
  world.run();
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

TEST_F(Polling, EndsTheSessionWhenAPostIsAborted) {
  open();
  client.posts.write("POST " + client.target() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n4h");
  world.run();
  client.posts.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

TEST_F(Polling, KeepsTheSessionWhenABodyIsTooLarge) {
  open({.max_http_buffer_size = 10});
  EXPECT_EQ(client.post("4" + std::string(9, 'x')).status, 200);
  EXPECT_EQ(client.post("4" + std::string(10, 'x')).status, 413);
  PollingClient again(world);
  again.sid = client.sid;
  EXPECT_EQ(again.post("4hello").status, 200);
  EXPECT_EQ(take_events(), (Strings{"text xxxxxxxxx", "text hello"}));
}

TEST_F(Polling, EndsTheSessionOnOctetStreams) {
  open();
  auto const answer = client.post("4a", "application/octet-stream");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
}

TEST_F(Polling, Answers500ToOtherMethodsAndKeepsTheSession) {
  open();
  EXPECT_EQ(world.ask("PUT " + client.target() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status,
            500);
  EXPECT_EQ(client.post("4a").status, 200);
}

TEST_F(Polling, EndsTheSessionOnNonsenseButHandlesWhatStoodBeforeIt) {
  for (auto const& body : {"4a\x1e"
                           "abc"s,
                           "4a\x1e"s,
                           "4a\x1e"
                           "7"s}) {
    open();
    EXPECT_EQ(client.post(body).body, "ok");
    EXPECT_EQ(take_events(), (Strings{"text a", "closed: parse error"})) << body;
    engine.reset();
  }
  open();
  client.post("4\xff\xfe");
  EXPECT_EQ(take_events(), Strings{"closed: parse error"}) << "not UTF-8";
}

TEST_F(Polling, HandlesNothingBehindAClosePacket) {
  open();
  EXPECT_EQ(client
                .post("4a\x1e"
                      "1\x1e"
                      "4b")
                .body,
            "ok");
  EXPECT_EQ(take_events(), (Strings{"text a", "closed: transport close"}));
}

TEST_F(Polling, TakesBodiesInPiecesAndInChunks) {
  open();
  auto const request = post_request(client.target(), "4\xe2\x82\xac");
  for (char const c : request) {
    client.posts.write({&c, 1});
    world.run();
  }
  world.ask(
      "POST " + client.target() +
      " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n4\xe2\r\n2\r\n\x82\xac\r\n0\r\n\r\n");
  EXPECT_EQ(take_events(), (Strings{"text \xe2\x82\xac", "text \xe2\x82\xac"}));
}

TEST_F(Polling, CompressesLargeAnswersForThoseWhoWantIt) {
  open({.http_compression = 100});
  send(std::string(200, 'x'));
  client.begin_poll("Accept-Encoding: gzip\r\n");
  auto const compressed = client.answer();
  EXPECT_EQ(compressed.header("Content-Encoding"), "gzip");
  EXPECT_LT(compressed.body.size(), 100U);
  world.in_turn([&] { session->send_text(std::string(200, 'x'), false); });
  client.begin_poll("Accept-Encoding: gzip\r\n");
  EXPECT_EQ(client.answer().header("Content-Encoding"), "") << "nothing in it asked for it";
  send(std::string(50, 'x'));
  client.begin_poll("Accept-Encoding: gzip\r\n");
  EXPECT_EQ(client.answer().header("Content-Encoding"), "") << "too small";
}

TEST_F(Polling, CompressesForAllClientsOfAShardWithOneObject) {
  open({.http_compression = 100});
  auto const poll = [&](std::string_view coding) {
    send(std::string(200, 'x'));
    client.begin_poll("Accept-Encoding: " + std::string(coding) + "\r\n");
    auto const answer = client.answer();
    EXPECT_EQ(answer.header("Content-Encoding"), coding);
    EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
    EXPECT_LT(answer.body.size(), 100U);
  };
  auto const before = world.runtime.stats().shards[0].bytes_held;
  for (auto const* coding : {"br", "gzip"})
    poll(coding);
  auto const after = world.runtime.stats().shards[0].bytes_held;
  EXPECT_GT(after, before) << "it counts";
  for (auto const* coding : {"deflate", "gzip", "br"})
    poll(coding);
  EXPECT_EQ(world.runtime.stats().shards[0].bytes_held, after) << "and nothing is kept for a client";
}

TEST_F(Polling, ProtectsOldBrowsersFromTheirFilters) {
  start();
  client.open("", "User-Agent: Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0)\r\n");
  EXPECT_EQ(client.opened.header("X-XSS-Protection"), "0");
}

// --- Slow consumers

TEST_F(Polling, DisconnectsAClientThatDoesNotFetchWhatItIsSent) {
  open({.outgoing_limit = 400});
  send(std::string(140, 'a'));
  send(std::string(60, 'b'));
  EXPECT_EQ(take_events(), Strings{}) << "two packets, with all that holding them takes";
  send(std::string(100, 'c'));
  EXPECT_EQ(take_events(), Strings{"closed: transport error"});
  EXPECT_EQ(client.poll(), "(status 400)");
  EXPECT_TRUE(world.logged("More than ServerOptions::outgoing_limit (400 bytes) was waiting"));
}

TEST_F(Polling, LetsAnyOnePacketFitAnEmptyQueueWithItsAttachments) {
  open({.outgoing_limit = 10});
  world.in_turn([&] {
    session->send_text(std::string(1000, 'a'));
    session->send_binary(std::string(1000, 'b'));
    session->send_binary(std::string(1000, 'c'));
  });
  EXPECT_EQ(take_events(), Strings{});
  EXPECT_GT(client.poll().size(), 3000U);
  world.in_turn([&] { session->send_text(std::string(1000, 'a')); });
  world.in_turn([&] { session->send_binary(std::string(1000, 'b')); });
  EXPECT_EQ(take_events(), Strings{"closed: transport error"})
      << "a binary message of a later turn is not part of it";
}

TEST_F(Polling, TakesABurstOfOneTurnForAClientThatIsBetweenTwoPolls) {
  open();
  world.in_turn([&] {
    for (int i = 0; i < 60; ++i)
      session->send_text(std::string(100'000, 'x'));
  });
  EXPECT_EQ(take_events(), Strings{});
  EXPECT_EQ(client.poll().size(), 60U * 100'001 + 59);
}

TEST_F(Polling, EndsAClientThatNeverPollsAtThePingTimeoutThoughAllWasWrittenInOneTurn) {
  open({.ping_interval = 300ms, .ping_timeout = 200ms, .outgoing_limit = 10'000});
  world.in_turn([&] {
    for (int i = 0; i < 100; ++i)
      session->send_text(std::string(1000, 'x'));
  });
  world.advance(300ms);
  world.advance(199ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: ping timeout"});
}

TEST_F(Polling, HoldsAtMostTheLimitAnd64KibForAClientThatDoesNotPoll) {
  for (std::size_t const size : {1U, 15U, 16U, 100U, 5'000U, 60'000U}) {
    open();
    auto const& account = world.runtime.shard(0).account();
    auto const before = account.used();
    std::size_t most = 0;
    while (session != nullptr) {
      send(std::string(size, 'x'));
      most = std::max(most, account.used());
    }
    EXPECT_EQ(take_events(), Strings{"closed: transport error"});
    EXPECT_LE(most - before, (1U << 20U) + (64U << 10U)) << size;
    EXPECT_GT(most - before, 900'000U) << size;
    engine.reset();
  }
}

TEST_F(Polling, DoesNotLimitWhatAPendingPollCarriesAway) {
  open({.outgoing_limit = 10});
  client.begin_poll();
  world.in_turn([&] {
    for (int i = 0; i < 10; ++i)
      session->send_text("0123456789");
  });
  EXPECT_EQ(client.polled().size(), 10U * 11 + 9);
}

TEST_F(Polling, SurvivesAHandlerThatClosesTheSessionItSendsTo) {
  open();
  client.begin_poll();
  on_text = [this](std::string_view) {
    session->send_text("bye");
    session->close();
  };
  EXPECT_EQ(client
                .post("4go\x1e"
                      "4again")
                .body,
            "ok");
  EXPECT_EQ(take_events(), (Strings{"text go", "closed: forced close"}));
  EXPECT_EQ(client.polled(), "4bye");
  EXPECT_EQ(client.poll(),
            "6\x1e"
            "1");
}

}}  // namespace aerie::engineio::test
