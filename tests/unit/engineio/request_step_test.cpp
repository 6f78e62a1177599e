#include "unit/engineio/engine_fixture.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>

namespace aerie::engineio::test { namespace {

class Middlewares : public EngineFixture {};

TEST_F(Middlewares, RunInOrderBeforeAnythingElseLooksAtARequest) {
  start();
  Strings seen;
  engine->use([&](RequestStep const& step) {
    seen.push_back("first " + std::string(step.request().query()));
    step.set_header("X-First", "1");
    step.next();
  });
  engine->use([&](RequestStep const& step) {
    seen.push_back("second");
    step.set_header("X-Second", "2");
    step.next();
  });
  auto const answer = get("transport=none");
  EXPECT_EQ(seen, (Strings{"first transport=none", "second"}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("X-First") + answer.header("X-Second"), "12");
}

TEST_F(Middlewares, RunForWebSocketsToo) {
  start();
  engine->use([&](RequestStep const& step) {
    step.set_header("X-Seen", "yes");
    step.next();
  });
  WebSocketClient const client(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(client.handshake.status, 101);
  EXPECT_EQ(client.handshake.header("X-Seen"), "yes");
}

TEST_F(Middlewares, MayAnswerThemselves) {
  start();
  engine->use([&](RequestStep const& step) {
    http::Response response;
    response.status = 418;
    response.body = "tea";
    step.respond(std::move(response));
  });
  EXPECT_EQ(get("EIO=4&transport=polling").body, "tea");
  WebSocketClient const client(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(client.handshake.status, 0);
  EXPECT_TRUE(client.connection.ended());
}

TEST_F(Middlewares, ThatFailOrThrowRefuse) {
  start();
  engine->use([&](RequestStep const& step) {
    if (step.request().query().find("throw") != std::string_view::npos) throw std::runtime_error("oops");
    step.fail();
  });
  EXPECT_EQ(get("EIO=4&transport=polling").body, error_body(3, "Bad request"));
  EXPECT_EQ(get("EIO=4&transport=polling&throw").body, error_body(3, "Bad request"));
  EXPECT_EQ(take_events(), (Strings{"refused MIDDLEWARE_FAILURE", "refused MIDDLEWARE_FAILURE"}));
}

TEST_F(Middlewares, MayDecideLaterAndOnlyOnce) {
  start();
  std::optional<RequestStep> waiting;
  engine->use([&](RequestStep step) { waiting = std::move(step); });
  PollingClient client(world);
  client.open();
  std::thread([&] {
    waiting->next();
    waiting->next();
    waiting->fail();
  }).join();
  world.run();
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(take_events(), Strings{"open polling"});
}

// --- A step that has decided has no say in the next one

TEST_F(Middlewares, ThatSayNextTwiceDoNotDecideForTheOneBehind) {
  struct Case {
    std::string_view name;
    std::function<void(RequestStep const&)> again;
  };
  Case const table[] = {
      {"next", [](auto const& step) { step.next(); }},
      {"fail", [](auto const& step) { step.fail(); }},
      {"respond", [](auto const& step) { step.respond(http::Response::text(418, "tea")); }},
      {"set_header", [](auto const& step) { step.set_header("X-Late", "1"); }},
      {"next, on another thread", [](auto const& step) { std::thread([&] { step.next(); }).join(); }},
      {"fail, on another thread", [](auto const& step) { std::thread([&] { step.fail(); }).join(); }},
  };
  for (auto const& [name, again] : table) {
    start();
    std::optional<RequestStep> first;
    std::optional<RequestStep> second;
    engine->use([&](RequestStep step) {
      first = std::move(step);
      first->next();
      if (second) again(*first);  // within its own call
    });
    engine->use([&](RequestStep step) { second = std::move(step); });
    PollingClient client(world);
    client.open();
    again(*first);  // later
    world.run();
    EXPECT_EQ(client.answer().status, 0) << name;
    EXPECT_EQ(take_events(), Strings{}) << name;
    second->fail();
    world.run();
    auto const answer = client.answer();
    EXPECT_EQ(answer.status, 400) << name;
    EXPECT_EQ(answer.header("X-Late"), "") << name;
    EXPECT_EQ(take_events(), Strings{"refused MIDDLEWARE_FAILURE"}) << name;
    engine.reset();
  }
}

TEST_F(Middlewares, MayAddHeadersFromAnotherThread) {
  start();
  std::optional<RequestStep> waiting;
  engine->use([&](RequestStep step) { waiting = std::move(step); });
  PollingClient client(world);
  client.open();
  std::thread([&] {
    EXPECT_THROW(waiting->set_header("X", "a\nb"), std::invalid_argument);
    waiting->set_header("X-Later", "1");
    waiting->next();
  }).join();
  world.run();
  EXPECT_EQ(client.answer().header("X-Later"), "1");
}

TEST_F(Middlewares, MayBeKeptWhenTheServerIsGone) {
  std::optional<RequestStep> step;
  {
    start();
    engine->use([&](RequestStep asked) { step = std::move(asked); });
    PollingClient client(world);
    client.open();
    engine.reset();
    EXPECT_TRUE(client.polls.ended());
  }
  world.run();
  step->set_header("X", "1");
  step->next();
  step->respond({});
  std::thread([&] { step->fail(); }).join();
  world.run();
  EXPECT_EQ(step->request().method(), "GET");
}

TEST(RequestSteps, OutliveTheRuntimeWithEverythingElseThatAnswers) {
  std::optional<RequestStep> step;
  std::optional<Decision> decision;
  std::optional<NewId> id;
  {
    ServerOnAClock world;
    Server engine(world.runtime,
                  {.allow_request = [&](auto const&, Decision asked) { decision = std::move(asked); },
                   .generate_id = [&](auto const&, NewId asked) { id = std::move(asked); }});
    engine.attach(world.http);
    engine.use([&](RequestStep asked) {
      if (step) return asked.next();
      step = std::move(asked);
    });
    auto const request = get_request("/engine.io/?EIO=4&transport=polling");
    world.ask(request);
    world.ask(request);
    decision->allow();
    world.run();
    ASSERT_TRUE(id);
    world.ask(request);
  }
  step->next();
  step->set_header("X", "1");
  decision->allow();
  decision->deny("no");
  id->use("alice");
  id->fail();
}

TEST_F(Middlewares, ThatNeverDecideAreAnsweredFor) {
  start({.decision_timeout = 1s});
  engine->use([](RequestStep const&) {});
  PollingClient client(world);
  client.open();
  world.advance(1s);
  EXPECT_EQ(client.answer().status, 503);
}

TEST_F(Middlewares, WhoseHeadersCannotBeSentAreAnsweredForAtOnceOrLater) {
  start();
  std::optional<RequestStep> waiting;
  http::Response broken;
  broken.headers.emplace_back("X-Split", "a\r\nb: c");
  engine->use([&](RequestStep step) {
    if (step.request().query().find("later") != std::string_view::npos) {
      waiting = std::move(step);
    } else {
      step.respond(broken);
    }
  });
  EXPECT_EQ(get("EIO=4&transport=polling").status, 500);
  PollingClient client(world);
  client.open("&later");
  std::thread([&] { waiting->respond(broken); }).join();
  world.run();
  EXPECT_EQ(client.answer().status, 500);
  EXPECT_TRUE(world.logged("X-Split"));
}

TEST_F(Middlewares, AreFollowedByHooksThatMayThrow) {
  start();
  std::optional<RequestStep> waiting;
  engine->hooks.initial_headers = [](ResponseHeaders&, http::RequestHead const&) {
    throw std::runtime_error("no");
  };
  engine->use([&](RequestStep step) {
    if (step.request().query().find("later") == std::string_view::npos) return step.next();
    waiting = std::move(step);
  });
  EXPECT_EQ(get("EIO=4&transport=polling").status, 500);
  PollingClient client(world);
  client.open("&later");
  std::thread([&] { waiting->next(); }).join();
  world.run();
  EXPECT_EQ(client.answer().status, 500);
}

TEST_F(Middlewares, MayKeepTheRequestOfASession) {
  start();
  std::optional<http::RequestHead> kept;
  engine->use([&](RequestStep const& step) {
    kept = step.request();
    step.next();
  });
  PollingClient client(world);
  client.open("&room=7", "X-Token: secret\r\n");
  client.post("1");
  EXPECT_EQ(kept->method(), "POST");
  PollingClient other(world);
  other.open("&room=8", "X-Token: other\r\n");
  world.in_turn([&] {
    EXPECT_EQ(session->request().header("x-token"), "other");
    EXPECT_NE(session->request().query().find("room=8"), std::string_view::npos);
  });
}

// --- Header hooks

TEST_F(Middlewares, ComeBeforeTheHeaderHooks) {
  start({.cookie = CookieOptions{}});
  engine->hooks.initial_headers = [](ResponseHeaders& headers, http::RequestHead const&) {
    headers.add("X-Once", "1");
  };
  engine->hooks.headers = [](ResponseHeaders& headers, http::RequestHead const&) {
    headers.add("X-Every", "1");
  };
  PollingClient client(world);
  client.open();
  EXPECT_EQ(client.opened.header("X-Once") + client.opened.header("X-Every"), "11");
  EXPECT_EQ(client.opened.header("Set-Cookie"), "io=" + client.sid + "; Path=/; HttpOnly; SameSite=Lax");
  auto const post = client.post("4a");
  EXPECT_EQ(post.header("X-Once") + post.header("X-Every"), "1");
  EXPECT_EQ(post.header("Set-Cookie"), "");
}

TEST_F(Middlewares, MeetResponseHeadersThatRefuseLineBreaks) {
  std::string lines;
  ResponseHeaders headers(lines);
  EXPECT_THROW(headers.add("X", "a\r\nb"), std::invalid_argument);
  EXPECT_THROW(headers.add("X y", "a"), std::invalid_argument);
  EXPECT_THROW(headers.add("", "a"), std::invalid_argument);
  headers.add("X", "a");
  EXPECT_EQ(lines, "X: a\r\n");
}

}}  // namespace aerie::engineio::test
