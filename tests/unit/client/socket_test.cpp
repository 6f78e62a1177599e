#include "unit/client/client_fixture.hpp"

#include <aerie/socketio/ack.hpp>

#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

struct Note {
  std::string text;
  int stars = 0;
  static void describe(Schema<Note>& schema) {
    schema.field<&Note::text>();
    schema.field<&Note::stars>();
  }
};

struct TransportCase {
  std::string name;
  std::vector<Transport> transports;
};

class ClientSocket : public ServedFixture, public ::testing::WithParamInterface<TransportCase> {
 protected:
  Options with(Options options = {}) {
    options.transports = GetParam().transports;
    return options;
  }
  /// Also until an upgrade is over: the server lets the poll wait that it has for a while.
  void settle() { advance(300ms); }
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Transports, ClientSocket,
                         ::testing::Values(TransportCase{"polling", {Transport::polling}},
                                           TransportCase{"websocket", {Transport::websocket}},
                                           TransportCase{"upgrade",
                                                         {Transport::polling, Transport::websocket}}),
                         [](auto const& info) { return info.param.name; });

TEST_P(ClientSocket, SendsAndReceivesWhateverAValueCanBe) {
  io.on("echo",
        [](aerie::Socket& socket, Args const& args) { socket.emit("echoed", args[0], args[1], args[2]); });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<Value> got;
  socket.on("echoed", [&](Args const& args) { got = args.values(); });
  socket.connect();
  socket.emit("echo", Value::object({{"a", Value::array({1, nullptr, "ü€😀"})}}), Bytes("\0\x01\xff"), 1.5);
  run();
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(json::stringify(got[0]), R"({"a":[1,null,"ü€😀"]})");
  EXPECT_EQ(got[1].as_bytes().view(), std::string_view("\0\x01\xff"));
  EXPECT_EQ(got[2].as_double(), 1.5);
  EXPECT_TRUE(log.empty());
}

TEST_P(ClientSocket, WhoeverListensToAllHearsWhatComesAndWhatIsSentWhenItIs) {
  io.on("echo", [](aerie::Socket& socket, Args const& args) { socket.emit("echoed", args[0], args[1]); });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<std::string> heard;
  auto const hears = [&](std::string_view who) {
    return [&heard, who](std::string_view event, Args const& args) {
      heard.push_back(core::concat(who, " ", event, " ", std::to_string(args.size()), " ",
                                   args[1].get_if<Bytes>() ? "bytes" : "none"));
    };
  };
  socket.on_any(hears("in 2"));
  socket.prepend_any(hears("in 1"));
  auto const second = socket.on_any_outgoing(hears("out 2"));
  socket.prepend_any_outgoing(hears("out 1"));
  socket.emit("echo", "text", Bytes("bytes"));
  run();
  EXPECT_TRUE(heard.empty());
  socket.connect();
  settle();
  EXPECT_EQ(heard, (std::vector<std::string>{"out 1 echo 2 bytes", "out 2 echo 2 bytes",
                                             "in 1 echoed 2 bytes", "in 2 echoed 2 bytes"}));
  heard.clear();
  socket.off(second);
  socket.off_any();
  socket.emit("unheard", [](AckReply const&) {});
  settle();
  EXPECT_EQ(heard, std::vector<std::string>{"out 1 unheard 0 none"});
  socket.off_any_outgoing();
  socket.emit("unheard");
  settle();
  EXPECT_EQ(heard.size(), 1U);
}

TEST_P(ClientSocket, OffAllLeavesThoseWhoListenToEverything) {
  auto const manager = make(with());
  auto const socket = manager.socket();
  int named = 0;
  int any = 0;
  io.on_connection([](aerie::Socket& to) { to.emit("hello"); });
  socket.on("hello", [&] { ++named; });
  socket.on_any([&](std::string_view, Args const&) { ++any; });
  socket.off_all();
  socket.connect();
  settle();
  EXPECT_EQ(named, 0);
  EXPECT_EQ(any, 1);
}

TEST_P(ClientSocket, AnOutgoingListenerMayCloseTheClient) {
  auto const manager = make(with());
  auto const socket = manager.socket();
  socket.connect();
  settle();
  int heard = 0;
  socket.on_any_outgoing([&](std::string_view, Args const&) {
    ++heard;
    manager.close();
  });
  socket.emit("one");
  socket.emit("two");
  settle();
  EXPECT_EQ(heard, 1);
}

TEST_P(ClientSocket, AcknowledgesAndIsAcknowledged) {
  io.on("double", [](int number) { return 2 * number; });
  std::string answer;
  io.on_connection([&](aerie::Socket& socket) {
    socket.emit("question", "name", [&](AckReply reply) { answer = reply.get<std::string>(); });
  });
  auto const manager = make(with());
  auto const socket = manager.socket();
  int doubled = 0;
  socket.on("question", [](std::string const& what) { return "my " + what; });
  socket.connect();
  socket.emit("double", 21, [&](AckReply reply) { doubled = reply.get<int>(); });
  run();
  EXPECT_EQ(doubled, 42);
  EXPECT_EQ(answer, "my name");
}

TEST_P(ClientSocket, DescribedTypesAndCoroutinesGoBothWays) {
  io.on("note", [](Note note) {
    note.stars += 1;
    return note;
  });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<std::string> got;
  auto talk = [&](client::Socket of) -> Task<void> {
    Note note{"good", 4};
    auto const better = co_await of.emit_with_ack<Note>("note", note);
    got.push_back(better.text + std::to_string(better.stars));
    try {
      co_await of.timeout(100ms).emit_with_ack<Note>("nobody answers this");
    } catch (AckFailed const& failed) {
      got.emplace_back(failed.what());
    }
  };
  socket.connect();
  manager.spawn(talk(socket));
  run();
  advance(200ms);
  EXPECT_EQ(got, (std::vector<std::string>{"good5", "operation has timed out"}));
}

TEST_P(ClientSocket, AListenerThatIsACoroutineAnswersWhenItEnds) {
  std::string answer;
  io.on_connection([&](aerie::Socket& socket) {
    socket.emit("slow", [&](AckReply reply) { answer = reply.get<std::string>(); });
  });
  auto const manager = make(with());
  auto const socket = manager.socket();
  socket.on("slow", []() -> Task<std::string> {
    co_await sleep_for(50ms);
    co_return "done";
  });
  socket.connect();
  run();
  EXPECT_EQ(answer, "");
  advance(100ms);
  EXPECT_EQ(answer, "done");
}

TEST_P(ClientSocket, SeveralNamespacesShareAConnection) {
  io.of("/a").on("who", [] { return "a"; });
  io.of("/b").on("who", [] { return "b"; });
  auto const manager = make(with());
  std::vector<std::string> got;
  for (auto const* const nsp : {"/a", "b"}) {
    auto const socket = manager.socket(nsp);
    socket.connect();
    socket.emit("who", [&](AckReply reply) { got.push_back(reply.get<std::string>()); });
  }
  run();
  EXPECT_EQ(got, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(io.engine().clients_count(), 1U);
}

TEST_P(ClientSocket, ALargeMessageGoesBothWays) {
  io.on("echo", [](std::string text) { return text; });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::string const large(900'000, 'x');
  std::string got;
  socket.connect();
  socket.emit("echo", large, [&](AckReply reply) { got = reply.get<std::string>(); });
  run();
  EXPECT_EQ(got, large);
}

TEST_P(ClientSocket, ManyMessagesKeepTheirOrderAlsoAcrossTheUpgrade) {
  std::vector<int> up;
  io.on("count", [&](int number) { up.push_back(number); });
  io.on_connection([](aerie::Socket& socket) {
    for (int i = 0; i < 200; ++i)
      socket.emit("count", i);
  });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<int> down;
  socket.on("count", [&](int number) { down.push_back(number); });
  socket.connect();
  for (int i = 0; i < 100; ++i)
    socket.emit("count", i);
  for (int i = 100; i < 200; ++i) {
    runtime.shard(0).run_ready();
    socket.emit("count", i);
    for (auto const& pipe : std::vector(wire->pipes))
      pipe->pump();
  }
  settle();
  std::vector<int> expected(200);
  for (int i = 0; i < 200; ++i)
    expected[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(up, expected);
  EXPECT_EQ(down, expected);
}

TEST_P(ClientSocket, AServerThatRefusesTellsWhy) {
  io.use([](aerie::Socket& socket) {
    if (socket.handshake().auth()["token"] != Value("good"))
      throw aerie::ConnectError("not you", Value::object({{"code", 7}}));
  });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("connect", [&] { got.emplace_back("connect"); });
  socket.on("connect_error",
            [&](std::string const& message, Value data) { got.push_back(message + json::stringify(data)); });
  socket.connect();
  settle();
  EXPECT_FALSE(socket.active());
  socket.set_auth(Value::object({{"token", "good"}}));
  socket.connect();
  settle();
  EXPECT_EQ(got, (std::vector<std::string>{R"(not you{"code":7})", "connect"}));

  auto const nowhere = manager.socket("/nowhere");
  nowhere.on("connect_error", [&](std::string const& message) { got.push_back(message); });
  nowhere.connect();
  settle();
  EXPECT_EQ(got.back(), "Invalid namespace");
  EXPECT_TRUE(socket.connected());
}

TEST_P(ClientSocket, WhoeverLeavesIsToldSo) {
  std::vector<std::string> got;
  io.on_disconnect([&](aerie::Socket&, DisconnectReason reason) { got.emplace_back(to_string(reason)); });
  io.on("go", [](aerie::Socket& socket) { socket.disconnect(); });
  auto const manager = make(with());
  auto const socket = manager.socket();
  socket.on("disconnect", [&](std::string const& reason) { got.push_back(reason); });
  socket.connect();
  settle();
  auto const first = socket.id();
  EXPECT_EQ(first.size(), 20U);
  socket.disconnect();
  settle();
  EXPECT_EQ(got, (std::vector<std::string>{"io client disconnect", "client namespace disconnect"}));
  EXPECT_EQ(socket.id(), "");
  EXPECT_EQ(io.engine().clients_count(), 0U);
  got.clear();
  socket.connect();
  settle();
  EXPECT_NE(socket.id(), first);
  socket.emit("go");
  settle();
  EXPECT_EQ(got, (std::vector<std::string>{"server namespace disconnect", "io server disconnect"}));
  EXPECT_FALSE(socket.active());
  advance(1min);
  EXPECT_FALSE(socket.connected());
}

TEST_P(ClientSocket, WhoeverConnectsAndLeavesBeforeTheServerAnswersHarmsNobody) {
  io.of("/other");
  auto const manager = make(with());
  auto const steady = manager.socket("/other");
  auto const socket = manager.socket();
  std::vector<std::string> got;
  steady.on("disconnect", [&](std::string const& reason) { got.push_back("other: " + reason); });
  socket.on("connect", [&] { got.emplace_back("connect"); });
  socket.on("disconnect", [&](std::string const& reason) { got.push_back(reason); });
  steady.connect();
  settle();
  // Twice, and gone and back, before there is an answer.
  socket.connect();
  socket.connect();
  socket.disconnect();
  socket.connect();
  settle();
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
  socket.disconnect();
  socket.connect();
  socket.disconnect();
  settle();
  EXPECT_EQ(got, (std::vector<std::string>{"connect", "io client disconnect"}));
  EXPECT_EQ(io.of("/").socket_count(), 0U);
  socket.connect();
  settle();
  EXPECT_EQ(got.back(), "connect");
  EXPECT_TRUE(steady.connected());
}

TEST_P(ClientSocket, HeartbeatsKeepItForAnHour) {
  auto const manager = make(with());
  auto const socket = manager.socket();
  int pings = 0;
  int losses = 0;
  manager.on("ping", [&] { ++pings; });
  socket.on("disconnect", [&] { ++losses; });
  socket.connect();
  advance(1h);
  EXPECT_EQ(losses, 0);
  EXPECT_NEAR(pings, 144, 2);
}

TEST_P(ClientSocket, AServerThatIsSilentIsLeft) {
  auto const manager = make(with({.reconnection = false}));
  auto const socket = manager.socket();
  std::string why;
  socket.on("disconnect", [&](std::string const& reason) { why = reason; });
  socket.connect();
  run();
  for (auto const& pipe : wire->pipes)
    pipe->is_frozen = true;
  advance(44s);
  EXPECT_EQ(why, "");
  advance(2s);
  EXPECT_EQ(why, "ping timeout");
}

TEST_P(ClientSocket, ALostConnectionIsMadeAgainAndWhatWasEmittedMeanwhileArrives) {
  std::vector<int> up;
  io.on("count", [&](int number) { up.push_back(number); });
  auto const manager = make(with());
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("connect", [&] { got.emplace_back("connect"); });
  socket.on("disconnect", [&](std::string const& reason) { got.push_back(reason); });
  manager.on("reconnect_attempt", [&](int number) { got.push_back("attempt " + std::to_string(number)); });
  manager.on("reconnect_error", [&] { got.emplace_back("failed"); });
  manager.on("reconnect", [&](int number) { got.push_back("reconnect " + std::to_string(number)); });
  socket.connect();
  run();
  wire->refusal = "connection refused";
  cut_all();
  EXPECT_TRUE(socket.active());
  EXPECT_FALSE(socket.connected());
  socket.emit("count", 1);
  advance(1600ms);
  wire->refusal.clear();
  advance(5s);
  EXPECT_EQ(up, (std::vector<int>{1}));
  ASSERT_EQ(got.size(), 7U);
  EXPECT_EQ(got[0], "connect");
  EXPECT_TRUE(got[1] == "transport error" || got[1] == "transport close") << got[1];
  EXPECT_EQ((std::vector<std::string>(got.begin() + 2, got.end())),
            (std::vector<std::string>{"attempt 1", "failed", "attempt 2", "reconnect 2", "connect"}));
}

}}}}  // namespace aerie::v1::client::test
