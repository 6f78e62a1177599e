#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace pipeline_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

/// Emits what it does.
template <FixedText Name>
struct Traced {
  bool can_activate(ExecutionContext& context) {
    context.emit("trace", "guard:" + std::string(Name.view()));
    return true;
  }
  Task<Reply> intercept(ExecutionContext& context, CallHandler& next) {
    context.emit("trace", std::string(Name.view()) + ":before");
    auto reply = co_await next();
    context.emit("trace", std::string(Name.view()) + ":after");
    co_return reply;
  }
  Value transform(Value value) { return std::string(value.as_string()) + "-" + std::string(Name.view()); }
};

/// The same, waiting before each step.
struct Slow {
  Task<bool> can_activate(ExecutionContext&) {
    co_await sleep_for(1ms);
    co_return true;
  }
  Task<Value> transform(Value value) {
    co_await sleep_for(1ms);
    co_return value;
  }
};

template <FixedText Name, class Error>
struct Catches {
  void on_exception(Error const& error, ExecutionContext& context) {
    context.emit("caught", Name.view(), error.what());
  }
};

struct Rethrows {
  void on_exception(std::runtime_error const&, ExecutionContext&) { throw std::logic_error("filter"); }
};

struct Roles {
  std::vector<std::string> names;
};
struct RolesGuard {
  bool can_activate(ExecutionContext& context) {
    auto const* const roles = context.metadata<Roles>();
    return roles != nullptr && context.payload() == Value(roles->names.front());
  }
};

struct No {
  Task<bool> can_activate(ExecutionContext&) {
    co_await sleep_for(1ms);
    co_return false;
  }
};
template <bool... Answers>
struct Answering {
  Generator<bool> can_activate(ExecutionContext&) {
    std::array<bool, sizeof...(Answers)> const answers{Answers...};
    for (bool const answer : answers) {
      co_yield answer;
      co_await sleep_for(1ms);
    }
  }
};
struct ThrowsAtOnce {
  bool can_activate(ExecutionContext&) { throw WsException("guard"); }
};
struct Cached {
  Reply intercept(ExecutionContext&, CallHandler&) { return Value("cached"); }
};
struct Silent {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    static_cast<void>(co_await next());
    co_return Reply::none();
  }
};
struct Wrap {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map([](ReplyItem item) {
      return ReplyItem(Value::object({{"wrapped", item.to_value()}}));
    });
  }
};
struct PipeThrows {
  Value transform(Value) { throw std::runtime_error("pipe"); }
};

/// Says that the frame it stands in has ended.
struct Noted {
  static inline std::string ends;
  std::string_view word;
  ~Noted() { ends += word; }
};

class Lab {
 public:
  static void describe(Gateway<Lab>& g) {
    g.on<&Lab::text>("order").use<Traced<"a">>().use<Traced<"b">>();
    g.on<&Lab::text>("slow").use<Slow>();
    g.on<&Lab::text>("roles:user").use<RolesGuard>().meta(Roles{{"user"}});
    g.on<&Lab::text>("roles:none").use<RolesGuard>();
    g.on<&Lab::text>("no").use<No>();
    g.on<&Lab::text>("stream:yes").use<Answering<false, true>>();
    g.on<&Lab::text>("stream:no").use<Answering<true, false>>();
    g.on<&Lab::text>("stream:silent").use<Answering<>>();
    g.on<&Lab::text>("throws").use<ThrowsAtOnce>();
    g.on<&Lab::text>("cached").use<Cached>();
    g.on<&Lab::text>("silent").use<Silent>();
    g.on<&Lab::text>("pipe:throws").use<PipeThrows>();
    g.on<&Lab::fail>("fail:two").use<Catches<"one", WsException>>().use<Catches<"two", WsException>>();
    g.on<&Lab::fail>("fail:type")
        .use<Catches<"all", std::exception>>()
        .use<Catches<"logic", std::logic_error>>();
    g.on<&Lab::fail>("fail:none").use<Catches<"logic", std::logic_error>>();
    g.on<&Lab::fail>("fail:rethrown").use<Rethrows>();
    g.on<&Lab::stream>("stream");
    g.on<&Lab::stream>("stream:wrapped").use<Wrap>();
    g.on<&Lab::broken>("stream:broken").use<Catches<"stream", WsException>>();
    g.on<&Lab::forever>("stream:forever");
    g.on<&Lab::twice>("stream:twice");
    g.on<&Lab::twice_later>("stream:twice later");
    g.on<&Lab::leaves>("stream:leaves");
    g.on<&Lab::leaves_early>("leaves early").cancel_on_leave();
    g.on<&Lab::number>("throws:number");
  }

  static inline int ticks = 0;

 private:
  std::string text(std::string const& text) { return text; }
  void fail() { throw WsException("failed"); }
  void number() { throw 5; }  // NOLINT: whatever is thrown
  Generator<Event<int>> stream() {
    for (int i = 1; i <= 2; ++i) {
      Event<int> event{"item", i};
      co_yield std::move(event);
      co_await sleep_for(5ms);
    }
  }
  Generator<Event<int>> broken() {
    Event<int> event{"item", 1};
    co_yield std::move(event);
    throw WsException("stream broke");
  }
  // Both words are the call's.
  Generator<Event<std::string>> twice(std::string const& word) {
    for (int i = 0; i < 2; ++i) {
      Event<std::string> event{"word", word};
      co_yield std::move(event);
      co_await sleep_for(5ms);
    }
  }
  Task<Generator<Event<std::string>>> twice_later(std::string const& word) {
    co_await sleep_for(1ms);
    co_return twice(word);
  }
  // Nothing has been waited for when the client is sent away.
  Generator<int> leaves(Socket& socket) {
    Noted const noted{"stream "};
    co_yield 1;
    socket.disconnect();
    co_await sleep_for(5ms);
    Noted::ends += "never ";
  }
  Task<void> leaves_early(Socket& socket) {
    Noted const noted{"handler "};
    socket.disconnect();
    co_await sleep_for(5ms);
    Noted::ends += "never ";
  }
  Generator<Event<int>> forever() {
    for (ticks = 0;; ++ticks) {
      Event<int> event{"tick", ticks};
      co_yield std::move(event);
      co_await sleep_for(5ms);
    }
  }
};

struct LabModule {
  static void describe(Module& m) { m.gateways<Lab>(); }
};

class PipelineTest : public ::testing::Test {
 protected:
  /// What a message with an acknowledgement brings back, at once and within 20 ms.
  std::string ask(std::string_view event, std::string_view data = "\"x\"") {
    client.send("21[\"" + std::string(event) + "\"," + std::string(data) + "]");
    for (int i = 0; i < 20; ++i)
      server.advance(1ms);
    return client.take_text();
  }

  ApplicationOnAClock<LabModule> server;
  test::SocketIoClient client = server.client();
};

TEST_F(PipelineTest, RunsLayersInTheirOrder) {
  EXPECT_EQ(ask("order"),
            R"(2["trace","guard:a"] 2["trace","guard:b"] 2["trace","a:before"] 2["trace","b:before"] )"
            R"(2["trace","b:after"] 2["trace","a:after"] 31["x-a-b"])");
}

TEST_F(PipelineTest, WaitsForLayersThatWait) {
  EXPECT_EQ(ask("slow"), R"(31["x"])");
}

TEST_F(PipelineTest, TellsGuardsWhatIsSaidOfTheRoute) {
  EXPECT_EQ(ask("roles:user", "\"user\""), R"(31["user"])");
  auto const forbidden = [](std::string const& event) {
    return R"(2["exception",{"status":"error","message":"Forbidden resource","cause":{"pattern":")" + event +
           R"(","data":"x"}}])";
  };
  EXPECT_EQ(ask("roles:user"), forbidden("roles:user"));
  EXPECT_EQ(ask("roles:none"), forbidden("roles:none"));
  EXPECT_EQ(ask("no"), forbidden("no"));
  EXPECT_EQ(ask("stream:no"), forbidden("stream:no"));
  EXPECT_EQ(ask("stream:silent"), forbidden("stream:silent"));
}

TEST_F(PipelineTest, TakesTheLastAnswerOfAGuardThatHasSeveral) {
  EXPECT_EQ(ask("stream:yes"), R"(31["x"])");
}

TEST_F(PipelineTest, AnswersWhatAGuardOrPipeThrows) {
  EXPECT_EQ(ask("throws"),
            R"(2["exception",{"status":"error","message":"guard","cause":{"pattern":"throws","data":"x"}}])");
  EXPECT_EQ(ask("pipe:throws"), R"(2["exception",{"status":"error","message":"Internal server error",)"
                                R"("cause":{"pattern":"pipe:throws","data":"x"}}])");
  EXPECT_TRUE(server.logged("Lab.text has failed on \"pipe:throws\": pipe"));
}

TEST_F(PipelineTest, LetsInterceptorsAnswerInTheHandlersPlace) {
  EXPECT_EQ(ask("cached"), R"(31["cached"])");
  EXPECT_EQ(ask("silent"), "");
}

TEST_F(PipelineTest, AsksTheLastFilterFirst) {
  EXPECT_EQ(ask("fail:two"), R"(2["caught","two","failed"])");
}

TEST_F(PipelineTest, ChoosesFiltersByType) {
  EXPECT_EQ(ask("fail:type"), R"(2["caught","all","failed"])");
  EXPECT_EQ(
      ask("fail:none"),
      R"(2["exception",{"status":"error","message":"failed","cause":{"pattern":"fail:none","data":"x"}}])");
}

TEST_F(PipelineTest, OutlivesAFilterThatThrows) {
  EXPECT_EQ(ask("fail:rethrown"), "");
  EXPECT_TRUE(server.logged("filter"));
  EXPECT_EQ(ask("cached"), R"(31["cached"])");
}

TEST_F(PipelineTest, OutlivesWhatIsNoException) {
  EXPECT_NE(ask("throws:number").find("Internal server error"), std::string::npos);
}

TEST_F(PipelineTest, SendsStreamsAsTheyCome) {
  client.send(R"(2["stream"])");
  EXPECT_EQ(client.take_text(), R"(2["item",1])");
  server.advance(5ms);
  EXPECT_EQ(client.take_text(), R"(2["item",2])");
}

TEST_F(PipelineTest, LetsInterceptorsChangeEveryItemOfAStream) {
  // Of several acknowledgements the first counts.
  EXPECT_EQ(ask("stream:wrapped"), R"(31[{"wrapped":{"event":"item","data":1}}])");
}

TEST_F(PipelineTest, FiltersWhatIsThrownWhileStreaming) {
  EXPECT_EQ(ask("stream:broken"), R"(2["item",1] 2["caught","stream","stream broke"])");
}

TEST_F(PipelineTest, KeepsWhatAStreamRefersToUntilItsEnd) {
  for (auto const* const event : {"stream:twice", "stream:twice later"}) {
    client.send("2[\"" + std::string(event) + R"(","a word that is too long to be kept in place"])");
    for (int i = 0; i < 20; ++i)
      server.advance(1ms);
    EXPECT_EQ(client.take_text(), R"(2["word","a word that is too long to be kept in place"])"
                                  R"( 2["word","a word that is too long to be kept in place"])")
        << event;
  }
}

TEST_F(PipelineTest, EndsWhatIsForAClientThatItSendsAway) {
  for (auto const* const event : {"stream:leaves", "leaves early"}) {
    Noted::ends.clear();
    auto leaving = server.client();
    leaving.send("2[\"" + std::string(event) + "\"]");
    server.advance(20ms);
    EXPECT_EQ(Noted::ends, event == std::string_view("stream:leaves") ? "stream " : "handler ");
  }
}

TEST_F(PipelineTest, EndsAStreamWhenItsClientLeaves) {
  client.send(R"(2["stream:forever"])");
  server.advance(5ms);
  server.advance(5ms);
  EXPECT_EQ(client.take_text(), R"(2["tick",0] 2["tick",1] 2["tick",2])");
  client.send("1");
  server.advance(20ms);
  auto const reached = Lab::ticks;
  server.advance(20ms);
  EXPECT_EQ(Lab::ticks, reached);
}

}  // namespace pipeline_cases
