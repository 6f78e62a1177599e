#include "client/proxy.hpp"

#include "client/dialer.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

using namespace std::string_literals;
using Kind = ProxyUrl::Kind;

struct ProxyCase {
  std::string text;
  Kind kind;
  std::string host;
  int port;
  std::optional<std::string> user = std::nullopt;
  std::string password = {};
};

}  // namespace

TEST(ProxyUrl, IsReadWithItsPortAndItsCredentials) {
  for (auto const& it : std::vector<ProxyCase>{
           {"http://proxy", Kind::http, "proxy", 80},
           {"HTTP://proxy:3128/", Kind::http, "proxy", 3128},
           {"https://proxy", Kind::https, "proxy", 443},
           {"socks5://127.0.0.1", Kind::socks5, "127.0.0.1", 1080},
           {"socks5h://[::1]:80", Kind::socks5h, "::1", 80},
           {"http://me:secret@proxy:8080", Kind::http, "proxy", 8080, "me", "secret"},
           {"http://me@proxy", Kind::http, "proxy", 80, "me", ""},
           {"socks5h://a%40b:p%3Aw+1%25@proxy:1", Kind::socks5h, "proxy", 1, "a@b", "p:w+1%"},
       }) {
    auto const url = ProxyUrl::parse(it.text);
    EXPECT_EQ(url.kind, it.kind) << it.text;
    EXPECT_EQ(url.host, it.host) << it.text;
    EXPECT_EQ(url.port, it.port) << it.text;
    EXPECT_EQ(url.user, it.user) << it.text;
    EXPECT_EQ(url.password, it.password) << it.text;
  }
}

TEST(ProxyUrl, WhatIsNoneIsRefusedWithTheRemedyAndWithoutShowingIt) {
  for (auto const& text :
       std::vector<std::string>{"proxy:3128", "ftp://secret", "http://", "http://secret:0",
                                "http://secret:99999", "http://secret/path", "http://a%3Ab:secret@proxy",
                                "socks5://:secret@proxy", "socks5://" + std::string(256, 's') + "@proxy",
                                "socks5://me:" + std::string(256, 's') + "@proxy", "http://secret host"}) {
    try {
      ProxyUrl::parse(text);
      ADD_FAILURE() << text;
    } catch (std::invalid_argument const& error) {
      std::string const what = error.what();
      EXPECT_NE(what.find("client::Options::proxy"), std::string::npos) << what;
      EXPECT_NE(what.find("write one like"), std::string::npos) << what;
      EXPECT_EQ(what.find("secret"), std::string::npos) << what;
    }
  }
}

namespace {

/// What a client says in turn, and what a proxy answers to it; the last answer ends it.
struct Exchange {
  std::string said;
  std::string answered;
};

struct TalkCase {
  std::string name;
  std::string proxy;
  ProxyTarget target;
  std::vector<Exchange> exchanges;
  /// Empty: the way is open.
  std::string error = {};
};

std::vector<TalkCase> const& talks() {
  static std::vector<TalkCase> const all{
      {"connect",
       "http://proxy",
       {"server", 80},
       {{"CONNECT server:80 HTTP/1.1\r\nHost: server:80\r\n\r\n",
         "HTTP/1.1 200 Connection established\r\n\r\n"}}},
      {"connect with a length that means nothing",
       "http://proxy",
       {"server", 80},
       {{"CONNECT server:80 HTTP/1.1\r\nHost: server:80\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}}},
      {"connect to IPv6",
       "http://proxy",
       {"::1", 8080},
       {{"CONNECT [::1]:8080 HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}}},
      {"connect with credentials",
       "http://me:secret@proxy",
       {"server", 443},
       {{"CONNECT server:443 HTTP/1.1\r\nHost: server:443\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n\r\n"}}},
      {"connect that wants credentials",
       "http://proxy",
       {"server", 80},
       {{"CONNECT server:80 HTTP/1.1\r\nHost: server:80\r\n\r\n",
         "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"}},
       "407: it wants a name and a password"},
      {"connect that fails",
       "http://proxy",
       {"server", 80},
       {{"CONNECT server:80 HTTP/1.1\r\nHost: server:80\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n\r\n"}},
       "answered 502"},
      {"no HTTP at all",
       "http://proxy",
       {"server", 80},
       {{"CONNECT server:80 HTTP/1.1\r\nHost: server:80\r\n\r\n", "\x05\x00 what is this?\r\n\r\n"s}},
       "the proxy's response"},
      {"socks to an address",
       "socks5://proxy",
       {"192.0.2.1", 0x1234},
       {{"\x05\x01\x00"s, "\x05\x00"s},
        {"\x05\x01\x00\x01\xC0\x00\x02\x01\x12\x34"s, "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50"s}}},
      {"socks to an address of IPv6",
       "socks5h://proxy",
       {"::1", 80},
       {{"\x05\x01\x00"s, "\x05\x00"s},
        {"\x05\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x50"s,
         "\x05\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x50"s}}},
      {"socks to a name, answered with a name",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\x00"s},
        {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x00\x00\x03\x04name\x00\x50"s}}},
      {"socks with credentials",
       "socks5h://me:secret@proxy",
       {"server", 80},
       {{"\x05\x02\x00\x02"s, "\x05\x02"s},
        {"\x01\x02me\x06secret"s, "\x01\x00"s},
        {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s}}},
      {"socks with credentials that nobody wants",
       "socks5h://me:secret@proxy",
       {"server", 80},
       {{"\x05\x02\x00\x02"s, "\x05\x00"s},
        {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s}}},
      {"socks with wrong credentials",
       "socks5h://me:wrong@proxy",
       {"server", 80},
       {{"\x05\x02\x00\x02"s, "\x05\x02"s}, {"\x01\x02me\x05wrong"s, "\x01\x01"s}},
       "does not take the name and the password"},
      {"socks that wants credentials",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\xff"s}},
       "wants a name and a password"},
      {"socks that chooses what it was not offered",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\x02"s}},
       "wants a name and a password"},
      {"socks of version 4",
       "socks5://proxy",
       {"192.0.2.1", 80},
       {{"\x05\x01\x00"s, "\x04\x00"s}},
       "does not speak SOCKS5"},
      {"socks refused",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\x00"s},
        {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"s}},
       "was refused by the server"},
      {"socks with an unknown error",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\x00"s},
        {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x63\x00\x01\x00\x00\x00\x00\x00\x00"s}},
       "the proxy has failed"},
      {"socks with an unknown kind of address",
       "socks5h://proxy",
       {"server", 80},
       {{"\x05\x01\x00"s, "\x05\x00"s}, {"\x05\x01\x00\x03\x06server\x00\x50"s, "\x05\x00\x00\x09\x00"s}},
       "not that of SOCKS5"},
      {"a name that socks cannot say",
       "socks5h://proxy",
       {std::string(256, 'n'), 80},
       {{"\x05\x01\x00"s, "\x05\x00"s}},
       "longer than SOCKS5 can say"},
  };
  return all;
}

/// The proxy's bytes come `step` at a time.
void play(TalkCase const& it, std::size_t step) {
  auto const talk = talk_to(ProxyUrl::parse(it.proxy), it.target);
  auto said = talk->begin();
  auto status = ProxyTalk::Status::more;
  for (auto const& exchange : it.exchanges) {
    ASSERT_EQ(status, ProxyTalk::Status::more) << it.name;
    EXPECT_EQ(said, exchange.said) << it.name;
    said.clear();
    for (std::size_t at = 0; at < exchange.answered.size() && status == ProxyTalk::Status::more; at += step) {
      auto input = std::string_view(exchange.answered).substr(at, step);
      status = talk->receive(input, said);
      if (status != ProxyTalk::Status::failed) {
        EXPECT_TRUE(input.empty()) << it.name;
      }
    }
  }
  EXPECT_EQ(status, it.error.empty() ? ProxyTalk::Status::done : ProxyTalk::Status::failed) << it.name;
  EXPECT_NE(talk->error().find(it.error), std::string::npos) << it.name << ": " << talk->error();
}

}  // namespace

TEST(ProxyTalk, SaysWhatEachProxyIsToHearAndTellsWhatItAnswers) {
  for (auto const& it : talks()) {
    play(it, 1'000);
    play(it, 1);
  }
}

// --- Over a stream

namespace {

class ClientTunnel : public ::testing::Test {
 protected:
  void open(std::string_view proxy) {
    auto pair = core::memory_pair(runtime.shard(0));
    far.emplace(std::move(pair.client));
    tunnel.emplace(std::move(pair.server), talk_to(ProxyUrl::parse(proxy), {"server", 80}),
                   std::chrono::seconds{5}, [this](core::Connected result) {
                     ++calls;
                     reason = result.reason;
                     stream = std::move(result.stream);
                   });
    run();
  }
  void answer(std::string_view bytes) {
    far->write(bytes);
    run();
  }
  void run() { runtime.shard(0).run_ready(); }

  core::ManualClock clock;
  Runtime runtime{RuntimeOptions{.worker_threads = 0, .clock = &clock}};
  std::optional<core::MemoryClient> far;
  std::optional<Tunnel> tunnel;
  std::unique_ptr<core::Stream> stream;
  std::string reason;
  int calls = 0;
};

}  // namespace

TEST_F(ClientTunnel, GivesTheStreamWhenTheWayIsOpen) {
  open("http://proxy");
  answer("HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(calls, 0);
  answer("\r\n");
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(stream);
  stream->write("hello");
  far->take();
  run();
  EXPECT_EQ(far->take(), "hello");
  stream->close();
}

TEST_F(ClientTunnel, WhateverAProxyDoesInsteadItIsLeftAndSaysWhy) {
  struct Case {
    std::string does;  // what it sends; "end" and "time" end the connection, and let time go by
    std::string reason;
  };
  for (auto const& it : std::vector<Case>{
           {"HTTP/1.1 200 OK\r\n\r\nand more", "more than its answer"},
           {"HTTP/1.1 403 Forbidden\r\n\r\n", "403"},
           {std::string(100'000, 'x'), "the proxy's response"},
           {"end", "has closed the connection"},
           {"time", "has not answered in time"},
       }) {
    calls = 0;
    open("http://proxy");
    if (it.does == "end") {
      far->close();
    } else if (it.does == "time") {
      clock.advance(std::chrono::seconds{6});
    } else {
      far->write(it.does);
    }
    run();
    EXPECT_EQ(calls, 1) << it.does.substr(0, 20);
    EXPECT_FALSE(stream);
    EXPECT_NE(reason.find(it.reason), std::string::npos) << reason;
    EXPECT_TRUE(far->closed());
  }
}

TEST_F(ClientTunnel, CallsNobodyOnceItIsGivenUp) {
  open("http://proxy");
  far->write("HTTP/1.1 200 OK\r\n\r\n");
  tunnel.reset();
  run();
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(far->closed());
}

}}}}  // namespace aerie::v1::client::test
