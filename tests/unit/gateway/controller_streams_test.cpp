#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace controller_stream_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

struct Price {
  std::int64_t cents = 0;
  static void describe(Schema<Price>& s) { s.field<&Price::cents>(); }
};

struct Closed {
  bool can_activate(ExecutionContext&) { return false; }
};

struct Doubled {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map(
        [](ReplyItem item) { return ReplyItem(Value(item.value().as_int() * 2)); });
  }
};

struct Teapot {
  void on_exception(std::logic_error const&, ExecutionContext&) {
    throw HttpException(418, "short and stout");
  }
};

class Streams {
 public:
  static void describe(Controller<Streams>& c) {
    c.at("/streams");
    c.sse<&Streams::prices>("prices/:from");
    c.sse<&Streams::named>("named");
    c.sse<&Streams::own>("own");
    c.get<&Streams::own>("own-by-get").header("X-Kind", "events");
    c.sse<&Streams::numbers>("doubled").use<Doubled>();
    c.sse<&Streams::numbers>("closed").use<Closed>();
    c.sse<&Streams::fails<false>>("fails");
    c.sse<&Streams::fails<true>>("fails-with-words");
    c.get<&Streams::rows>("rows").header("Content-Disposition", "attachment");
    c.get<&Streams::no_rows>("no-rows");
    c.get<&Streams::broken_rows>("broken-rows").use<Teapot>();
  }

 private:
  Generator<Price> prices(Param<"from", std::int64_t> from) {
    for (auto cents = from.value();; ++cents) {
      Price price{cents};
      co_yield price;
      co_await sleep_for(1s);
    }
  }
  Generator<Event<std::string>> named() { co_yield Event<std::string>("greeting", "hello"); }
  Generator<http::ServerSentEvent> own() { co_yield http::ServerSentEvent("text", "type", "id"); }
  Generator<int> numbers() {
    co_yield 1;
    co_yield 2;
  }
  template <bool WithWords>
  Generator<int> fails() {
    co_yield 1;
    if (WithWords) throw NotFoundException("no more numbers");
    throw std::runtime_error("a secret");
  }
  static Generator<std::string> lines(int count) {
    for (int i = 0; i < count; ++i)
      co_yield std::to_string(i) + "\n";
  }
  http::Response rows() { return http::Response::streamed("text/csv", lines(2)); }
  static Generator<std::string> missing() {
    throw NotFoundException("no such table");
    co_return;
  }
  static Generator<std::string> broken() {
    throw std::logic_error("broken");
    co_return;
  }
  http::Response no_rows() { return http::Response::streamed("text/csv", missing()); }
  http::Response broken_rows() { return http::Response::streamed("text/csv", broken()); }
};

struct Root {
  static void describe(Module& m) { m.controllers<Streams>(); }
};

class ControllerStreams : public ::testing::Test {
 protected:
  std::string get(std::string const& path) {
    server.app.init();
    client = server.connect();
    client.write("GET /streams/" + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    server.run();
    return client.take();
  }
  static std::string body(std::string const& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
  static bool has(std::string const& answer, std::string_view part) {
    return answer.find(part) != std::string::npos;
  }
  ApplicationOnAClock<Root> server;
  core::MemoryClient client = server.connect();
};

TEST_F(ControllerStreams, SendTheItemsOfAGeneratorAsEvents) {
  auto const answer = get("prices/41");
  EXPECT_TRUE(has(answer, "HTTP/1.1 200 OK")) << answer;
  EXPECT_TRUE(has(answer, "Content-Type: text/event-stream")) << answer;
  EXPECT_TRUE(has(answer, "id: 1\ndata: {\"cents\":41}\n\n")) << answer;
  server.advance(1s);
  EXPECT_TRUE(has(client.take(), "id: 2\ndata: {\"cents\":42}\n\n"));
}

TEST_F(ControllerStreams, KeepTheNamesOfEvents) {
  EXPECT_TRUE(has(get("named"), "event: greeting\nid: 1\ndata: hello\n\n"));
  EXPECT_TRUE(has(get("own"), "event: type\nid: id\ndata: text\n\n"));
  auto const by_get = get("own-by-get");
  EXPECT_TRUE(has(by_get, "event: type\nid: id\ndata: text\n\n")) << by_get;
  EXPECT_TRUE(has(by_get, "X-Kind: events")) << by_get;
}

TEST_F(ControllerStreams, PassInterceptorsAndGuards) {
  auto const doubled = get("doubled");
  EXPECT_TRUE(has(doubled, "data: 2\n\n")) << doubled;
  EXPECT_TRUE(has(doubled, "data: 4\n\n")) << doubled;
  EXPECT_TRUE(has(get("closed"), "HTTP/1.1 403"));
}

TEST_F(ControllerStreams, TellAnErrorAsAnEventAndEnd) {
  auto const secret = get("fails");
  EXPECT_TRUE(has(secret, "data: 1\n\n")) << secret;
  EXPECT_TRUE(has(secret, "event: error\ndata: Internal server error\n\n")) << secret;
  EXPECT_TRUE(secret.ends_with("0\r\n\r\n")) << secret;
  EXPECT_TRUE(server.logged("a secret"));
  EXPECT_TRUE(has(get("fails-with-words"), "event: error\ndata: no more numbers\n\n"));
}

TEST_F(ControllerStreams, SendABodyPartByPart) {
  auto const answer = get("rows");
  EXPECT_TRUE(has(answer, "Content-Type: text/csv\r\n")) << answer;
  EXPECT_TRUE(has(answer, "Content-Disposition: attachment\r\n")) << answer;
  EXPECT_EQ(body(answer), "2\r\n0\n\r\n2\r\n1\n\r\n0\r\n\r\n");
}

TEST_F(ControllerStreams, AnswerWhatIsThrownBeforeTheFirstPartAsAnyError) {
  auto const missing = get("no-rows");
  EXPECT_TRUE(has(missing, "HTTP/1.1 404")) << missing;
  EXPECT_TRUE(has(missing, R"({"message":"no such table","error":"Not Found","statusCode":404})")) << missing;
}

TEST_F(ControllerStreams, EndWithTheClient) {
  get("prices/1");
  EXPECT_EQ(server.app.http().requests(), 1U);
  client.close();
  server.run();
  EXPECT_EQ(server.app.http().requests(), 0U);
}

TEST_F(ControllerStreams, DoNotHoldUpTheEndOfTheApplication) {
  get("prices/1");
  bool done = false;
  server.app.close({}, [&] { done = true; });
  server.run();
  // Whether all requests have been answered is looked at now and then.
  server.advance(1s);
  EXPECT_TRUE(done);
  EXPECT_TRUE(client.ended());
}

}  // namespace controller_stream_cases
