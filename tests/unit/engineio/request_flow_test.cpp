#include "unit/engineio/engine_fixture.hpp"

#include <optional>
#include <stdexcept>
#include <thread>

namespace aerie::engineio::test { namespace {

class Requests : public EngineFixture {};

struct Refusal {
  std::string request;
  int status;
  std::string body;
};

TEST_F(Requests, ThatFitNothingAreRefusedInTheOfficialServersOrder) {
  ServerOptions options;
  int asked = 0;
  options.allow_request = [&](http::RequestHead const& request, Decision const& decision) {
    ++asked;
    if (request.query().find("forbidden") != std::string_view::npos) return decision.deny();
    if (request.query().find("because") != std::string_view::npos) return decision.deny("not \"you\"\n");
    decision.allow();
  };
  start(std::move(options));
  PollingClient client(world);
  client.open();
  asked = 0;
  auto const at = [](std::string_view query) { return get_request("/engine.io/?" + std::string(query)); };
  auto const post = [](std::string_view query) {
    return post_request("/engine.io/?" + std::string(query), "4a");
  };
  Refusal const table[] = {
      {at(""), 400, error_body(0, "Transport unknown")},
      {at("EIO=4&transport=constructor"), 400, error_body(0, "Transport unknown")},
      {at("EIO=4&transport=__proto__&sid=" + client.sid), 400, error_body(0, "Transport unknown")},
      {post("EIO=3&transport=none&sid=x"), 400, error_body(0, "Transport unknown")},
      {at("transport=polling&sid=unknown"), 400, error_body(1, "Session ID unknown")},
      {post("EIO=3&transport=polling&sid=unknown"), 400, error_body(1, "Session ID unknown")},
      {post("EIO=4&transport=polling"), 400, error_body(2, "Bad handshake method")},
      {post("EIO=3&transport=websocket&forbidden"), 400, error_body(2, "Bad handshake method")},
      {at("EIO=3&transport=websocket&forbidden"), 400, error_body(3, "Bad request")},
      {at("EIO=3&transport=polling&sid=" + client.sid), 400, error_body(3, "Bad request")},
      {at("EIO=4&transport=websocket&sid=" + client.sid), 400, error_body(3, "Bad request")},
      {at("EIO=3&transport=polling&forbidden"), 403, error_body(4, "Forbidden")},
      {at("EIO=4&transport=polling&because"), 403, error_body(4, R"(not \"you\")")},
      {at("transport=polling"), 400, error_body(5, "Unsupported protocol version")},
      {at("EIO=3&transport=polling"), 400, error_body(5, "Unsupported protocol version")},
      {at("EIO=abc&transport=polling"), 400, error_body(5, "Unsupported protocol version")},
  };
  for (auto const& [request, status, body] : table) {
    auto const answer = world.ask(request);
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_EQ(answer.body, body) << request;
    EXPECT_EQ(answer.header("Content-Type"), "application/json") << request;
  }
  EXPECT_EQ(asked, 5) << "only handshakes that are otherwise well are asked about";
  EXPECT_EQ(client.post("4still there").body, "ok");
}

TEST_F(Requests, OfDisabledTransportsAreUnknown) {
  start({.transports = {TransportKind::websocket}});
  EXPECT_EQ(get("EIO=4&transport=polling").body, error_body(0, "Transport unknown"));
}

TEST_F(Requests, OfWebSocketsAreRefusedWithAPlainMessage) {
  start();
  WebSocketClient const client(world, "/engine.io/?EIO=4&transport=websocket&sid=unknown");
  EXPECT_EQ(client.handshake.status, 400);
  EXPECT_EQ(client.handshake.body, "Session ID unknown");
  EXPECT_EQ(client.handshake.header("Connection"), "close");
  EXPECT_EQ(take_events(), Strings{"refused UNKNOWN_SID"});
}

TEST_F(Requests, AreToldWhyInTheHook) {
  start();
  get("EIO=4&transport=websocket");
  get("EIO=2&transport=polling");
  EXPECT_EQ(take_events(),
            (Strings{"refused TRANSPORT_HANDSHAKE_ERROR", "refused UNSUPPORTED_PROTOCOL_VERSION"}));
}

TEST_F(Requests, MayBeAllowedLaterFromAnotherThread) {
  ServerOptions options;
  std::optional<Decision> decision;
  options.allow_request = [&](http::RequestHead const&, Decision asked) { decision = std::move(asked); };
  start(std::move(options));
  PollingClient client(world);
  EXPECT_EQ(client.open(), "");
  std::thread([&] { decision->allow(); }).join();
  decision->deny();  // too late: the first answer counts
  world.run();
  EXPECT_EQ(client.answer().status, 200);
}

TEST_F(Requests, ThatNobodyDecidesAboutAreAnswered503AfterTheDecisionTimeout) {
  ServerOptions options{.decision_timeout = 500ms};
  std::optional<Decision> decision;
  options.allow_request = [&](http::RequestHead const&, Decision asked) { decision = std::move(asked); };
  start(std::move(options));
  PollingClient client(world);
  client.open();
  world.advance(499ms);
  EXPECT_EQ(client.answer().status, 0);
  world.advance(1ms);
  EXPECT_EQ(client.answer().status, 503);
  decision->allow();
  world.run();
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(Requests, OfClientsThatLeaveMeanwhileAreForgotten) {
  ServerOptions options;
  std::optional<Decision> decision;
  options.allow_request = [&](http::RequestHead const&, Decision asked) { decision = std::move(asked); };
  start(std::move(options));
  PollingClient client(world);
  client.open();
  client.polls.reset();
  world.run();
  decision->allow();
  world.run();
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(Requests, AreForgottenIfTheDecisionThrowsSomethingOfItsOwn) {
  ServerOptions options;
  options.allow_request = [](http::RequestHead const&, Decision const&) { throw 7; };
  start(std::move(options));
  auto connection = world.connect();
  connection.write(get_request("/engine.io/?EIO=4&transport=polling"));
  world.run();
  auto bytes = connection.take();
  EXPECT_EQ(aerie::test::take_answer(bytes).body, error_body(4, "Forbidden"));
  connection.reset();
  world.run();
  world.advance(1h);  // no timer is left that would answer once more
  EXPECT_EQ(take_events(), Strings{"refused FORBIDDEN"});
}

TEST_F(Requests, AreForbiddenIfTheDecisionThrows) {
  ServerOptions options;
  options.allow_request = [](http::RequestHead const&, Decision const&) {
    throw std::runtime_error("no database");
  };
  start(std::move(options));
  EXPECT_EQ(get("EIO=4&transport=polling").body, error_body(4, "Forbidden"));
  EXPECT_TRUE(world.logged("no database"));
}

// --- Origins

TEST_F(Requests, OfWebSocketsAreTakenFromTheServersOwnPages) {
  start({.cors = http::CorsOptions{.origin = "https://friend.example"}});
  struct Origin {
    std::string_view origin;
    int status;
  };
  // The Host of all of them is "test". The page may have come by https, through a proxy that speaks plainly
  // to us.
  Origin const table[] = {
      {"http://test", 101},  {"http://TEST", 101},      {"https://friend.example", 101},
      {"https://test", 101}, {"http://test:8080", 403}, {"http://test.evil.example", 403},
      {"http://tes", 403},   {"http://evil/test", 403}, {"http://evil.example", 403},
      {"test", 403},         {"http://", 403},          {"null", 403},
  };
  for (auto const& [origin, status] : table) {
    WebSocketClient const client(world, "/engine.io/?EIO=4&transport=websocket",
                                 "Origin: " + std::string(origin) + "\r\n");
    EXPECT_EQ(client.handshake.status, status) << origin;
  }
}

TEST_F(Requests, OfWebSocketsAreTakenFromEveryPageWithoutTheOriginCheck) {
  start({.cors = http::CorsOptions{.origin = "https://friend.example"}, .origin_check = false});
  WebSocketClient const client(world, "/engine.io/?EIO=4&transport=websocket",
                               "Origin: http://evil.example\r\n");
  EXPECT_EQ(client.handshake.status, 101);
}

// --- Ids

TEST_F(Requests, GetIdsOfTheirUsersMaking) {
  ServerOptions options;
  std::optional<NewId> later;
  options.generate_id = [&](http::RequestHead const& request, NewId id) {
    if (request.query().find("later") != std::string_view::npos) {
      later = std::move(id);
    } else {
      id.use("alice");
    }
  };
  start(std::move(options));
  PollingClient first(world);
  first.open();
  EXPECT_EQ(first.sid, "alice");
  PollingClient second(world);
  second.open("&later");
  std::thread([&] { later->use("bob"); }).join();
  world.run();
  EXPECT_NE(second.answer().body.find(R"("sid":"bob")"), std::string::npos);
  EXPECT_EQ(get("EIO=4&transport=polling").body, error_body(3, "Bad request")) << "alice is in use";
  EXPECT_EQ(first.post("4hello").body, "ok");
  first.post("1");
  PollingClient third(world);
  third.open();
  EXPECT_EQ(third.sid, "alice") << "free again";
}

TEST_F(Requests, AreRefusedWithoutAnIdThatCanBeUsed) {
  using namespace std::string_literals;
  std::optional<std::string> const table[] = {
      std::nullopt,
      "",
      std::string(40, 'x'),
      "a\r\nX-Evil: yes",
      "a\"b",
      "a b",
      "a;b",
      "a,b",
      "a&b",
      "a=b",
      "a/b",
      "a\\b",
      "a%41"s,
      "a+b",
      "a#b",
      "a?b",
      "a\tb",
      "a\0b"s,
      "a\x7f",
      "\xc3\xa9",
      "<a>",
      "{a}",
      "a:b",
      "a\x80"s,
  };
  for (auto const& id : table) {
    ServerOptions options{.cookie = CookieOptions{}};
    options.generate_id = [&](http::RequestHead const&, NewId const& answer) {
      id ? answer.use(*id) : answer.fail();
    };
    start(std::move(options));
    auto const answer = get("EIO=4&transport=polling");
    EXPECT_EQ(answer.body, error_body(3, "Bad request")) << id.value_or("(failed)");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(take_events(), Strings{"refused ID_GENERATION_ERROR"});
    EXPECT_EQ(engine->clients_count(), 0U);
    engine.reset();
  }
  EXPECT_TRUE(world.logged("generate_id gave must have 1 to 39 characters"));
  EXPECT_TRUE(world.logged("generate_id gave must consist of letters, digits and - . _ ~"));
  EXPECT_FALSE(world.logged("X-Evil")) << "it is no business of the log";
}

TEST_F(Requests, GetIdsOfAllCharactersThatAreSafeEverywhere) {
  ServerOptions options{.cookie = CookieOptions{}};
  options.generate_id = [](http::RequestHead const&, NewId const& answer) { answer.use("aZ09-._~"); };
  start(std::move(options));
  PollingClient client(world);
  client.open();
  EXPECT_EQ(client.sid, "aZ09-._~");
  EXPECT_EQ(client.opened.header("Set-Cookie"), "io=aZ09-._~; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(client.post("4hello").body, "ok");
}

TEST_F(Requests, GiveTheirIdBackIfThereIsNoRoom) {
  ServerOptions options{.max_sessions = 1};
  options.generate_id = [](http::RequestHead const& request, NewId const& answer) {
    answer.use(std::string(*http::query_parameter(request.query(), "id")));
  };
  start(std::move(options));
  PollingClient client(world);
  std::optional<NewId> later;
  client.open("&id=a");
  EXPECT_EQ(get("EIO=4&transport=polling&id=b").status, 503);
  client.post("1");
  EXPECT_EQ(get("EIO=4&transport=polling&id=b").status, 200);
}

TEST_F(Requests, WhoseIdComesAfterTheServerHasClosedOpenNothing) {
  ServerOptions options;
  std::optional<NewId> later;
  options.generate_id = [&](http::RequestHead const&, NewId id) { later = std::move(id); };
  start(std::move(options));
  PollingClient client(world);
  client.open();
  engine->close();
  world.run();
  later->use("late");
  world.run();
  EXPECT_EQ(client.answer().status, 503);
  EXPECT_EQ(engine->clients_count(), 0U);
}

// --- Who gets in

TEST_F(Requests, BeyondTheMostSessionsAreAnswered503) {
  start({.max_sessions = 1});
  PollingClient client(world);
  client.open();
  auto const answer = get("EIO=4&transport=polling");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_TRUE(world.logged("1 sessions are open: see ServerOptions::max_sessions"));
  client.post("1");
  EXPECT_EQ(get("EIO=4&transport=polling").status, 200);
}

TEST_F(Requests, OfAnAddressWithEnoughSessionsAreAnswered503) {
  start({.max_sessions_per_address = 2});
  PollingClient first(world);
  first.open();
  WebSocketClient second(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(second.handshake.status, 101);
  EXPECT_EQ(get("EIO=4&transport=polling").status, 503);
  WebSocketClient const third(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(third.handshake.status, 503);
  first.post("1");
  EXPECT_EQ(get("EIO=4&transport=polling").status, 200);
  EXPECT_EQ(engine->clients_count(), 2U);
}

TEST_F(Requests, OfAnAddressThatOpensTooManySessionsASecondAreAnswered503) {
  start({.max_new_sessions_per_address = 2});
  for (auto const status : {200, 200, 503, 503})
    EXPECT_EQ(get("EIO=4&transport=polling").status, status);
  world.advance(999ms);
  EXPECT_EQ(get("EIO=4&transport=polling").status, 503);
  world.advance(1ms);
  EXPECT_EQ(get("EIO=4&transport=polling").status, 200);
}

TEST_F(Requests, AreChargedToTheAccountWithTheHeadThatTheirSessionKeeps) {
  start();
  auto const used = [this] { return world.runtime.shard(0).account().used(); };
  auto const before = used();
  PollingClient client(world);
  client.open("", "X-Large: " + std::string(10'000, 'x') + "\r\n");
  EXPECT_GT(used(), before + 10'000);
  auto const open = used();
  world.in_turn([&] {
    for (int i = 0; i < 1000; ++i)
      session->send_text("x");
  });
  EXPECT_GE(used(), open + 40'000) << "packets cost more than their text";
  client.poll();
  EXPECT_EQ(used(), open);
  client.post("1");
  client.polls.reset();
  client.posts.reset();
  world.run();
  EXPECT_EQ(used(), before);
}

}}  // namespace aerie::engineio::test
