#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/socketio/namespace.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace catch_all_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

struct Slow {
  Task<bool> can_activate(ExecutionContext&) {
    co_await sleep_for(1ms);
    co_return true;
  }
};

struct NoSecrets {
  bool can_activate(ExecutionContext& context) { return context.pattern() != "secret"; }
};

struct Tells {
  void on_exception(WsException const& error, ExecutionContext& context) {
    context.emit("told", context.pattern(), error.what());
  }
};

class Watched {
 public:
  static void describe(Gateway<Watched>& g) {
    g.on_any<&Watched::seen>().use<NoSecrets>();
    g.on<&Watched::add>("add");
    g.on_unknown<&Watched::unknown>();
    g.after_init<&Watched::after>();
  }

 private:
  void seen(Socket& socket, EventName const& event, Args const& args) {
    socket.emit("seen", event.name, args.size());
  }
  int add(Arguments<int, int> const& numbers) { return numbers.get<0>() + numbers.get<1>(); }
  std::string unknown(EventName const& event) { return "what is " + event.name + "?"; }
  void after(Namespace& nsp) {
    nsp.on("outside", [] { return "outside"; });
    nsp.on("removed", [] { return "removed"; });
    nsp.off("removed");
  }
};

class Silent {
 public:
  static void describe(Gateway<Silent>& g) {
    g.at("/silent");
    g.on<&Silent::known>("known");
  }

 private:
  int known() { return 1; }
};

class Strict {
 public:
  static void describe(Gateway<Strict>& g) {
    g.at("/strict");
    g.on<&Strict::known>("known");
    g.refuse_unknown();
  }

 private:
  int known() { return 1; }
};

class Acknowledging {
 public:
  static void describe(Gateway<Acknowledging>& g) {
    g.at("/acknowledging");
    g.refuse_unknown().answer_errors();
  }
};

class Filtered {
 public:
  static void describe(Gateway<Filtered>& g) {
    g.at("/filtered").use<Tells>();
    g.refuse_unknown();
  }
};

class Later {
 public:
  static void describe(Gateway<Later>& g) {
    g.at("/later");
    g.on_any<&Later::answer>().use<Slow>();
    g.on<&Later::known>("known");
  }

 private:
  Task<std::string> answer(EventName event) {
    co_await sleep_for(1ms);
    co_return event.name;
  }
  void known() {}
};

/// Two gateways of one namespace: what either handles is known to both.
class First {
 public:
  static void describe(Gateway<First>& g) {
    g.at("/shared");
    g.on<&First::one>("one");
    g.refuse_unknown();
  }

 private:
  int one() { return 1; }
};
class Second {
 public:
  static void describe(Gateway<Second>& g) {
    g.at("/shared");
    g.on<&Second::two>("two");
    g.on_any<&Second::seen>();
  }

 private:
  int two() { return 2; }
  void seen(Socket& socket, EventName const& event) { socket.emit("seen", event.name); }
};

class Everywhere {
 public:
  static void describe(Gateway<Everywhere>& g) {
    g.matching("^/lobby-\\d+$");
    g.on_any<&Everywhere::seen>();
    g.refuse_unknown();
  }

 private:
  void seen(Socket& socket, EventName const& event) { socket.emit("seen", event.name); }
};

struct Root {
  static void describe(Module& m) {
    m.gateways<Watched, Silent, Strict, Acknowledging, Filtered, Later, First, Second, Everywhere>();
  }
};

class CatchAll : public ::testing::Test {
 protected:
  std::string say(std::string_view packet, std::string_view nsp = "/") {
    auto client = server.client(nsp);
    client.send(packet);
    server.advance(1ms);
    server.advance(1ms);
    return client.take_text();
  }
  ApplicationOnAClock<Root> server;
};

TEST_F(CatchAll, SeesEveryMessageBeforeTheHandlersOfItsEvent) {
  EXPECT_EQ(say(R"(21["add",1,2])"), "2[\"seen\",\"add\",2] 31[3]");
}

TEST_F(CatchAll, SeesWhatOthersThanGatewaysHandle) {
  EXPECT_EQ(say(R"(21["outside"])"), "31[\"outside\"] 2[\"seen\",\"outside\",0]");
}

TEST_F(CatchAll, IsGuardedAsAnyHandler) {
  EXPECT_EQ(say(R"(2["secret",1])"),
            "2[\"exception\",{\"status\":\"error\",\"message\":\"Forbidden resource\",\"cause\":{\"pattern\":"
            "\"secret\",\"data\":1}}]");
}

TEST_F(CatchAll, LetsUnknownEventsBeAnswered) {
  EXPECT_EQ(say(R"(27["nonsense"])"), "2[\"seen\",\"nonsense\",0] 37[\"what is nonsense?\"]");
}

TEST_F(CatchAll, TakesAnEventWhoseHandlersWereRemovedForUnknown) {
  EXPECT_EQ(say(R"(27["removed"])"), "2[\"seen\",\"removed\",0] 37[\"what is removed?\"]");
}

TEST_F(CatchAll, AcknowledgesOnceWhoeverAnswersFirst) {
  EXPECT_EQ(say(R"(2/later,1["known"])", "/later"), "3/later,1[\"known\"]");
  EXPECT_EQ(say(R"(2/later,2["unknown"])", "/later"), "3/later,2[\"unknown\"]")
      << "the name outlives the message";
}

TEST_F(CatchAll, PassesOverInSilenceWhatNobodyHandlesByDefault) {
  EXPECT_EQ(say(R"(2/silent,1["nonsense"])", "/silent"), "");
}

TEST_F(CatchAll, RefusesUnknownEventsWhereThatIsAskedFor) {
  EXPECT_EQ(say(R"(2/strict,1["nonsense",{"a":1}])", "/strict"),
            "2/strict,[\"exception\",{\"status\":\"error\",\"message\":\"Unknown event\",\"cause\":{"
            "\"pattern\":\"nonsense\",\"data\":{\"a\":1}}}]");
  EXPECT_EQ(say(R"(2/strict,1["known"])", "/strict"), "3/strict,1[1]");
}

TEST_F(CatchAll, RefusesWithTheAcknowledgementWhereErrorsAreAnswered) {
  EXPECT_EQ(say(R"(2/acknowledging,1["nonsense"])", "/acknowledging"),
            "3/acknowledging,1[{\"status\":\"error\",\"message\":\"Unknown event\",\"cause\":{\"pattern\":"
            "\"nonsense\"}}]");
}

TEST_F(CatchAll, GivesTheRefusalToTheFilters) {
  EXPECT_EQ(say(R"(2/filtered,["x"])", "/filtered"), "2/filtered,[\"told\",\"x\",\"Unknown event\"]");
}

TEST_F(CatchAll, KnowsWhatAnyGatewayOfTheNamespaceHandles) {
  EXPECT_EQ(say(R"(2/shared,1["two"])", "/shared"), "2/shared,[\"seen\",\"two\"] 3/shared,1[2]");
  EXPECT_EQ(say(R"(2/shared,2["one"])", "/shared"), "2/shared,[\"seen\",\"one\"] 3/shared,2[1]");
  EXPECT_EQ(
      say(R"(2/shared,["three"])", "/shared"),
      "2/shared,[\"seen\",\"three\"] 2/shared,[\"exception\",{\"status\":\"error\",\"message\":\"Unknown "
      "event\",\"cause\":{\"pattern\":\"three\"}}]");
}

TEST_F(CatchAll, IsThereInNamespacesOfAPattern) {
  EXPECT_EQ(say(R"(2/lobby-7,["x"])", "/lobby-7"),
            "2/lobby-7,[\"seen\",\"x\"] 2/lobby-7,[\"exception\",{\"status\":\"error\",\"message\":\"Unknown "
            "event\",\"cause\":{\"pattern\":\"x\"}}]");
}

}  // namespace catch_all_cases
