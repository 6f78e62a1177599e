#include "unit/edges/callbacks_below.hpp"
#include "unit/edges/callbacks_of_socketio.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace aerie::test { namespace {

std::vector<Callback> all_callbacks() {
  auto all = socketio_callbacks();
  for (auto&& group : {callbacks_of_sockets(), middlewares_of_sockets(), listeners_to_sessions(),
                       functions_of_parsers(), callbacks_below(), callbacks_of_the_runtime()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

// Each callback does it once, and is seen to have been called. The client of the witness is there before.
void expect_that_the_others_live_on(std::function<void(EdgesWorld&, Socket*)> const& what,
                                    bool server_stays = true, bool clients_are_known = false,
                                    std::optional<RecoveryOptions> recovery = std::nullopt) {
  for (auto const& callback : all_callbacks()) {
    SCOPED_TRACE(callback.name);
    ServerOptions options;
    options.parser = callback.parser;
    options.connection_state_recovery = recovery;
    EdgesWorld world(std::move(options));
    world.clients_are_known = clients_are_known;
    bool armed = false;
    int called = 0;
    callback.give(world, [&](Socket* socket) {
      if (!armed) return;
      armed = false;
      ++called;
      what(world, socket);
    });
    world.let_the_witness_in();
    armed = true;
    callback.provoke(world);
    EXPECT_EQ(called, 1);
    if (server_stays) {
      EXPECT_TRUE(world.witness_is_answered());
    }
    // Whoever was concerned may come again.
    world.clients.clear();
    world.server->run();
    if (server_stays) {
      EXPECT_EQ(world.add_client().join("/witness").size(), 20U);
      EXPECT_TRUE(world.witness_is_answered());
    }
  }
}

TEST(CallbacksOfUsers, MayThrowExceptions) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket*) { throw std::runtime_error("a user's mistake"); });
}

TEST(CallbacksOfUsers, MayThrowWhatIsNoException) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket*) { throw 42; });
}

TEST(CallbacksOfUsers, MayDisconnectTheSocketThatTheyAreCalledFor) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket* socket) {
    if (socket != nullptr) return socket->disconnect(true);
    world.io->disconnect_sockets(true);
  });
}

TEST(CallbacksOfUsers, MayCloseTheirConnectionAndThrow) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket* socket) {
    if (socket != nullptr && socket->conn() != nullptr) socket->conn()->close(true);
    throw std::runtime_error("and that, too");
  });
}

void end_every_client_that_is_known(EdgesWorld& world, Socket*) {
  world.io->of("/known").disconnect_sockets(true);
}

TEST(CallbacksOfUsers, MayEndTheClientThatTheyAreCalledFor) {
  expect_that_the_others_live_on(end_every_client_that_is_known, true, true);
}

TEST(CallbacksOfUsers, MayEndTheClientThatTheyAreCalledForWhereSessionsAreKept) {
  expect_that_the_others_live_on(end_every_client_that_is_known, true, true, RecoveryOptions{});
}

TEST(CallbacksOfUsers, MayCloseTheServer) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket*) { world.io->close(); }, false);
}

TEST(CallbacksOfUsers, MayCloseTheHttpServer) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket*) { world.server->http.close(); }, false);
}

}}  // namespace aerie::test
