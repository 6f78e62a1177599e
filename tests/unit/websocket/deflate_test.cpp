#include <aerie/websocket/deflate.hpp>

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace std::string_literals;
using namespace aerie::websocket;

constexpr std::size_t no_limit = std::size_t{1} << 30;

struct Pair {
  explicit Pair(DeflateParameters const& agreed = {}, DeflateOptions const& options = {})
      : server(Role::server, agreed, options), client(Role::client, agreed, options) {}

  static std::string pass(Deflate& from, Deflate& to, std::string_view message) {
    std::string payload;
    from.compress(message, payload);
    std::vector<char> out;
    EXPECT_EQ(to.decompress(payload, no_limit, out), Error::none);
    return {out.begin(), out.end()};
  }

  Deflate server;
  Deflate client;
};

Error inflate(std::string_view payload, std::size_t max_size = no_limit) {
  Deflate server(Role::server, {}, {});
  std::vector<char> out;
  return server.decompress(payload, max_size, out);
}

std::string inflated(std::string_view payload) {
  Deflate server(Role::server, {}, {});
  std::vector<char> out;
  EXPECT_EQ(server.decompress(payload, no_limit, out), Error::none);
  return {out.begin(), out.end()};
}

std::string compressed(std::string_view message) {
  Deflate client(Role::client, {}, {});
  std::string payload;
  client.compress(message, payload);
  return payload;
}

TEST(Deflate, WritesTheExamplesOfTheRfc) {  // RFC 7692 §7.2.3
  Deflate with_context(Role::server, {}, {});
  std::string payload;
  with_context.compress("Hello", payload);
  EXPECT_EQ(payload, "\xf2\x48\xcd\xc9\xc9\x07\0"s);
  payload.clear();
  with_context.compress("Hello", payload);
  EXPECT_EQ(payload, "\xf2\x00\x11\x00\x00"s);
  payload.clear();
  with_context.compress("", payload);
  EXPECT_EQ(payload, "\0"s);
}

TEST(Deflate, ReadsTheExamplesOfTheRfc) {  // RFC 7692 §7.2.3
  EXPECT_EQ(inflated("\xf2\x48\xcd\xc9\xc9\x07\0"s), "Hello");
  EXPECT_EQ(inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\0"s), "Hello")
      << "a block without compression";
  EXPECT_EQ(inflated("\xf3\x48\xcd\xc9\xc9\x07\0\0"s), "Hello") << "a final block";
  EXPECT_EQ(inflated("\xf3\x48\xcd\xc9\xc9\x07\0"s), "Hello") << "a final block and nothing behind it";
  EXPECT_EQ(inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s), "Hello") << "two blocks";
  EXPECT_EQ(inflated("\0"s), "");
  EXPECT_EQ(inflated(""), "");
}

TEST(Deflate, PassesMessagesBothWaysWithEverySetting) {
  for (unsigned setting = 0; setting < 16; ++setting) {
    DeflateParameters const agreed{.server_max_window_bits = std::uint8_t((setting & 1) != 0 ? 9 : 15),
                                   .client_max_window_bits = std::uint8_t((setting & 2) != 0 ? 9 : 15),
                                   .server_no_context_takeover = (setting & 4) != 0,
                                   .client_no_context_takeover = (setting & 8) != 0};
    Pair pair(agreed,
              {.level = static_cast<int>(setting % 10), .mem_level = 1 + static_cast<int>(setting % 9)});
    std::mt19937 random(setting);
    for (std::size_t const size : {0u, 1u, 5u, 0u, 0u, 1000u, 16u * 1024u, 70'000u, 300'000u}) {
      std::string message(size, '\0');
      for (auto& c : message)
        c = static_cast<char>(random() % 16);
      ASSERT_EQ(Pair::pass(pair.server, pair.client, message), message) << setting << " " << size;
      ASSERT_EQ(Pair::pass(pair.client, pair.server, message), message) << setting << " " << size;
    }
  }
}

TEST(Deflate, KeepsItsWindowBetweenMessagesUnlessAgreedOtherwise) {
  auto const message = "a message that is repeated word by word"s;
  for (bool const keep : {true, false}) {
    Deflate server(Role::server, {.server_no_context_takeover = !keep}, {});
    std::string first, second;
    server.compress(message, first);
    server.compress(message, second);
    EXPECT_EQ(second.size() < first.size() / 2, keep);
  }
}

TEST(Deflate, IsWorthwhileFromTheThresholdOn) {
  Deflate const server(Role::server, {}, {});
  EXPECT_FALSE(server.is_worthwhile(1023));
  EXPECT_TRUE(server.is_worthwhile(1024));
}

TEST(Deflate, RefusesGarbage) {  // F31
  for (auto const& payload : {"\xff\xff\xff\xff"s, "\x07"s, "garbage"s, "\x00\x05\x00\x00\x00Hello\0"s,
                              compressed("Hello, world").substr(0, 5), "\x00\x05\x00\xfa\xff\x48"s})
    EXPECT_EQ(inflate(payload), Error::invalid_compressed_data) << testing::PrintToString(payload);
}

TEST(Deflate, RefusesReferencesBeforeTheFirstByte) {
  EXPECT_EQ(inflate("\xf2\x00\x11\x00\x00"s), Error::invalid_compressed_data);
}

TEST(Deflate, LosesNothingButTheWindowAtAFinalBlock) {
  Deflate server(Role::server, {}, {});
  std::vector<char> out;
  auto const final_block = "\xf3\x48\xcd\xc9\xc9\x07\0\0"s;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(server.decompress(final_block, no_limit, out), Error::none);
    EXPECT_EQ(std::string(out.begin(), out.end()), "Hello");
  }
}

TEST(Deflate, StopsABombWhileItInflates) {  // F30, CVE-2016-10544, websocketpp#1191
  auto const bomb = compressed(std::string(50'000'000, '\0'));
  EXPECT_LT(bomb.size(), 60'000u);
  Deflate server(Role::server, {}, {});
  std::vector<char> out;
  EXPECT_EQ(server.decompress(bomb, 1'000'000, out), Error::message_too_big);
  EXPECT_LE(out.capacity(), 1'000'000u);
}

TEST(Deflate, AllowsExactlyTheLimit) {
  for (std::size_t const size : {1u, 16u * 1024u, 100'000u}) {
    auto const payload = compressed(std::string(size, 'x'));
    EXPECT_EQ(inflate(payload, size), Error::none) << size;
    EXPECT_EQ(inflate(payload, size - 1), Error::message_too_big) << size;
  }
}

TEST(Deflate, EndsOnEveryRandomInput) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    auto payload = compressed("some text with some repeated text " + std::to_string(seed));
    payload[random() % payload.size()] = static_cast<char>(random());
    auto const error = inflate(payload, 10'000);
    EXPECT_TRUE(error == Error::none || error == Error::invalid_compressed_data ||
                error == Error::message_too_big);
  }
}

}  // namespace
