#include <aerie/http/request_head.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aerie::http { namespace {

RequestHead parsed(std::string_view text) {
  auto const head = RequestHead::parse(text);
  EXPECT_TRUE(head) << text;
  return *head;
}

constexpr std::string_view handshake =
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n"
    "Host: localhost:3000\r\n"
    "User-Agent: test\r\n"
    "Empty:\r\n"
    "Cookie: \t a=b; c=d \r\n"
    "cookie: second\r\n"
    "\r\n";

TEST(RequestHead, TakesTheRequestLineApart) {
  auto const head = parsed(handshake);
  EXPECT_EQ(head.method(), "GET");
  EXPECT_EQ(head.verb(), Method::get);
  EXPECT_EQ(head.target(), "/socket.io/?EIO=4&transport=polling");
  EXPECT_EQ(head.path(), "/socket.io/");
  EXPECT_EQ(head.query(), "EIO=4&transport=polling");
  EXPECT_EQ(head.version_minor(), 1U);
}

TEST(RequestHead, FindsHeadersInAnyCase) {
  auto const head = parsed(handshake);
  EXPECT_EQ(head.header("host"), "localhost:3000");
  EXPECT_EQ(head.header("HOST"), "localhost:3000");
  EXPECT_EQ(head.header("cookie"), "a=b; c=d; second");
  EXPECT_EQ(head.header("empty"), "");
  EXPECT_TRUE(head.has("Empty"));
  EXPECT_FALSE(head.has("Origin"));
  EXPECT_EQ(head.header("Origin"), "");
  EXPECT_FALSE(head.has("Hos"));
}

TEST(RequestHead, KeepsTheNamesThatBrowsersSendInLittleMemory) {
  std::string text = "GET / HTTP/1.1\r\n";
  std::vector<std::pair<std::string, std::string>> expected;
  for (auto const* name :
       {"Host", "Connection", "Pragma", "Cache-Control", "User-Agent", "Upgrade", "Origin",
        "Sec-WebSocket-Version", "Accept-Encoding", "Accept-Language", "Cookie", "Sec-WebSocket-Key",
        "Sec-WebSocket-Extensions", "sec-ch-ua", "Sec-Fetch-Mode", "X-Own", "host-like", "HOST-LIKES"}) {
    expected.emplace_back(name, "value");
    text += std::string(name) + ": value\r\n";
  }
  auto const head = parsed(text + "\r\n");
  std::vector<std::pair<std::string, std::string>> lines;
  head.each_header([&](std::string_view name, std::string_view value) { lines.emplace_back(name, value); });
  EXPECT_EQ(lines, expected);
  for (auto const& [name, value] : expected)
    EXPECT_EQ(head.header(name), value) << name;
  EXPECT_EQ(head.header("SEC-WEBSOCKET-KEY"), "value");
  EXPECT_LT(head.memory(), text.size() - 100);
}

TEST(RequestHead, KeepsTheLinesThatBrowsersSendInTwoBytesEach) {
  constexpr auto length_size = sizeof(std::uint16_t);
  struct {
    std::string_view name;
    std::string_view value;
    std::string_view other;  // of the same size, and not known
  } const lines[] = {
      {"Accept", "*/*", "*/x"},
      {"Pragma", "no-cache", "no-Cache"},
      {"Upgrade", "websocket", "WebSocket"},
      {"Connection", "Upgrade", "upgrade"},
      {"Connection", "keep-alive", "Keep-Alive"},
      {"Connection", "keep-alive, Upgrade", "Upgrade, keep-alive"},
      {"Cache-Control", "no-cache", "no-store"},
      {"Sec-Fetch-Dest", "websocket", "WEBSOCKET"},
      {"Sec-Fetch-Site", "same-origin", "same-Origin"},
      {"Accept-Encoding", "gzip, deflate, br", "gzip,  deflate,br"},
      {"Accept-Encoding", "gzip, deflate, br, zstd", "zstd, gzip, deflate, br"},
      {"Sec-WebSocket-Version", "13", "14"},
      {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits",
       "permessage-deflate;  client_max_window_bit"},
      {"Sec-WebSocket-Extensions", "permessage-deflate", "permessage-Deflate"},
  };
  for (auto const& [name, value, other] : lines) {
    ASSERT_EQ(value.size(), other.size());
    auto const with = [name = name](std::string_view text) {
      return parsed("GET /?a HTTP/1.1\r\nHost: h\r\n" + std::string(name) + ": " + std::string(text) +
                    "\r\nX-Last: 2\r\n\r\n");
    };
    EXPECT_EQ(with(value).memory() + value.size() + length_size, with(other).memory()) << name << value;
    for (auto const text : {value, other}) {
      auto const head = with(text);
      std::string all;
      head.each_header([&](std::string_view each, std::string_view has) {
        all.append(each).append("=").append(has).append(";");
      });
      EXPECT_EQ(all, "Host=h;" + std::string(name) + "=" + std::string(text) + ";X-Last=2;");
      EXPECT_EQ(head.header(name), text);
      EXPECT_EQ(head.header("x-last"), "2");
    }
  }
}

TEST(RequestHead, ListsHeadersInOrder) {
  std::vector<std::pair<std::string, std::string>> lines;
  parsed(handshake).each_header(
      [&](std::string_view name, std::string_view value) { lines.emplace_back(name, value); });
  std::vector<std::pair<std::string, std::string>> const expected{
      {"Host", "localhost:3000"}, {"User-Agent", "test"}, {"Empty", ""}, {"Cookie", "a=b; c=d; second"}};
  EXPECT_EQ(lines, expected);
}

TEST(RequestHead, KeepsHeadersOfUnusualSpelling) {
  // One that is not written "Name: value" makes all of them be copied piece by piece.
  for (auto const* line : {"Regular: 1\r\n", "Tight:1\r\n", "Wide:  1\r\n", "Tab:\t1\r\n", "Behind: 1 \r\n",
                           "Empty:\r\n", "A-name-of-more-than-sixteen_characters!#$%&'*+.^`|~: 1\r\n"}) {
    auto const head =
        parsed(std::string("GET / HTTP/1.1\r\nHost: a\r\n").append(line).append("Last: z\r\n\r\n"));
    std::string const name(line, std::string_view(line).find(':'));
    EXPECT_TRUE(head.has(name)) << line;
    EXPECT_EQ(head.header(name), name == "Empty" ? "" : "1") << line;
    EXPECT_EQ(head.header("Host"), "a") << line;
    EXPECT_EQ(head.header("Last"), "z") << line;
    EXPECT_EQ(head.header_count(), 3U) << line;
  }
}

TEST(RequestHead, OutlivesTheHandleItWasCopiedFrom) {
  RequestHead copy;
  EXPECT_FALSE(copy);
  {
    auto const head = parsed(handshake);
    copy = head;
  }
  auto const moved = std::move(copy);
  EXPECT_EQ(moved.path(), "/socket.io/");
}

TEST(RequestHead, TakesNoMoreMemoryThanItsText) {
  EXPECT_LE(parsed(handshake).memory(), handshake.size());
}

TEST(RequestHead, ReadsThePathOfAnAbsoluteTarget) {
  EXPECT_EQ(parsed("GET http://a.example/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n").target(), "/x?y");
  EXPECT_EQ(parsed("GET http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n").target(), "/");
  EXPECT_EQ(parsed("GET http://a.example?y HTTP/1.1\r\nHost: a.example\r\n\r\n").target(), "/?y");
  EXPECT_EQ(parsed("GET http://a.example?y HTTP/1.1\r\nHost: a.example\r\n\r\n").query(), "y");
}

TEST(RequestHead, KnowsWhetherTheConnectionGoesOn) {
  auto const keeps = [](std::string_view version, std::string_view connection) {
    return parsed(std::string("GET / HTTP/")
                      .append(version)
                      .append("\r\nHost: a\r\n")
                      .append(connection)
                      .append("\r\n"))
        .keep_alive();
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_FALSE(keeps("1.1", "Connection: close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: keep-alive, Close\r\n"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Connection: Keep-Alive\r\n"));
}

TEST(RequestHead, KnowsWhetherAnUpgradeIsRequested) {
  auto const upgrades = [](std::string_view headers) {
    return parsed(std::string("GET / HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n"))
        .upgrade_requested();
  };
  EXPECT_TRUE(upgrades("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"));
  EXPECT_FALSE(upgrades("Upgrade: websocket\r\n"));
  EXPECT_FALSE(upgrades("Connection: Upgrade\r\n"));
}

TEST(RequestHead, DoesNotParseWhatTheServerWouldRefuse) {
  EXPECT_FALSE(RequestHead::parse("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(RequestHead::parse("GET / HTTP/1.1\r\nHost: a\r\n"));
}

TEST(EqualIgnoringCase, FoldsLettersOnly) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(equal_ignoring_case("a[", "a{"));
  EXPECT_FALSE(equal_ignoring_case("a@", "a`"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

TEST(EqualIgnoringCase, AgreesWithItsDefinitionAtEveryPlace) {
  auto const folded = [](int c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int c = 0; c < 256; ++c) {
        for (int const other : {c, c ^ 0x20, c ^ 0x80, int{'a'}, int{'Z'}, int{'@'}, int{'`'}}) {
          std::string a(size, 'x');
          std::string b(size, 'X');
          a[at] = static_cast<char>(c);
          b[at] = static_cast<char>(other);
          ASSERT_EQ(equal_ignoring_case(a, b), folded(c) == folded(other)) << size << at << ' ' << c << other;
        }
      }
    }
  }
}

TEST(ListHasToken, LooksAtWholeElements) {
  EXPECT_TRUE(list_has_token("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(list_has_token(",, websocket ,", "websocket"));
  EXPECT_FALSE(list_has_token("upgraded", "upgrade"));
  EXPECT_FALSE(list_has_token("", "upgrade"));
}

}}  // namespace aerie::http
