#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/spawn.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <list>
#include <stdexcept>
#include <thread>

namespace aerie::socketio::test { namespace {

class Broadcasts : public SocketIoFixture {
 protected:
  Broadcasts() {
    start().on_connection([this](Socket& socket) { sockets.push_back(socket.shared_from_this()); });
    io->on_disconnect([this](Socket& left) {
      std::erase_if(sockets, [&](auto const& socket) { return socket.get() == &left; });
    });
  }
  auto note() {
    return [this](BroadcastReply const& reply) {
      std::string text;
      for (auto const& response : reply.responses)
        text += json::stringify(response) + " ";
      events.push_back(text + std::string(to_string(reply.error)));
    };
  }
  void fetch(BroadcastOperator const& from) {
    auto const task = [](BroadcastOperator op, Strings& ids) -> Task<> {
      auto const found = co_await op.fetch_sockets();
      for (auto const& socket : found)
        ids.push_back(socket.id());
    };
    world.in_turn([&] { spawn(world.runtime, task(from, events)); });
  }
  std::vector<std::shared_ptr<Socket>> sockets;
};

TEST_F(Broadcasts, CollectAnswersInTheOrderOfTheirArrival) {
  auto first = client();
  auto second = client(Over::polling);
  world.in_turn([&] { io->timeout(1s).emit("ask", 1, note()); });
  EXPECT_EQ(first.take_text(), R"(20["ask",1])");
  EXPECT_EQ(second.take_text(), R"(20["ask",1])");
  second.send(R"(30["two","ignored"])");
  first.send("30[]");
  EXPECT_EQ(take_events(), Strings{"\"two\" null "});
  first.send("30[1]");
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Broadcasts, TellWhoHasNotAnswered) {
  auto first = client();
  auto second = client();
  world.in_turn([&] { io->timeout(1s).emit("ask", note()); });
  first.send("30[1]");
  world.advance(1s);
  EXPECT_EQ(take_events(), Strings{"1 operation has timed out"});
  world.in_turn([&] { io->timeout(1s).emit("ask", note()); });
  first.send("31[1]");
  second.send("1");
  EXPECT_EQ(take_events(), Strings{"1 socket has been disconnected"});
}

TEST_F(Broadcasts, ToNobodyAreAnsweredAtOnce) {
  world.in_turn([&] { io->to("nowhere").emit("ask", note()); });
  EXPECT_EQ(take_events(), Strings{""});
}

TEST_F(Broadcasts, GiveUpAfterTenSecondsIfNoTimeIsSaid) {
  auto const silent = client();
  world.in_turn([&] { io->emit("ask", note()); });
  world.advance(9'999ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"operation has timed out"});
}

TEST_F(Broadcasts, SurviveACallbackThatThrows) {
  auto client = this->client();
  world.in_turn(
      [&] { io->emit("ask", [](BroadcastReply const&) { throw std::runtime_error("in the callback"); }); });
  client.send("30[1]");
  EXPECT_TRUE(world.logged("in the callback"));
  EXPECT_FALSE(client.closed());
}

TEST_F(Broadcasts, MayBeAwaited) {
  auto client = this->client();
  auto const ask = [this]() -> Task<> {
    auto const reply = co_await io->timeout(1s).emit_with_ack("ask", "x");
    events.push_back(std::to_string(reply.responses.size()));
  };
  world.in_turn([&] { spawn(world.runtime, ask()); });
  client.send("30[1]");
  EXPECT_EQ(take_events(), Strings{"1"});
}

TEST_F(Broadcasts, ComeFromAnyThread) {
  auto client = this->client();
  std::thread([&] {
    io->emit("e", 1, Bytes("x"));
    io->sockets_join("room");
    io->to("room").emit("in the room");
    io->sockets_leave("room");
    io->to("room").emit("nobody");
  }).join();
  world.run();
  EXPECT_EQ(client.take_text(), R"(51-["e",1,{"_placeholder":true,"num":0}] beA== 2["in the room"])");
}

class BroadcastsOnShards : public SocketIoFixture {
 protected:
  BroadcastsOnShards() : SocketIoFixture(3) {}
};

TEST_F(BroadcastsOnShards, ArriveBeforeWhatTheSameThreadDoesNext) {
  std::vector<SocketHandle> handles;
  start().on_connection([&](Socket& socket) { handles.push_back(socket.handle()); });
  std::vector<SocketIoClient> clients;
  for (std::size_t shard = 0; shard < 3; ++shard) {
    clients.emplace_back(world, Over::websocket, shard);
    clients.back().join();
  }
  std::thread([&] {
    io->sockets_join("room");
    io->to("room").emit("news");
    for (auto const& handle : handles)
      handle.emit("answer");
  }).join();
  // Each shard by itself, and the first one last.
  for (auto const shard : {2U, 1U, 0U}) {
    world.runtime.shard(shard).run_ready();
    EXPECT_EQ(clients[shard].take_text(), R"(2["news"] 2["answer"])") << "shard " << shard;
  }
}

TEST_F(Broadcasts, AreNotToldToListenersWhoHaveComeAfterThem) {
  auto client = this->client();
  std::thread([&] { io->emit("early", 1); }).join();
  sockets[0]->on_any_outgoing([this](std::string_view event, Args const& args) {
    events.push_back(core::concat(event, " ", std::to_string(args.size())));
  });
  std::thread([&] { io->emit("late", 1); }).join();
  world.run();
  EXPECT_EQ(client.take_text(), R"(2["early",1] 2["late",1])");
  EXPECT_EQ(take_events(), Strings{"late 1"});
}

TEST_F(Broadcasts, FindSockets) {
  auto first = client();
  auto second = client();
  std::string const ids[] = {std::string(sockets[0]->id()), std::string(sockets[1]->id())};
  world.in_turn([&] {
    sockets[0]->join("a");
    sockets[0]->data() = Value::object({{"name", "Ada"}});
  });
  fetch(io->in("a"));
  EXPECT_EQ(take_events(), Strings{ids[0]});
  fetch(io->in("nowhere"));
  EXPECT_EQ(take_events(), Strings{});
  fetch(io->except(ids[0]));
  EXPECT_EQ(take_events(), Strings{ids[1]});
}

TEST_F(Broadcasts, TellTheRoomsOfRemoteSockets) {
  auto client = this->client();
  std::vector<RemoteSocket> found;
  auto const fetch = [&] {
    auto const task = [this, &found]() -> Task<> { found = co_await io->fetch_sockets(); };
    world.in_turn([&] { spawn(world.runtime, task()); });
  };
  world.in_turn([&] { sockets[0]->join({"a", "b"}); });
  fetch();
  ASSERT_EQ(found.size(), 1U);
  auto const id = found[0].id();
  Strings const all{id, "a", "b"};
  // A copy, and what it is moved to, tells the same, whether that was asked for before or not.
  auto copy = found[0];
  auto const& rooms = found[0].rooms();
  EXPECT_EQ(rooms, all);
  EXPECT_EQ(&rooms, &found[0].rooms());
  auto const moved = std::move(copy);
  EXPECT_EQ(moved.rooms(), all);
  auto other = found[0];
  EXPECT_EQ(other.rooms(), all);
  other = std::move(found[0]);
  EXPECT_EQ(other.rooms(), all);
  world.in_turn([&] { sockets[0]->leave(id); });
  fetch();
  EXPECT_EQ(found[0].rooms(), (Strings{"a", "b"}));
}

TEST_F(Broadcasts, AreAskedForRoomsByManyThreads) {
  auto client = this->client();
  std::vector<RemoteSocket> found;
  auto const task = [this, &found]() -> Task<> { found = co_await io->fetch_sockets(); };
  world.in_turn([&] { spawn(world.runtime, task()); });
  ASSERT_EQ(found.size(), 1U);
  std::vector<std::vector<std::string> const*> seen(4);
  std::vector<std::thread> threads;
  for (auto& one : seen)
    threads.emplace_back([&one, &remote = found[0]] { one = &remote.rooms(); });
  for (auto& thread : threads)
    thread.join();
  for (auto const* one : seen) {
    EXPECT_EQ(one, seen[0]);
    EXPECT_EQ(*one, Strings{found[0].id()});
  }
}

TEST_F(Broadcasts, ReachRemoteSockets) {
  auto client = this->client();
  world.in_turn([&] { sockets[0]->data() = "data"; });
  std::vector<RemoteSocket> found;
  auto const task = [this, &found]() -> Task<> { found = co_await io->fetch_sockets(); };
  world.in_turn([&] { spawn(world.runtime, task()); });
  ASSERT_EQ(found.size(), 1U);
  auto const& remote = found.front();
  EXPECT_EQ(remote.rooms(), Strings{remote.id()});
  EXPECT_EQ(remote.data(), Value("data"));
  EXPECT_EQ(remote.handshake()["headers"]["host"], Value("test"));
  world.in_turn([&] {
    remote.join("room");
    io->to("room").emit("1");
    remote.leave("room");
    io->to("room").emit("nobody");
    remote.emit("2");
    remote.timeout(1s).emit("ask",
                            [this](AckReply const& reply) { events.push_back(reply.get<std::string>()); });
  });
  EXPECT_EQ(client.take_text(), R"(2["1"] 2["2"] 20["ask"])");
  client.send(R"(30["single"])");
  EXPECT_EQ(take_events(), Strings{"single"});
  world.in_turn([&] { remote.disconnect(true); });
  EXPECT_TRUE(client.closed());
  world.in_turn([&] {
    remote.emit("ask",
                [this](AckReply const& reply) { events.push_back(std::string(to_string(reply.error()))); });
  });
  EXPECT_EQ(take_events(), Strings{"socket has been disconnected"});
  // On any thread, and for as long as one likes.
  sockets.clear();
  std::thread([kept = found] {
    EXPECT_EQ(kept.front().handshake()["headers"]["host"], Value("test"));
    EXPECT_EQ(kept.front().data(), Value("data"));
  }).join();
}

TEST_F(Broadcasts, DisconnectMany) {
  auto first = client();
  auto second = client();
  auto third = client(Over::polling);
  world.in_turn([&] {
    sockets[0]->join("a");
    io->in("a").disconnect_sockets();
    io->except("a").emit("still here");
  });
  EXPECT_EQ(first.take_text(), "1");
  EXPECT_EQ(second.take_text(), R"(2["still here"])");
  world.in_turn([&] { io->disconnect_sockets(true); });
  EXPECT_FALSE(first.closed());
  EXPECT_TRUE(second.closed());
  EXPECT_EQ(io->sockets().socket_count(), 0U);
}

TEST_F(Broadcasts, AreImmutableOperators) {
  auto first = client();
  auto second = client();
  world.in_turn([&] {
    sockets[0]->join("a");
    sockets[1]->join("b");
    auto const to_a = io->to("a");
    auto const to_both = to_a.to("b");
    to_a.emit("a");
    to_both.except("a").emit("b");
    to_both.emit("both");
  });
  EXPECT_EQ(first.take_text(), R"(2["a"] 2["both"])");
  EXPECT_EQ(second.take_text(), R"(2["b"] 2["both"])");
}

TEST_F(Broadcasts, OfASocketLeaveItselfOut) {
  auto first = client();
  auto second = client();
  world.in_turn([&] {
    sockets[0]->join("a");
    sockets[1]->join("a");
    sockets[0]->broadcast().emit("1");
    sockets[0]->to("a").emit("2");
    sockets[0]->except("a").emit("nobody");
    sockets[0]->local().emit("3");
  });
  EXPECT_EQ(first.take_text(), "");
  EXPECT_EQ(second.take_text(), R"(2["1"] 2["2"] 2["3"])");
}

TEST_F(Broadcasts, ThatAreLargerThanABurstArriveWhole) {
  auto first = client();
  auto second = client(Over::polling);
  std::string const large(200'000, 'x');
  world.in_turn([&] {
    for (int i = 0; i < 3; ++i)
      io->emit("e", i, large);
  });
  Strings expected;
  for (int i = 0; i < 3; ++i)
    expected.push_back("2[\"e\"," + std::to_string(i) + ",\"" + large + "\"]");
  EXPECT_EQ(first.take(), expected);
  EXPECT_EQ(second.take(), expected);
}

TEST_F(Broadcasts, DisconnectSlowConsumersAlone) {
  io.reset();
  start({.engine = {.outgoing_limit = 10'000}});
  auto slow = client();
  auto fast = client();
  slow.websocket->connection.set_window(0);
  for (int i = 0; i < 3; ++i)
    world.in_turn([&] { io->emit("e", std::string(8'000, 'x')); });
  EXPECT_EQ(fast.take().size(), 3U);
  EXPECT_EQ(io->sockets().socket_count(), 1U);
}

// --- Other threads

class TwoShards : public SocketIoFixture {
 protected:
  TwoShards() : SocketIoFixture(2) {}
};

// Nobody takes what waits: in the end the producer is told, and memory is not.
TEST_F(TwoShards, RefuseAThreadThatIsFasterThanTheyAre) {
  std::optional<SocketHandle> handle;
  start().on_connection([&](Socket& socket) { handle = socket.handle(); });
  auto client = this->client();
  std::string const text(1 << 20U, 'x');
  auto const accepted_by = [&](auto const& emitter) {
    int accepted = 0;
    std::thread([&] {
      while (accepted < 1000 && emitter.emit("e", text))
        ++accepted;
    }).join();
    return accepted;
  };
  EXPECT_GT(accepted_by(*io), 0);
  EXPECT_FALSE(io->to("room").emit("e", text));
  world.run();
  auto const by_handle = accepted_by(*handle);
  EXPECT_GT(by_handle, 0) << "what waited has been done";
  EXPECT_LT(by_handle, 100);
  world.run();
  // Only the first shard works: what it passes on to the second counts, too.
  int total = 0;
  for (int round = 0; round < 10; ++round) {
    total += accepted_by(*io);
    world.runtime.shard(0).run_ready();
  }
  EXPECT_LT(total, 100);
  world.run();
}

/// A room that all leave at once, by whichever way: in time that grows with their number.
TEST_F(Broadcasts, LetManySocketsLeaveARoomAtOnce) {  // N11
  struct Way {
    char const* name;
    std::function<void(aerie::Server&)> leave;
  };
  std::vector<Way> const ways{
      {"sockets_leave", [](aerie::Server& io) { io.in("room").sockets_leave("room"); }},
      {"disconnect_sockets", [](aerie::Server& io) { io.in("room").disconnect_sockets(); }},
  };
  for (auto const& way : ways) {
    SCOPED_TRACE(way.name);
    auto const time_of = [&](int count) {
      io.reset();
      start();
      io->on_connection([](aerie::Socket& socket) { socket.join("room"); });
      std::list<SocketIoClient> clients;
      for (int i = 0; i < count; ++i)
        clients.emplace_back(world, Over::websocket).join();
      auto const begin = std::chrono::steady_clock::now();
      world.in_turn([&] { way.leave(*io); });
      auto const elapsed = std::chrono::steady_clock::now() - begin;
      world.in_turn([&] { EXPECT_EQ(std::ranges::count(io->sockets().local_rooms(), "room"), 0); });
      return elapsed;
    };
    auto const few = time_of(200);
    EXPECT_LT(time_of(2000), few * 40 + 20ms);
  }
}

}}  // namespace aerie::socketio::test
