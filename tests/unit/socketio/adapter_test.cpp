// What an adapter is asked and told.

#include "unit/socketio/adapter_fixture.hpp"

namespace aerie::socketio::test { namespace {

// --- Its life

TEST_P(AdapterSeam, IsOpenedToldOfNamespacesClosedAndDestroyed) {
  start_with_adapter();
  EXPECT_EQ(script.take(), (Strings{"open", "created /"}));
  EXPECT_EQ(io->cluster().state, ClusterState::starting);
  script.here->report(ClusterState::degraded, "nobody is there");
  EXPECT_EQ(io->cluster().state, ClusterState::degraded);
  EXPECT_EQ(io->cluster().reason, "nobody is there");
  world.in_turn([&] { io->close([this] { events.emplace_back("closed"); }); });
  for (int i = 0; i < 5; ++i)
    world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed"});
  EXPECT_EQ(script.take(), Strings{"close"});
  EXPECT_EQ(io->cluster().state, ClusterState::closed);
  io->emit("nobody is told");
  world.run();
  EXPECT_EQ(script.take(), Strings{});
  io.reset();
  EXPECT_EQ(script.take(), Strings{"destroyed"});
}

TEST_P(AdapterSeam, IsNotWaitedForForEver) {
  script.closes_at_once = false;
  start_with_adapter();
  world.in_turn([&] { io->close([this] { events.emplace_back("closed"); }); });
  for (int i = 0; i < 2'990; ++i)
    world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{});
  for (int i = 0; i < 100; ++i)
    world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed"});
  EXPECT_TRUE(world.logged("the adapter had not closed"));
  world.in_turn([&] { script.closing(); });
}

TEST_P(AdapterSeam, StopsTheStartWithWhatItsFactoryThrows) {
  aerie::ServerOptions options;
  options.adapter = [](ClusterMember&) -> std::unique_ptr<Adapter> {
    throw std::invalid_argument("no such broker");
  };
  EXPECT_THROW(start(std::move(options)), std::invalid_argument);
}

TEST_P(AdapterSeam, MayBeNone) {
  aerie::ServerOptions options;
  options.adapter = [](ClusterMember&) { return nullptr; };
  start(std::move(options));
  EXPECT_EQ(io->cluster().state, ClusterState::alone);
  std::size_t servers = 0;
  auto const count = [&]() -> Task<> {
    servers = co_await io->server_count();
    note()(co_await io->server_side_emit_with_ack("anybody?"));
    EXPECT_TRUE((co_await io->fetch_sockets()).complete());
  };
  spawn(world.runtime, count());
  world.run();
  EXPECT_EQ(servers, 1U);
  EXPECT_EQ(take_events(), Strings{"0 0"});
  EXPECT_TRUE(io->server_side_emit("nobody"));
}

TEST_P(AdapterSeam, HearsOfNamespacesThatComeAndGo) {
  start_with_adapter();
  io->of("/chat");
  io->of(Pattern("^/room-"));
  world.run();
  EXPECT_EQ(script.take(), (Strings{"open", "created /", "created /chat"}));
  for (int round = 0; round < 3; ++round) {
    auto first = client_on(0, "/room-1");
    auto second = client_on(1, "/room-1");
    EXPECT_EQ(script.take(), Strings{"created /room-1"});
    first.send("1/room-1,");
    EXPECT_EQ(script.take(), Strings{});
    second.send("1/room-1,");
    EXPECT_EQ(script.take(), Strings{"closed /room-1"});
  }
}

// --- What it carries

TEST_P(AdapterSeam, GetsWhatIsEmittedOnceAndNotWhatIsLocal) {
  start_with_adapter();
  script.take();
  on_each_shard([&] { io->to({"a", "b"}).except("c").volatile_().compress(false).emit("e", 1); });
  ASSERT_EQ(script.take(), Strings(GetParam(), "publish"));
  auto const& message = script.last();
  EXPECT_EQ(message.nsp, "/");
  EXPECT_EQ(message.target.rooms, (Strings{"a", "b"}));
  EXPECT_EQ(message.target.except, Strings{"c"});
  EXPECT_TRUE(message.options.is_volatile);
  EXPECT_FALSE(message.options.compress);
  EXPECT_EQ(message.options.timeout, std::nullopt);
  EXPECT_EQ(message.request, 0U);
  EXPECT_EQ(message.payload.values(), (std::vector<Value>{"e", 1}));
  io->emit("from outside");
  world.run();
  EXPECT_EQ(script.take(), Strings{"publish"});
  on_each_shard([&] {
    io->local().emit("e");
    io->local().sockets_join("r");
    io->local().disconnect_sockets();
    io->local().emit("ask", note());
  });
  EXPECT_EQ(script.take(), Strings{});
  EXPECT_EQ(take_events(), Strings(GetParam(), "0 0"));
}

TEST_P(AdapterSeam, GetsTheOtherOperations) {
  start_with_adapter();
  world.in_turn([&] { io->in("a").sockets_join({"b", "c"}); }, GetParam() - 1);
  EXPECT_EQ(script.last().action, ClusterAction::join);
  EXPECT_EQ(script.last().rooms, (Strings{"b", "c"}));
  EXPECT_EQ(script.last().target.rooms, Strings{"a"});
  world.in_turn([&] { io->sockets_leave("b"); });
  EXPECT_EQ(script.last().action, ClusterAction::leave);
  world.in_turn([&] { io->disconnect_sockets(true); });
  EXPECT_EQ(script.last().action, ClusterAction::disconnect);
  EXPECT_TRUE(script.last().close);
  world.in_turn([&] { io->of("/").server_side_emit("s", 1); }, GetParam() - 1);
  EXPECT_EQ(script.last().action, ClusterAction::server_side);
  EXPECT_EQ(script.last().payload.values(), (std::vector<Value>{"s", 1}));
}

TEST_P(AdapterSeam, GetsEventsInTheFormThatItHasAskedFor) {
  script.plain = Form::json;
  script.binary = Form::msgpack;
  start_with_adapter();
  for (auto const* nsp : {"/", "/[1,"}) {
    auto& space = io->of(nsp);
    on_each_shard([&] { space.emit("e", "\"x\"", 1.5); });
    EXPECT_EQ(script.last().payload.json(), R"(["e","\"x\"",1.5])");
    on_each_shard([&] { space.timeout(1s).emit("ask", 1, note()); });
    EXPECT_EQ(script.last().payload.json(), R"(["ask",1])");
  }
  on_each_shard([&] { io->emit("e", Bytes("ab")); });
  EXPECT_EQ(script.last().payload.msgpack(), msgpack::pack(Value::array({"e", Bytes("ab")})));
  on_each_shard([&] { io->server_side_emit("e", Bytes("ab")); });
  EXPECT_EQ(script.last().payload.form(), Form::msgpack);
  on_each_shard([&] { io->server_side_emit("e"); });
  EXPECT_EQ(script.last().payload.json(), R"(["e"])");
}

TEST_P(AdapterSeam, SaysThatOneAnswerIsEnoughForARemoteSocket) {
  start_with_adapter();
  RemoteSocket const remote(io->sockets().shared_from_this(), {"somebody", {}, {}, {}});
  Strings answers;
  world.in_turn([&] {
    remote.timeout(1s).emit("ask", [&](AckReply const& reply) {
      answers.push_back(reply.ok() ? reply.get<std::string>() : std::string(to_string(reply.error())));
    });
  });
  EXPECT_TRUE(script.last().single_response);
  EXPECT_EQ(script.last().target.rooms, Strings{"somebody"});
  auto const request = script.last().request;
  world.in_turn([&] {
    script.here->expect(request, 3);
    script.here->answered(
        {.type = ClusterResponse::Type::client_count, .request = request, .client_count = 1});
    script.here->answered({.type = ClusterResponse::Type::ack, .request = request, .answer = "yes"});
  });
  EXPECT_EQ(answers, Strings{"yes"});
}

// --- Requests of this server

TEST_P(AdapterSeam, EndsARequestWhenAllHaveAnsweredOnEveryShard) {
  start_with_adapter();
  for (std::size_t shard = 0; shard < GetParam(); ++shard) {
    script.take();
    world.in_turn([&] { io->timeout(1s).emit("ask", note()); }, shard);
    EXPECT_EQ(script.take(), Strings{"request"});
    EXPECT_EQ(script.last().options.timeout, 1s);
    auto const request = script.last().request;
    ASSERT_NE(request, 0U);
    auto const answer = [&](ClusterResponse response) {
      response.request = request;
      world.in_turn([&] { script.here->answered(std::move(response)); });
    };
    using Type = ClusterResponse::Type;
    world.in_turn([&] { script.here->expect(request, 2); });
    answer({.type = Type::client_count, .server = "x", .client_count = 1});
    answer({.type = Type::client_count, .server = "x", .client_count = 5});
    answer({.type = Type::client_count, .server = "y", .client_count = 1});
    answer({.type = Type::ack, .server = "y", .answer = 1});
    EXPECT_EQ(take_events(), Strings{});
    answer({.type = Type::ack, .server = "x", .answer = 2});
    EXPECT_EQ(take_events(), Strings{"2 0"});
    EXPECT_EQ(script.take(), Strings{"ended"});
    answer({.type = Type::ack, .server = "x", .answer = 3});
    EXPECT_EQ(take_events(), Strings{});
  }
}

TEST_P(AdapterSeam, SaysHowManyHaveNotAnswered) {
  start_with_adapter();
  auto const ask = [&](auto then) {
    world.in_turn([&] { io->timeout(1s).emit("ask", note()); }, GetParam() - 1);
    auto const request = script.last().request;
    world.in_turn([&] { then(request); });
    world.advance(1s);
    return take_events();
  };
  using Type = ClusterResponse::Type;
  auto& here = *script.here;
  EXPECT_EQ(ask([&](RequestId) {}), Strings{"0 operation has timed out!0"});
  EXPECT_EQ(ask([&](RequestId id) { here.unreachable(id); }), Strings{"0 a server has not answered!0"});
  EXPECT_EQ(ask([&](RequestId id) { here.expect(id, 0); }), Strings{"0 0"});
  EXPECT_EQ(ask([&](RequestId id) { here.expect(id, 3); }), Strings{"0 operation has timed out3"});
  EXPECT_EQ(ask([&](RequestId id) {
              here.expect(id, 2);
              here.answered({.type = Type::client_count, .request = id});
              here.expect(id, 1);
            }),
            Strings{"0 a server has not answered1"});
  EXPECT_EQ(ask([&](RequestId id) {
              here.expect(id, 2);
              here.gone(id);
              here.gone(id);
            }),
            Strings{"0 a server has not answered2"});
  EXPECT_EQ(ask([&](RequestId id) {
              here.expect(id, Strings{"x", "y", "z"});
              here.answered({.type = Type::client_count, .request = id, .server = "x", .client_count = 2});
              here.answered({.type = Type::ack, .request = id, .server = "x", .answer = 1});
              here.answered({.type = Type::client_count, .request = id, .server = "y"});
              here.gone(id, "y");
              here.gone(id, "x");
              here.gone(id, "x");
              here.expect(id, Strings{"x", "y"});
            }),
            Strings{"1 a server has not answered2"});
}

TEST_P(AdapterSeam, IgnoresWhatIsSaidOfRequestsThatAreNone) {
  start_with_adapter();
  world.in_turn([&] {
    for (RequestId const request : {RequestId{0}, RequestId{1}, ~RequestId{0}, RequestId{1} << 40U}) {
      script.here->expect(request, 1);
      script.here->expect(request, Strings{"x"});
      script.here->gone(request, "x");
      script.here->unreachable(request);
      script.here->answered({.request = request});
    }
  });
  EXPECT_EQ(world.log, Strings{});
}

TEST_P(AdapterSeam, CostsNobodyAnythingWhenItThrows) {
  start_with_adapter();
  script.on_message = [](ClusterMessage const&) { throw std::runtime_error("the broker is on fire"); };
  auto client = client_on(0);
  world.in_turn([&] { io->emit("e"); }, GetParam() - 1);
  EXPECT_EQ(client.take_text(), R"(2["e"])");
  EXPECT_EQ(io->cluster().lost, 1U);
  EXPECT_TRUE(world.logged("the broker is on fire"));
  world.in_turn([&] { io->timeout(1s).emit("ask", note()); }, GetParam() - 1);
  client.take();
  client.send("30[1]");
  EXPECT_EQ(take_events(), Strings{"1 a server has not answered!0"});
}

TEST_P(AdapterSeam, MayAnswerWithinTheCall) {
  start_with_adapter();
  script.on_message = [&](ClusterMessage const& message) {
    if (message.request != 0) script.here->expect(message.request, std::size_t{0});
  };
  on_each_shard([&] {
    io->server_side().emit("x", [this](BroadcastReply const& reply) {
      note()(reply);
      io->emit("again");
    });
  });
  EXPECT_EQ(take_events(), Strings(GetParam(), "0 0"));
  EXPECT_EQ(script.last().payload.event(), "again");
}

INSTANTIATE_TEST_SUITE_P(Shards, AdapterSeam, testing::Values(1U, 2U));

}}  // namespace aerie::socketio::test
