#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <optional>
#include <stdexcept>

namespace aerie::socketio::test { namespace {

struct Point {
  int x = 0;
  int y = 0;
  static void describe(Schema<Point>& s) {
    s.field<&Point::x>();
    s.field<&Point::y>();
  }
};

class Handlers : public SocketIoFixture {
 protected:
  Handlers() {
    start().on_error([this](HandlerError const& error) {
      events.push_back("error in " + std::string(error.event) + ": " + core::describe(error.error));
    });
  }
  /// What comes back for one packet.
  std::string ask(std::string_view packet) {
    if (!asking) asking.emplace(client());
    asking->send(packet);
    return asking->take_text();
  }
  std::optional<SocketIoClient> asking;
};

TEST_F(Handlers, TakeArgumentsByValueReferenceAndView) {
  io->on("values", [](int number, std::string text, std::optional<bool> maybe) {
    return text + std::to_string(number) + (maybe ? "+" : "-");
  });
  io->on("references", [](std::string const& text, std::vector<int> const& numbers, Point const& point) {
    return text + std::to_string(numbers.size()) + std::to_string(point.y);
  });
  io->on("views",
         [](std::string_view first, std::string_view second) { return std::string(second).append(first); });
  io->on("moved", [](std::string&& text) { return std::move(text); });
  EXPECT_EQ(ask(R"(21["values",4,"a",true])"), R"(31["a4+"])");
  EXPECT_EQ(ask(R"(22["values",4,"a"])"), R"(32["a4-"])");
  EXPECT_EQ(ask(R"(23["references","a",[1,2],{"x":1,"y":7}])"), R"(33["a27"])");
  EXPECT_EQ(ask(R"(24["views","a\n","b"])"), R"(34["ba\n"])");
  EXPECT_EQ(ask(R"(25["moved","text"])"), R"(35["text"])");
}

TEST_F(Handlers, TakeWhatIsNoArgumentInAnyPlace) {
  io->on("all",
         [](int first, Socket& socket, Handshake const& handshake, std::string second, Args const& args) {
           return second + std::to_string(first) + std::to_string(args.size()) +
                  std::string(handshake.url().substr(0, 11)) + (socket.connected() ? "!" : "?");
         });
  EXPECT_EQ(ask(R"(21["all",1,"b"])"), R"(31["b12/socket.io/!"])");
}

TEST_F(Handlers, AnswerByReturning) {
  io->on("nothing", [] {});
  io->on("number", [] { return 7; });
  io->on("value", [] { return Value::object({{"a", Bytes("x")}}); });
  EXPECT_EQ(ask(R"(21["nothing"])"), "");
  EXPECT_EQ(ask(R"(22["number"])"), "32[7]");
  EXPECT_EQ(ask(R"(2["number"])"), "") << "nobody asked";
  EXPECT_EQ(ask(R"(23["value"])"), R"(61-3[{"a":{"_placeholder":true,"num":0}}] beA==)");
}

TEST_F(Handlers, AnswerByHandOnce) {
  io->on("twice", [this](Ack<int, std::string> ack) {
    events.emplace_back(ack ? "asked" : "not asked");
    ack(1, "one");
    ack(2, "two");
  });
  io->on("spread", [](Args const& args, Ack<> ack) { ack.spread(args.values()); });
  EXPECT_EQ(ask(R"(21["twice"])"), R"(31[1,"one"])");
  EXPECT_EQ(ask(R"(2["twice"])"), "");
  EXPECT_EQ(take_events(), (Strings{"asked", "not asked"}));
  EXPECT_EQ(ask(R"(22["spread",1,[2]])"), R"(32[1,[2]])");
}

TEST_F(Handlers, AnswerOnceThroughWhicheverCopy) {
  std::optional<Ack<>> kept;
  io->on("first itself", [&](Ack<> const& ack) {
    ack("itself");
    kept = ack;
  });
  io->on("first a copy", [&](Ack<> const& ack) {
    kept = ack;
    (*kept)("copy");
    ack("itself");
  });
  io->on("later", [&](Ack<> const& ack) { kept = ack; });
  EXPECT_EQ(ask(R"(21["first itself"])"), R"(31["itself"])");
  world.in_turn([&] { (*kept)("copy"); });
  EXPECT_EQ(ask(R"(22["first a copy"])"), R"(32["copy"])");
  EXPECT_EQ(ask(R"(23["later"])"), "");
  world.in_turn([&] { (*kept)("late"); });
  EXPECT_EQ(asking->take_text(), R"(33["late"])");
}

TEST_F(Handlers, AnswerLater) {
  std::optional<Ack<std::string>> kept;
  io->on("later", [&](Ack<std::string> ack) { kept = std::move(ack); });
  EXPECT_EQ(ask(R"(21["later"])"), "");
  world.in_turn([&] { (*kept)("now"); });
  EXPECT_EQ(asking->take_text(), R"(31["now"])");
  asking.reset();
  world.run();
  world.in_turn([&] { (*kept)("too late"); });
}

TEST_F(Handlers, MayBeTasksThatNeedNotWait) {
  io->on("task", [](std::string text) -> Task<std::string> { co_return text + "!"; });
  io->on("silent", [this](Socket&) -> Task<> {
    events.emplace_back("ran");
    co_return;
  });
  EXPECT_EQ(ask(R"(21["task","a"])"), R"(31["a!"])");
  EXPECT_EQ(ask(R"(22["silent"])"), "");
  EXPECT_EQ(take_events(), Strings{"ran"});
}

TEST_F(Handlers, MayBeTasksThatWaitWithAllTheirParameters) {
  io->on("slow",
         [](Socket& socket, std::string_view view, std::string const& text, Args const& args,
            Handshake const& handshake) -> Task<std::string> {
           co_await sleep_for(50ms);
           auto const connected = socket.connected();
           co_return std::string(view) + text + std::to_string(args.size()) +
               std::to_string(handshake.url().size() > 1) + std::to_string(connected);
         });
  EXPECT_EQ(ask(R"(21["slow","a long text that does not fit into a small string","b"])"), "");
  world.advance(50ms);
  EXPECT_EQ(asking->take_text(), R"(31["a long text that does not fit into a small stringb211"])");
}

TEST_F(Handlers, OverlapWhileTheyWait) {
  io->on("slow", []() -> Task<int> {
    co_await sleep_for(50ms);
    co_return 1;
  });
  io->on("fast", [] { return 2; });
  EXPECT_EQ(ask(R"(21["slow"])"), "");
  EXPECT_EQ(ask(R"(22["fast"])"), "32[2]");
  world.advance(50ms);
  EXPECT_EQ(asking->take_text(), "31[1]");
}

TEST_F(Handlers, FindTheirSocketWhenItHasLeftMeanwhile) {
  io->on("slow", [this](Socket& socket) -> Task<int> {
    co_await sleep_for(50ms);
    events.emplace_back(socket.connected() ? "connected" : "gone");
    co_return 1;
  });
  ask(R"(21["slow"])");
  asking.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{});
  world.advance(50ms);
  EXPECT_EQ(take_events(), Strings{"gone"});
}

TEST_F(Handlers, MayBeMemberFunctions) {
  struct Service {
    int add(int a, int b) { return a + b + base; }
    Task<int> slow(int a) const { co_return a + base; }
    int base = 100;
  };
  Service service;
  io->on("add", &Service::add, service);
  io->on("slow", &Service::slow, service);
  EXPECT_EQ(ask(R"(21["add",1,2])"), "31[103]");
  EXPECT_EQ(ask(R"(22["slow",1])"), "32[101]");
}

TEST_F(Handlers, MayBeFunctionsAndMoveOnlyObjects) {
  int (*function)(int) = [](int number) { return number * 2; };
  io->on("function", function);
  io->on("owner", [number = std::make_unique<int>(5)](int plus) { return *number + plus; });
  EXPECT_EQ(ask(R"(21["function",4])"), "31[8]");
  EXPECT_EQ(ask(R"(22["owner",4])"), "32[9]");
}

TEST_F(Handlers, ThatThrowAreReportedAndTheConnectionGoesOn) {
  io->on("throws", [] { throw std::runtime_error("sync"); });
  io->on("throws later", []() -> Task<int> {
    co_await sleep_for(1ms);
    throw std::runtime_error("async");
  });
  io->on("throws oddly", [] { throw 7; });
  io->on("number", [](int number) { return number; });
  EXPECT_EQ(ask(R"(21["throws"])"), "");
  EXPECT_EQ(ask(R"(22["throws later"])"), "");
  world.advance(1ms);
  EXPECT_EQ(ask(R"(23["number","no"])"), "");
  EXPECT_EQ(ask(R"(24["throws oddly"])"), "");
  EXPECT_EQ(ask(R"(25["number",5])"), "35[5]");
  auto const seen = take_events();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[0], "error in throws: sync");
  EXPECT_EQ(seen[1], "error in throws later: async");
  EXPECT_EQ(seen[2], "error in number: argument 1: expected a number, got a string");
}

TEST_F(Handlers, ThatThrowAreLoggedIfNobodyListens) {
  io.reset();
  start().on("throws", [] { throw std::runtime_error("oops"); });
  ask(R"(21["throws"])");
  EXPECT_TRUE(world.logged("the handler of \"throws\" has failed"));
}

TEST_F(Handlers, OfOneEventAllRunInOrder) {
  io->on("e", [this] { events.emplace_back("1"); });
  io->on("e", [this] {
    events.emplace_back("2");
    throw std::runtime_error("x");
  });
  io->on_connection([this](Socket& socket) { socket.on("e", [this] { events.emplace_back("3"); }); });
  ask(R"(2["e"])");
  EXPECT_EQ(take_events(), (Strings{"1", "2", "error in e: x", "3"}));
}

TEST_F(Handlers, MayAddAndRemoveHandlersOfTheirOwnEvent) {
  io->on_connection([this](Socket& socket) {
    socket.on("once", [this](Socket& self) {
      self.off("once");
      events.emplace_back("once");
      self.on("grow", [this] { events.emplace_back("grown"); });
    });
    socket.on("once", [this] { events.emplace_back("behind it"); });
    socket.on("grow", [](Socket& self) {
      for (int i = 0; i < 20; ++i)
        self.on("grow", [] {});
    });
  });
  ask(R"(2["once"])");
  EXPECT_EQ(take_events(), (Strings{"once", "behind it"})) << "as Node: an event goes to those who listened";
  ask(R"(2["once"])");
  EXPECT_EQ(take_events(), Strings{});
  ask(R"(2["grow"])");
  EXPECT_EQ(take_events(), Strings{"grown"});
}

TEST_F(Handlers, OfWhatIsNoEventAreRefusedWithTheRightName) {
  auto const refusal = [&](auto&& target, std::string const& event) -> std::string {
    try {
      target.on(event, [] {});
    } catch (std::invalid_argument const& error) {
      return error.what();
    }
    return "taken";
  };
  struct Case {
    char const* event;
    char const* remedy;
  };
  for (auto const& [event, remedy] :
       {Case{"connection", "on_connection"}, Case{"connect", "on_connection"},
        Case{"disconnect", "on_disconnect"}, Case{"disconnection", "on_disconnect"},
        Case{"disconnecting", "on_disconnecting"}, Case{"error", "on_error"},
        Case{"connect_error", "ConnectError"}, Case{"new_namespace", "on_new_namespace"},
        Case{"newListener", "not told"}, Case{"removeListener", "not told"}}) {
    EXPECT_NE(refusal(*io, event).find(remedy), std::string::npos) << event;
    EXPECT_NE(refusal(io->of("/other"), event).find(remedy), std::string::npos) << event;
    io->on_connection([&, event = event](Socket& socket) { events.push_back(refusal(socket, event)); });
  }
  for (auto const* const event : {"message", "connected", "errors", "close"})
    EXPECT_EQ(refusal(*io, event), "taken");
  ask(R"(2["e"])");
  EXPECT_EQ(events.size(), 10U);
  for (auto const& event : events)
    EXPECT_NE(event, "taken");
}

}}  // namespace aerie::socketio::test
