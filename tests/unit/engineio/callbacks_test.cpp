// Whatever a callback does, it is the matter of that one call: it throws, or ends what has called it.
#include "unit/engineio/engine_fixture.hpp"

#include <functional>
#include <optional>
#include <stdexcept>

namespace aerie::engineio::test { namespace {

struct Case {
  std::string callback;
  std::string deed;
};

std::string name_of(testing::TestParamInfo<Case> const& info) {
  return info.param.callback + "_" + info.param.deed;
}

class Callback : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::string_view polling = "/engine.io/?EIO=4&transport=polling";

  void start() {
    ServerOptions options{.decision_timeout = 1s};
    options.allow_request = [this](http::RequestHead const& request, Decision const& decision) {
      misbehave("allow_request", request);
      decision.allow();
    };
    options.generate_id = [this](http::RequestHead const& request, NewId const& id) {
      misbehave("generate_id", request);
      id.use("id" + std::to_string(++ids_));
    };
    engine.emplace(world.runtime, std::move(options));
    engine->attach(world.http);
    engine->use([this](RequestStep const& step) {
      misbehave("middleware", step.request());
      step.next();
    });
    auto& hooks = engine->hooks;
    hooks.connection = [this](Session& session) {
      session.set_handler(std::make_unique<Handler>(*this, session));
      misbehave("connection", session);
    };
    hooks.connection_error = [this](ConnectionError const& error) {
      misbehave("connection_error", error.request);
    };
    hooks.initial_headers = [this](ResponseHeaders&, http::RequestHead const& request) {
      misbehave("initial_headers", request);
    };
    hooks.headers = [this](ResponseHeaders&, http::RequestHead const& request) {
      misbehave("headers", request);
    };
    hooks.upgrading = [this](Session& session) { misbehave("upgrading", session); };
    hooks.upgrade = [this](Session& session) { misbehave("upgrade", session); };
    hooks.close = [this](Session& session, CloseReason) { misbehave("close", session); };
  }

  struct Handler final : SessionHandler {
    Handler(Callback& its_owner, Session& its_session) : owner(its_owner), session(its_session) {}
    void on_text(std::string_view text) override {
      owner.misbehave("on_text", session);
      session.send_text(text);
    }
    void on_binary(std::string_view bytes) override {
      owner.misbehave("on_binary", session);
      session.send_binary(bytes);
    }
    void on_close(CloseReason) override { owner.misbehave("on_close", session); }
    void on_upgrade() override { owner.misbehave("on_upgrade", session); }
    Callback& owner;
    Session& session;
  };

  void misbehave(std::string_view callback, http::RequestHead const& request) {
    if (callback == GetParam().callback && request.query().find("victim") != std::string_view::npos)
      do_it(nullptr);
  }
  void misbehave(std::string_view callback, Session& session) {
    if (callback == GetParam().callback && session.request().query().find("victim") != std::string_view::npos)
      do_it(&session);
  }
  void do_it(Session* session) {
    ++called_;
    auto const& deed = GetParam().deed;
    if (deed == "ThrowsAnException") throw std::runtime_error("oops");
    if (deed == "ThrowsANumber") throw 7;
    if (deed == "ClosesTheSession" && session != nullptr) session->close();
    if (deed == "DiscardsTheSession" && session != nullptr) session->close(true);
    if (deed == "TakesTheHandlerAway" && session != nullptr) session->set_handler(nullptr);
    if (deed == "ClosesTheServer") engine->close();
    if (deed == "DestroysTheServer") engine.reset();
  }

  /// Everything that a client does, and more than one should.
  void live() {
    world.ask(get_request("/engine.io/?EIO=3&transport=polling&victim"));
    world.ask(get_request("/engine.io/?EIO=4&transport=none&victim"));
    PollingClient client(world);
    client.open("&victim");
    if (!client.sid.empty()) {
      client.sid += "&victim";
      client.post(
          "4text\x1e"
          "bAQID");
      client.poll();
      WebSocketClient socket(world, client.target("websocket"));
      socket.send("2probe");
      world.advance(100ms);
      socket.write(websocket::test::text_frame("5") + websocket::test::text_frame("4text"));
      socket.send_binary("bytes");
      socket.write(websocket::test::close_frame(1000));
    }
    WebSocketClient direct(world, "/engine.io/?EIO=4&transport=websocket&victim");
    direct.write(websocket::test::text_frame("4one") + websocket::test::binary_frame("two") +
                 websocket::test::text_frame("x"));
    world.advance(2s);
  }

  ServerOnAClock world;
  std::optional<Server> engine;
  int called_ = 0;

 private:
  int ids_ = 0;
};

TEST_P(Callback, IsItsOwnMatter) {
  auto const& deed = GetParam().deed;
  start();
  WebSocketClient other(world, "/engine.io/?EIO=4&transport=websocket");
  other.take();
  live();
  EXPECT_GT(called_, 0);
  if (deed.starts_with("Throws")) {
    EXPECT_TRUE(world.logged("has thrown"));
  }
  if (deed == "DestroysTheServer") {
    EXPECT_TRUE(other.connection.closed());
    EXPECT_EQ(world.ask(get_request(polling)).status, 404);
    return;
  }
  if (deed == "ClosesTheServer") {
    EXPECT_EQ(engine->clients_count(), 0U);
    engine->reopen();
  } else {
    other.send("4hello");
    EXPECT_EQ(other.take(), Strings{"4hello"});
    EXPECT_LE(engine->clients_count(), 2U);
  }
  PollingClient client(world);
  client.open();
  EXPECT_EQ(client.post("4hello").body, "ok");
  EXPECT_EQ(client.poll(), "4hello");
  world.advance(1min);
  world.advance(1min);
  EXPECT_EQ(engine->clients_count(), 0U) << "nothing is kept";
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (auto const* const callback : {"middleware", "allow_request", "generate_id", "initial_headers",
                                     "headers", "connection", "connection_error", "upgrading", "upgrade",
                                     "close", "on_text", "on_binary", "on_close", "on_upgrade"}) {
    for (auto const* const deed :
         {"ThrowsAnException", "ThrowsANumber", "ClosesTheSession", "DiscardsTheSession",
          "TakesTheHandlerAway", "ClosesTheServer", "DestroysTheServer"})
      cases.push_back({callback, deed});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Each, Callback, testing::ValuesIn(all_cases()), name_of);

}}  // namespace aerie::engineio::test
