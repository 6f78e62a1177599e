// Clusters of servers with one or two shards each, over the adapter of examples/memory_adapter.hpp.

#include "unit/socketio/cluster_fixture.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace aerie::socketio::test { namespace {

class Cluster : public ClusterFixture {
 protected:
  Cluster() {
    for (auto* const member : {&one, &two}) {
      member->io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
    }
  }
  /// Two clients on each server, on different shards where there are several.
  void connect() {
    for (auto* const member : {&one, &two}) {
      client(*member, "/", 0);
      client(*member, "/", 1);
    }
    take();
  }
  void join(std::size_t who, std::string const& room) {
    clients[who].send("2[\"join\",\"" + room + "\"]");
    run();
  }
  static std::string text_of(BroadcastReply const& reply) {
    Strings texts;
    for (auto const& response : reply.responses)
      texts.push_back(json::stringify(response));
    std::ranges::sort(texts);
    std::string text;
    for (auto const& each : texts)
      text += each + " ";
    text += to_string(reply.error);
    if (reply.missing.count > 0) text += " missing " + std::to_string(reply.missing.count);
    for (auto const& id : reply.missing.ids)
      text += " " + id;
    if (reply.missing.cluster_unreachable) text += " unreachable";
    return text;
  }
  auto note() {
    return [this](BroadcastReply const& reply) { replies.push_back(text_of(reply)); };
  }
  Strings take_replies() { return std::exchange(replies, {}); }
  /// The ids that a fetch finds, sorted, and how many servers are missing.
  std::pair<Strings, std::size_t> fetch(Member& by, BroadcastOperator const& op, std::size_t shard = 0) {
    std::pair<Strings, std::size_t> result{{}, 99};
    auto const task = [&]() -> Task<> {
      auto const found = co_await op.fetch_sockets();
      for (auto const& socket : found)
        result.first.push_back(socket.id());
      result.second = found.missing().count;
    };
    in_task(by, task, shard);
    std::ranges::sort(result.first);
    return result;
  }
  Strings sorted(std::initializer_list<std::size_t> who) const {
    Strings result;
    for (auto const each : who)
      result.push_back(ids[each]);
    std::ranges::sort(result);
    return result;
  }

  Member& one = start();
  Member& two = start();
  Strings replies;
};

// --- Broadcasts

TEST_P(Cluster, IsReachedByABroadcastOnceEach) {
  connect();
  for (std::size_t shard = 0; shard < 2; ++shard) {
    in_turn(
        one, [&] { one.io->emit("news", 7, "text"); }, shard);
    EXPECT_EQ(take(), Strings(4, R"(2["news",7,"text"])"));
  }
  two.io->emit("from outside");
  EXPECT_EQ(take(), Strings(4, R"(2["from outside"])"));
}

TEST_P(Cluster, IsReachedInRoomsAndTheirUnionsWithoutThoseExcepted) {
  connect();
  join(0, "a");
  join(1, "b");
  join(2, "a");
  join(2, "b");
  join(3, "c");
  in_turn(
      one, [&] { one.io->to("a").emit("1"); }, 1);
  EXPECT_EQ(take(), (Strings{R"(2["1"])", "", R"(2["1"])", ""}));
  in_turn(two, [&] { two.io->to({"a", "b"}).emit("2"); });
  EXPECT_EQ(take(), (Strings{R"(2["2"])", R"(2["2"])", R"(2["2"])", ""}));
  in_turn(two, [&] { two.io->to({"a", "b"}).except("b").emit("3"); });
  EXPECT_EQ(take(), (Strings{R"(2["3"])", "", "", ""}));
  in_turn(one, [&] { one.io->except("a").emit("4"); });
  EXPECT_EQ(take(), (Strings{"", R"(2["4"])", "", R"(2["4"])"}));
  in_turn(one, [&] { one.io->to(ids[3]).emit("5"); });
  EXPECT_EQ(take(), (Strings{"", "", "", R"(2["5"])"}));
  in_turn(one, [&] { one.io->to("nowhere").emit("6"); });
  EXPECT_EQ(take(), Strings(4, ""));
}

TEST_P(Cluster, IsNotReachedByWhatIsLocal) {
  connect();
  in_turn(
      one, [&] { one.io->local().emit("here"); }, 1);
  EXPECT_EQ(take(), (Strings{R"(2["here"])", R"(2["here"])", "", ""}));
  EXPECT_EQ(fetch(one, one.io->local()).first, sorted({0, 1}));
}

TEST_P(Cluster, CarriesWhatIsBinaryAndWhatIsNamedByNobody) {
  connect();
  in_turn(one, [&] { one.io->emit("file", Bytes("abc"), Value::object({{"n", Value()}, {"m", nullptr}})); });
  EXPECT_EQ(take(), Strings(4, R"(51-["file",{"_placeholder":true,"num":0},{"m":null}] bYWJj)"));
}

TEST_P(Cluster, KeepsTheOrderOfEachSender) {
  connect();
  in_turn(
      one,
      [&] {
        for (int i = 0; i < 20; ++i)
          one.io->emit("n", i);
      },
      1);
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += (i == 0 ? "2[\"n\"," : " 2[\"n\",") + std::to_string(i) + "]";
  EXPECT_EQ(take(), Strings(4, all));
}

TEST_P(Cluster, TellsListenersToWhatIsSentOnOtherServers) {
  Strings heard;
  two.io->on_connection([&](Socket& socket) {
    socket.on_any_outgoing([&heard](std::string_view event, Args const& args) {
      heard.push_back(std::string(event) + json::stringify(args[0]));
    });
  });
  connect();
  in_turn(one, [&] { one.io->emit("news", std::vector<int>{1, 2}); });
  EXPECT_EQ(heard, Strings(2, "news[1,2]"));
}

TEST_P(Cluster, KnowsNamespacesApart) {
  for (auto* const member : {&one, &two})
    member->io->of("/chat");
  client(one);
  client(two, "/chat");
  in_turn(one, [&] { one.io->of("/chat").emit("hello"); });
  EXPECT_EQ(take(), (Strings{"", R"(2/chat,["hello"])"}));
  one.io->of("/only-here").emit("nobody is there");
  EXPECT_EQ(take(), Strings(2, ""));
  auto const reply = [&]() -> Task<> {
    replies.push_back(text_of(co_await one.io->of("/only-here").timeout(1s).emit_with_ack("who")));
  };
  in_task(one, reply);
  EXPECT_EQ(take_replies(), Strings{""});
}

// --- Acknowledgements

TEST_P(Cluster, CollectsAcknowledgementsOfAllServers) {
  connect();
  in_turn(
      one, [&] { one.io->timeout(1s).emit("ask", 1, note()); }, 1);
  EXPECT_EQ(take(), Strings(4, R"(20["ask",1])"));
  for (std::size_t i = 0; i < clients.size(); ++i)
    clients[i].send("30[" + std::to_string(i) + "]");
  run();
  EXPECT_EQ(take_replies(), Strings{"0 1 2 3 "});
  EXPECT_EQ(one.world.log, Strings{});
}

TEST_P(Cluster, CollectsNothingWhereNobodyIs) {
  connect();
  in_turn(one, [&] { one.io->to("nowhere").timeout(1s).emit("ask", note()); });
  EXPECT_EQ(take_replies(), Strings{""});
}

TEST_P(Cluster, SaysWhatHasComeWhenAClientIsTooSlow) {
  connect();
  in_turn(two, [&] { two.io->timeout(1s).emit("ask", note()); });
  take();
  clients[0].send("30[0]");
  clients[2].send("30[2]");
  clients[3].send("30[3]");
  run();
  EXPECT_EQ(take_replies(), Strings{});
  advance(1s);
  EXPECT_EQ(take_replies(), Strings{"0 2 3 operation has timed out"});
  clients[1].send("30[1]");
  advance(10s);
  EXPECT_EQ(take_replies(), Strings{});
}

TEST_P(Cluster, CarriesBinaryAnswers) {
  connect();
  in_turn(one, [&] { one.io->to(ids[2]).timeout(1s).emit("ask", note()); });
  EXPECT_EQ(take()[2], R"(20["ask"])");
  clients[2].send(R"(61-0[{"_placeholder":true,"num":0}])");
  clients[2].send_binary("abc");
  run();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_NE(replies[0].find("97,98,99"), std::string::npos) << replies[0];
}

TEST_P(Cluster, AnswersARemoteSocketWithOneValue) {
  connect();
  Strings answers;
  auto const ask = [&]() -> Task<> {
    auto const found = co_await one.io->in(ids[2]).fetch_sockets();
    auto const reply = co_await found.at(0).timeout(1s).emit_with_ack("ask");
    answers.push_back(reply.ok() ? reply.get<std::string>() : std::string(to_string(reply.error())));
  };
  in_task(one, ask);
  EXPECT_EQ(take()[2], R"(20["ask"])");
  clients[2].send("30[\"me\"]");
  run();
  EXPECT_EQ(answers, Strings{"me"});
  in_task(one, ask);
  take();
  advance(1s);
  EXPECT_EQ(answers, (Strings{"me", "operation has timed out"}));
}

// --- Sockets of others

TEST_P(Cluster, LetsSocketsOfOthersJoinLeaveAndGo) {
  connect();
  join(2, "r");
  in_turn(one, [&] { one.io->in("r").sockets_join({"s", "t"}); });
  in_turn(one, [&] { one.io->to("s").emit("1"); });
  EXPECT_EQ(take(), (Strings{"", "", R"(2["1"])", ""}));
  in_turn(
      one, [&] { one.io->sockets_join("everybody"); }, 1);
  in_turn(one, [&] { one.io->in("r").sockets_leave("everybody"); });
  in_turn(two, [&] { two.io->to("everybody").emit("2"); });
  EXPECT_EQ(take(), (Strings{R"(2["2"])", R"(2["2"])", "", R"(2["2"])"}));
  in_turn(one, [&] { one.io->in(ids[3]).disconnect_sockets(); });
  EXPECT_EQ(take(), (Strings{"", "", "", "1"}));
  in_turn(two, [&] { two.io->disconnect_sockets(true); });
  take();
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_TRUE(clients[i].closed());
}

TEST_P(Cluster, ShowsTheSocketsOfAllServers) {
  connect();
  join(1, "r");
  join(2, "r");
  for (std::size_t shard = 0; shard < 2; ++shard) {
    EXPECT_EQ(fetch(one, one.io->all(), shard), std::pair(sorted({0, 1, 2, 3}), std::size_t{0}));
    EXPECT_EQ(fetch(two, two.io->in("r"), shard), std::pair(sorted({1, 2}), std::size_t{0}));
    EXPECT_EQ(fetch(one, one.io->in(ids[3]), shard), std::pair(sorted({3}), std::size_t{0}));
  }
}

// --- Partial truth

TEST_P(Cluster, SaysWhichServerHasNotAnswered) {
  connect();
  FetchedSockets found;
  bool ended = false;
  auto const fetch_all = [&]() -> Task<> {
    found = co_await one.io->timeout(2s).fetch_sockets();
    ended = true;
  };
  // The other server does not run.
  spawn(one.world.runtime, fetch_all());
  one.world.run();
  one.world.advance(1'999ms);
  EXPECT_FALSE(ended);
  one.world.advance(1ms);
  EXPECT_TRUE(ended);
  EXPECT_FALSE(found.complete());
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(found.missing().count, 1U);
  ASSERT_EQ(found.missing().ids.size(), 1U);
  EXPECT_EQ(found.missing().ids[0].size(), 16U);
  // Too late, and of no interest.
  run();
  EXPECT_EQ(found.size(), 2U);
}

TEST_P(Cluster, DoesNotWaitForAServerThatHasGone) {
  connect();
  FetchedSockets found;
  bool ended = false;
  auto const fetch_all = [&]() -> Task<> {
    found = co_await one.io->fetch_sockets();
    ended = true;
  };
  spawn(one.world.runtime, fetch_all());
  one.world.in_turn([&] { one.io->timeout(20s).emit("ask", note()); });
  clients[0].send("30[0]");
  clients[1].send("30[1]");
  one.world.run();
  EXPECT_FALSE(ended);
  two.world.in_turn([&] { two.io->close(); });
  for (int i = 0; i < 10; ++i)
    two.world.advance(1ms);
  one.world.run();
  ASSERT_TRUE(ended);
  EXPECT_EQ(take_replies().size(), 1U);
}

TEST_P(Cluster, CountsItsServers) {
  connect();
  std::size_t servers = 0;
  auto const count = [&]() -> Task<> { servers = co_await one.io->server_count(); };
  in_task(one, count, 1);
  EXPECT_EQ(servers, 2U);
  in_turn(two, [&] { two.io->close(); });
  for (int i = 0; i < 10; ++i)
    advance(1ms);
  in_task(one, count, 1);
  EXPECT_EQ(servers, 1U);
  EXPECT_EQ(one.io->cluster().state, ClusterState::ready);
  EXPECT_EQ(two.io->cluster().state, ClusterState::closed);
}

TEST_P(Cluster, IsThereAgainWhenAServerListensAgain) {
  connect();
  in_turn(two, [&] { two.io->close(); });
  for (int i = 0; i < 10; ++i)
    advance(1ms);
  in_turn(one, [&] { one.io->emit("missed"); });
  take();
  two.io->listen(0, "127.0.0.1");
  run();
  EXPECT_EQ(two.io->cluster().state, ClusterState::ready);
  client(two);
  take();
  in_turn(one, [&] { one.io->emit("again"); });
  EXPECT_EQ(take().back(), R"(2["again"])");
}

// --- Servers among themselves

TEST_P(Cluster, CarriesEventsOfServersToTheOthersOnly) {
  auto& three = start();
  Strings told;
  for (auto* const member : {&one, &two, &three}) {
    member->io->on_server_side("side", [&told, member, this](std::string const& text, int number) {
      auto const name = member == &one ? "one" : member == &two ? "two" : "three";
      told.push_back(name + (" " + text) + std::to_string(number));
    });
  }
  run();
  in_turn(
      one, [&] { one.io->server_side_emit("side", "a", 1); }, 1);
  EXPECT_EQ(told, (Strings{"two a1", "three a1"}));
  told.clear();
  in_turn(two, [&] { two.io->server_side_emit("other", "a"); });
  EXPECT_EQ(told, Strings{});
  EXPECT_THROW(one.io->server_side_emit("connection"), std::invalid_argument);
  EXPECT_THROW(one.io->on_server_side("new_namespace", [] {}), std::invalid_argument);
}

TEST_P(Cluster, CollectsTheAnswersOfTheOtherServers) {
  auto& three = start();
  one.io->on_server_side("name?", [] { return "one"; });
  two.io->on_server_side("name?", [](std::string const& prefix, ServerSideAck const& ack) {
    ack(prefix + "two");
    ack("never");
  });
  three.io->on_server_side("name?",
                           [](std::string prefix) -> Task<std::string> { co_return prefix + "three"; });
  run();
  for (std::size_t shard = 0; shard < 2; ++shard) {
    auto const ask = [&]() -> Task<> {
      replies.push_back(text_of(co_await one.io->server_side_emit_with_ack("name?", "i am ")));
    };
    in_task(one, ask, shard);
    EXPECT_EQ(take_replies(), Strings{R"("i am three" "i am two" )"});
  }
  auto const nobody = [&]() -> Task<> {
    replies.push_back(text_of(co_await one.io->server_side().timeout(1s).emit_with_ack("unknown")));
  };
  in_task(one, nobody);
  EXPECT_EQ(take_replies(), Strings{});
  advance(1s);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].substr(0, 33), "operation has timed out missing 2");
}

TEST_P(Cluster, ReportsWhatAHandlerOfServersThrows) {
  two.io->on_server_side("fail", [](int) { throw std::runtime_error("bad day"); });
  run();
  in_turn(one, [&] { one.io->server_side_emit("fail", 1); });
  in_turn(one, [&] { one.io->server_side_emit("fail", "no number"); });
  EXPECT_TRUE(two.world.logged("bad day"));
  EXPECT_TRUE(two.world.logged("argument 1"));
}

INSTANTIATE_TEST_SUITE_P(Shards, Cluster, testing::Values(1U, 2U));

}}  // namespace aerie::socketio::test
