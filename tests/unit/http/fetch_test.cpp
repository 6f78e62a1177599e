// Requests to servers on this machine.

#include <aerie/core/runtime.hpp>
#include <aerie/http/fetch.hpp>
#include <aerie/http/server.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie::http { namespace {

using namespace std::chrono_literals;

TEST(FetchUrls, AreTakenApart) {
  struct Case {
    char const* text;
    FetchUrl url;
  };
  for (auto const& [text, url] :
       {Case{"http://a", {false, "a", 80, "a", "/"}},
        {"https://a.example/", {true, "a.example", 443, "a.example", "/"}},
        {"http://a:4318/v1/traces?x=1", {false, "a", 4318, "a:4318", "/v1/traces?x=1"}},
        {"http://a?x", {false, "a", 80, "a", "/?x"}},
        {"http://[::1]:8080/b", {false, "::1", 8080, "[::1]:8080", "/b"}},
        {"https://[::1]", {true, "::1", 443, "[::1]", "/"}}}) {
    auto const parsed = FetchUrl::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, url) << text;
  }
}

TEST(FetchUrls, ThatAreNoneAreRefused) {
  for (auto const* const text :
       {"", "a", "a:80", "//a", "ftp://a", "http:/a", "http://", "http:///x", "http://user@a",
        "http://a:", "http://a:0", "http://a:65536", "http://a:8x", "http://a/#b", "http://a/ b",
        "http://a/\r\nX: y", "http://[::1", "http://[::1]x", "http://\xc3\xa9"})
    EXPECT_FALSE(FetchUrl::parse(text)) << text;
}

class FetchTest : public ::testing::Test {
 protected:
  FetchTest() {
    server.get("/hello", [this](Request const& request) {
      ++asked;
      host = request.header("host");
      return Response::text(200, "hello " + std::string(request.header("x-name")));
    });
    server.post("/echo", [](Request const& request) { return Response::text(201, request.body); });
    server.get("/broken", [](Request const&) { return Response::text(503, "no").set("Retry-After", "7"); });
    server.listen(0, "127.0.0.1");
  }

  FetchUrl url(std::string const& target) {
    return *FetchUrl::parse("http://127.0.0.1:" + std::to_string(server.port()) + target);
  }
  /// The answer, when it has come.
  FetchResult fetch(FetchRequest request) {
    std::optional<FetchResult> result;
    fetcher->send(std::move(request), [&](FetchResult answer) { result = std::move(answer); });
    while (!result)
      runtime.shard(0).turn(10s);
    return std::move(*result);
  }

  Runtime runtime{{.log_sink = nullptr}};
  Server server{runtime};
  std::unique_ptr<Fetcher> fetcher = std::make_unique<Fetcher>(runtime.shard(0));
  int asked = 0;
  std::string host;
};

TEST_F(FetchTest, GetsWhatIsAskedFor) {
  auto const answer = fetch({.url = url("/hello"), .headers = {{"X-Name", "you"}}});
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(answer.body, "hello you");
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(host, "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_FALSE(fetcher->busy());
}

TEST_F(FetchTest, SendsABody) {
  std::string const large(300'000, 'x');
  for (auto const& body : {std::string(), std::string("abc"), large}) {
    auto const answer = fetch({.method = "POST", .url = url("/echo"), .body = body});
    EXPECT_EQ(answer.head.status, 201);
    EXPECT_EQ(answer.body, body);
  }
}

TEST_F(FetchTest, ShowsHeadersOfTheAnswer) {
  auto const answer = fetch({.url = url("/broken")});
  EXPECT_EQ(answer.head.status, 503);
  EXPECT_EQ(answer.head.header("retry-after"), "7");
}

TEST_F(FetchTest, KeepsTheConnectionForTheNextRequest) {
  fetch({.url = url("/hello")});
  fetch({.url = url("/hello")});
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(FetchTest, SaysWhyThereIsNoAnswer) {
  auto const closed = url("/hello");
  server.stop_listening();
  runtime.shard(0).run_ready();
  auto const answer = fetch({.url = closed});
  EXPECT_EQ(answer.head.status, 0);
  EXPECT_FALSE(answer.error.empty());
  // It may be asked again.
  EXPECT_EQ(fetch({.url = closed}).head.status, 0);
}

TEST_F(FetchTest, RefusesHeadersThatWouldBeSeveral) {
  EXPECT_THROW(fetcher->send({.url = url("/hello"), .headers = {{"A", "b\r\nC: d"}}}, [](FetchResult) {}),
               std::invalid_argument);
  EXPECT_FALSE(fetcher->busy());
}

TEST_F(FetchTest, CallsNobodyOnceItIsGone) {
  auto called = false;
  fetcher->send({.url = url("/hello")}, [&](FetchResult) { called = true; });
  fetcher.reset();
  for (int i = 0; i < 10; ++i)
    runtime.shard(0).turn(1ms);
  EXPECT_FALSE(called);
}

TEST_F(FetchTest, MayBeDestroyedByTheCallback) {
  auto called = false;
  fetcher->send({.url = url("/hello")}, [&](FetchResult) {
    fetcher.reset();
    called = true;
  });
  while (!called)
    runtime.shard(0).turn(10s);
  EXPECT_EQ(fetcher, nullptr);
}

TEST_F(FetchTest, CallsNobodyForARequestThatWasCut) {
  std::vector<int> called;
  fetcher->send({.url = url("/broken")}, [&](FetchResult) { called.push_back(1); });
  fetcher->cut();
  auto const answer = fetch({.url = url("/hello")});
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_TRUE(called.empty());
}

}}  // namespace aerie::http
