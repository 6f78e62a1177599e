#include "http/forwarded.hpp"

#include "unit/http/server_fixture.hpp"

#include <ostream>

namespace aerie::http { namespace {

struct Seen {
  std::string address;
  bool secure = false;
  std::string host;

  bool operator==(Seen const&) const = default;
};

void PrintTo(Seen const& seen, std::ostream* out) {
  *out << seen.address << (seen.secure ? " https " : " http ") << seen.host;
}

/// A server at host.internal behind proxies at 10.0.0.0/8 and fd00::/8.
class ForwardedTest : public ServerFixture {
 protected:
  ForwardedTest() : ServerFixture(1, {.trusted_proxies = {"10.0.0.0/8", "fd00::/8"}}) {
    server.get("/", [this](Request const& request) {
      seen = {request.address(), request.secure, request.host()};
      return Response::empty();
    });
  }
  Seen see(std::string_view headers, std::string_view peer = "10.0.0.1") {
    auto pair = core::memory_pair(shard, core::Endpoint::parse(peer).value());
    server.serve(std::move(pair.server));
    seen = {};
    ask(pair.client, std::string("GET / HTTP/1.1\r\nHost: host.internal\r\n").append(headers).append("\r\n"));
    return seen;
  }

  Seen seen;
};

TEST_F(ForwardedTest, TellsWhoTheClientIs) {
  struct Case {
    char const* headers;
    Seen expected;
  };
  for (auto const& [headers, expected] : std::vector<Case>{
           {"", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For: 203.0.113.7\r\n", {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example\r\n",
            {"203.0.113.7", true, "chat.example"}},
           // Right to left, past those who are trusted, and no further.
           {"X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.2\r\n", {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.7\r\n",
            {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n", {"10.0.0.3", false, "host.internal"}},
           {"X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nX-Forwarded-Proto: http, https\r\n"
            "X-Forwarded-Host: evil.example, chat.example\r\n",
            {"203.0.113.7", true, "chat.example"}},
           {"X-Forwarded-For: 203.0.113.7, 10.0.0.2\r\nX-Forwarded-Proto: https, http\r\n"
            "X-Forwarded-Host: chat.example, inner.example\r\n",
            {"203.0.113.7", true, "chat.example"}},
           // How addresses may be written.
           {"X-Forwarded-For: 203.0.113.7:4711\r\n", {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: 2001:db8::7\r\n", {"2001:db8::7", false, "host.internal"}},
           {"X-Forwarded-For: [2001:db8::7]:4711\r\n", {"2001:db8::7", false, "host.internal"}},
           {"X-Forwarded-For: ::ffff:203.0.113.7\r\n", {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: \"203.0.113.7\"\r\n", {"203.0.113.7", false, "host.internal"}},
           // What is malformed says nothing.
           {"X-Forwarded-For: , ,\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For:\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For: , 203.0.113.7 ,\r\n", {"203.0.113.7", false, "host.internal"}},
           {"X-Forwarded-For: 203.0.113.7, nonsense\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For: unknown\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For: 203.0.113.7.1\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-For: [::1\r\n", {"10.0.0.1", false, "host.internal"}},
           {"X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: a b\r\n", {"10.0.0.1", false, "host.internal"}},
           // A proxy that does not say who has asked.
           {"X-Forwarded-Proto: https\r\n", {"10.0.0.1", true, "host.internal"}},
           {"X-Forwarded-Proto: wss\r\n", {"10.0.0.1", true, "host.internal"}},
           {"X-Forwarded-Port: 8443\r\nX-Forwarded-Proto: https\r\n",
            {"10.0.0.1", true, "host.internal:8443"}},
           {"X-Forwarded-Port: 443\r\nX-Forwarded-Proto: https\r\n", {"10.0.0.1", true, "host.internal"}},
           {"X-Forwarded-Host: chat.example:9000\r\nX-Forwarded-Port: 8443\r\n",
            {"10.0.0.1", false, "chat.example:9000"}},
           {"X-Forwarded-Host: [2001:db8::1]\r\nX-Forwarded-Port: 8080\r\n",
            {"10.0.0.1", false, "[2001:db8::1]:8080"}},
           {"X-Forwarded-Port: 99999\r\n", {"10.0.0.1", false, "host.internal"}},
           // RFC 7239.
           {"Forwarded: for=203.0.113.7;proto=https;host=chat.example\r\n",
            {"203.0.113.7", true, "chat.example"}},
           {"Forwarded: For=\"[2001:db8:cafe::17]:4711\"\r\n", {"2001:db8:cafe::17", false, "host.internal"}},
           {"Forwarded: for=6.6.6.6;host=evil.example, for=203.0.113.7;host=\"chat.example:8443\", "
            "for=10.0.0.2\r\n",
            {"203.0.113.7", false, "chat.example:8443"}},
           {"Forwarded: for=203.0.113.7;by=10.0.0.1\r\nForwarded: for=10.0.0.2;PROTO=HTTPS\r\n",
            {"203.0.113.7", true, "host.internal"}},
           {"Forwarded: for=_hidden, for=10.0.0.2\r\n", {"10.0.0.2", false, "host.internal"}},
           {"Forwarded: for=unknown;proto=https\r\n", {"10.0.0.1", true, "host.internal"}},
           {"Forwarded: for=\"203.0.113.7:_port\"\r\n", {"203.0.113.7", false, "host.internal"}},
           {"Forwarded: for=\"\\203.0.113.7\"\r\n", {"203.0.113.7", false, "host.internal"}},
           {"Forwarded: for=\"a,b;c\", for=10.0.0.2\r\n", {"10.0.0.2", false, "host.internal"}},
           {"Forwarded: , ;, =, for\r\n", {"10.0.0.1", false, "host.internal"}},
           {"Forwarded: for=\"203.0.113.7\r\n", {"10.0.0.1", false, "host.internal"}},
           // Both, when they agree; else one of them is the client's own, and nobody knows which.
           {"Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n",
            {"203.0.113.7", true, "host.internal"}},
           {"Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 203.0.113.7\r\n",
            {"10.0.0.1", false, "host.internal"}}}) {
    EXPECT_EQ(see(headers), expected) << headers;
  }
}

TEST_F(ForwardedTest, IsIgnoredFromOthers) {
  auto const* const lies =
      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
      "X-Forwarded-Port: 1\r\n";
  EXPECT_EQ(see(lies, "203.0.113.1"), (Seen{"203.0.113.1", false, "host.internal"}));
  EXPECT_EQ(see("Forwarded: for=6.6.6.6;proto=https;host=evil.example\r\n", "203.0.113.1"),
            (Seen{"203.0.113.1", false, "host.internal"}));
  EXPECT_EQ(see("X-Forwarded-For: 6.6.6.6\r\n", "fd00::1"), (Seen{"6.6.6.6", false, "host.internal"}));
}

TEST_F(ForwardedTest, CountsMoreProxiesThanAnybodyHas) {
  std::string list;
  for (int i = 0; i < 1000; ++i)
    list += "10.0.0.2, ";
  EXPECT_EQ(see("X-Forwarded-For: " + list + "10.0.0.3\r\n").address, "10.0.0.2");
}

TEST(ForwardedOptions, AreCheckedAtTheStart) {
  Runtime runtime;
  EXPECT_THROW(Server(runtime, {.trusted_proxies = {"nginx"}}), std::invalid_argument);
}

}}  // namespace aerie::http
