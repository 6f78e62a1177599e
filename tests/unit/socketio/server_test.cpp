#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/spawn.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace aerie::socketio::test { namespace {

class Servers : public SocketIoFixture {};

TEST_F(Servers, TellTheirSocketsThatTheyShutDown) {
  start().on_disconnect([this](DisconnectReason why) { events.push_back(std::string(to_string(why))); });
  auto first = client();
  auto second = client(Over::polling);
  io->close([this] { events.emplace_back("done"); });
  world.run();
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"server shutting down", "server shutting down", "done"}));
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(io->engine().clients_count(), 0U);
  io->close([this] { events.emplace_back("done again"); });
  world.run();
  world.advance(10ms);
  EXPECT_EQ(take_events(), Strings{"done again"});
}

TEST_F(Servers, CloseWhileMiddlewaresThink) {
  std::optional<Next> next;
  start().use([&](Socket&, Next asked) { next = std::move(asked); });
  SocketIoClient client(world, Over::websocket);
  client.join();
  io->close();
  world.run();
  world.in_turn([&] { (*next)(); });
  EXPECT_EQ(io->sockets().socket_count(), 0U);
}

TEST_F(Servers, MayBeDestroyedWithEverythingUnderWay) {
  start().use([](Socket&, Next const& next) { next(); });
  io->of("/slow").use([](Socket&, Next const&) {});
  io->of(Pattern("^/dynamic"));
  io->on("wait", [](Socket& socket) -> Task<> {
    auto const reply = co_await socket.emit_with_ack("ask");
    static_cast<void>(reply);
  });
  auto client = this->client();
  auto polling = this->client(Over::polling);
  client.join("/slow");
  client.join("/dynamic-1");
  client.send(R"(2["wait"])");
  client.send(R"(51-["half",{"_placeholder":true,"num":0}])");
  world.in_turn([&] { io->timeout(1s).emit("ask all", [](BroadcastReply const&) {}); });
  io.reset();
  world.advance(60s);
  EXPECT_TRUE(client.closed());
}

TEST_F(Servers, RefuseOptionsThatCannotWork) {
  EXPECT_THROW(aerie::Server(world.http, {.path = "no slash"}), std::invalid_argument);
  EXPECT_THROW(aerie::Server(world.http, {.engine = {.ping_interval = 0ms}}), std::invalid_argument);
}

TEST_F(Servers, CheckTheRangeOfEverySettingAndNameIt) {
  struct Case {
    char const* setting;
    aerie::ServerOptions options;
  };
  std::vector<Case> const cases{
      {"ServerOptions::path", {.engine = {.path = "/elsewhere"}}},
      {"connect_timeout", {.connect_timeout = 0ms}},
      {"middleware_timeout", {.middleware_timeout = -1ms}},
      {"assembly_timeout", {.assembly_timeout = 0ms}},
      {"close_timeout", {.close_timeout = -1ms}},
      {"max_attachments", {.max_attachments = 10'000'000}},
      {"max_json_depth", {.max_json_depth = 0}},
      {"max_json_depth", {.max_json_depth = 1'000'000}},
      {"max_namespaces_per_client", {.max_namespaces_per_client = 0}},
      {"max_namespace_name", {.max_namespace_name = 0}},
      {"max_rooms_per_socket", {.max_rooms_per_socket = 0}},
      {"max_pending_acks_per_socket", {.max_pending_acks_per_socket = 0}},
      {"max_pending_messages", {.max_pending_messages = 0}},
      {"max_pending_messages", {.max_pending_messages = std::size_t{1} << 40U}},
      {"max_auth_size", {.max_auth_size = std::size_t{1} << 40U}},
  };
  for (auto const& [setting, options] : cases) {
    try {
      aerie::Server const server(world.runtime, options);
      ADD_FAILURE() << setting;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string(error.what()).find(setting), std::string::npos) << error.what();
    }
  }
  EXPECT_NO_THROW(
      aerie::Server(world.runtime, {.close_timeout = 0ms, .max_attachments = 0, .max_auth_size = 0}));
}

TEST_F(Servers, MayBeAwaitedWhenTheyClose) {
  start();
  auto const client = this->client();
  auto const wait = [this]() -> Task<> {
    co_await io->closed();
    events.emplace_back("closed");
  };
  world.in_turn([&] { spawn(world.runtime, wait()); });
  world.advance(10ms);
  EXPECT_EQ(take_events(), Strings{"closed"});
}

TEST_F(Servers, AnswerOnlyTheirPath) {
  start({.path = "/live"});
  EXPECT_EQ(world.ask(aerie::test::get_request("/live/?EIO=4&transport=polling")).status, 200);
  EXPECT_EQ(world.ask(aerie::test::get_request("/socket.io/?EIO=4&transport=polling")).status, 404);
}

}}  // namespace aerie::socketio::test
