#include <aerie/core/account.hpp>
#include <aerie/websocket/deflate.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::string_literals;
using namespace aerie::websocket;
using aerie::core::Account;

constexpr std::size_t limit = 1'000'000;
constexpr DeflateParameters nothing_kept{.server_no_context_takeover = true,
                                         .client_no_context_takeover = true};

std::string compressed(Deflate& by, std::string_view message) {
  std::string payload;
  by.compress(message, payload);
  return payload;
}

std::string inflated(Deflate& by, std::string_view payload) {
  std::vector<char> out;
  EXPECT_EQ(by.decompress(payload, limit, out), Error::none);
  return {out.begin(), out.end()};
}

class SharedContexts : public testing::Test {
 protected:
  Deflate server(DeflateParameters const& agreed) {
    return {Role::server, agreed, options, *contexts, account};
  }

  DeflateOptions options{};
  Account account;
  std::optional<DeflateContexts> contexts{std::in_place, options, account};
};

TEST_F(SharedContexts, CostAsMuchForAThousandConnectionsAsForOne) {
  std::optional<std::size_t> after_one;
  for (int i = 0; i < 1000; ++i) {
    auto connection = server(nothing_kept);
    Deflate client(Role::client, nothing_kept, options);
    auto const message = "message " + std::to_string(1000 + i);
    EXPECT_EQ(inflated(client, compressed(connection, message)), message);
    EXPECT_EQ(inflated(connection, compressed(client, message)), message);
    if (!after_one) after_one = account.used();
    ASSERT_EQ(account.used(), *after_one);
  }
  EXPECT_GE(*after_one, deflate_memory({}, options)) << "one compressor and one decompressor";
  EXPECT_LT(*after_one, deflate_memory({}, options) + 100) << "and what came of the last message";
  contexts.reset();
  EXPECT_EQ(account.used(), 0U);
}

TEST_F(SharedContexts, AreNotMadeBeforeTheyAreNeeded) {
  auto const connection = server(nothing_kept);
  EXPECT_EQ(contexts->memory(), 0U);
  auto keeping = server({});
  compressed(keeping, "a message");
  EXPECT_EQ(contexts->memory(), 0U) << "that one has its own";
}

TEST_F(SharedContexts, ServeConnectionsOfEveryWindowInTurn) {
  std::string far(20'000, ' ');
  for (std::size_t i = 0; i < far.size(); ++i)
    far[i] = static_cast<char>('a' + i * i % 23);
  auto const message = far + far;
  std::vector<Deflate> servers;
  std::vector<Deflate> clients;
  for (std::uint8_t bits = 9; bits <= 15; ++bits) {
    auto agreed = nothing_kept;
    agreed.server_max_window_bits = agreed.client_max_window_bits = bits;
    servers.push_back(server(agreed));
    clients.emplace_back(Role::client, agreed, options);
  }
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      EXPECT_EQ(inflated(clients[i], compressed(servers[i], message)), message) << i;
      EXPECT_EQ(inflated(servers[i], compressed(clients[i], message)), message) << i;
    }
  }
}

TEST_F(SharedContexts, CompressOnceWhatConnectionsAreSentAlike) {
  std::vector<Deflate> servers;
  for (int i = 0; i < 10; ++i)
    servers.push_back(server(nothing_kept));
  Deflate client(Role::client, nothing_kept, options);
  std::uint64_t wanted = 0;
  // Equal beginnings, equal sizes, and the same again after another one.
  for (auto const& message : {std::string(2000, 'a'), std::string(2001, 'a'), std::string(2000, 'a') + "b",
                              std::string(2000, 'a'), std::string(DeflateContexts::largest_kept, 'c')}) {
    ++wanted;
    for (auto& connection : servers)
      EXPECT_EQ(compressed(connection, message), compressed(servers.front(), message));
    EXPECT_EQ(contexts->compressions(), wanted) << message.size();
    if (message.size() < limit) {
      EXPECT_EQ(inflated(client, compressed(servers.front(), message)), message);
    }
  }
}

TEST_F(SharedContexts, CompressForEachSizeOfWindowByItself) {
  auto small = nothing_kept;
  small.server_max_window_bits = 9;
  auto one = server(nothing_kept);
  auto two = server(small);
  std::string message;
  for (int i = 0; i < 2000; ++i)
    message += std::to_string(i * i % 1009);
  Deflate client(Role::client, small, options);
  for (int i = 0; i < 3; ++i) {
    compressed(one, message);
    EXPECT_EQ(inflated(client, compressed(two, message)), message);
  }
  EXPECT_EQ(contexts->compressions(), 2U);
}

TEST_F(SharedContexts, AccountForTheMessageThatTheyKeepAndForNoneThatIsHuge) {
  auto connection = server(nothing_kept);
  compressed(connection, "short");
  auto const before = account.used();
  auto const message = std::string(100'000, 'm');
  compressed(connection, message);
  EXPECT_GE(account.used(), before + message.size());
  compressed(connection, std::string(DeflateContexts::largest_kept + 1, 'n'));
  compressed(connection, "short");
  EXPECT_LT(account.used(), before + message.size() + 10'000) << "no more than the largest that was kept";
  auto const count = contexts->compressions();
  compressed(connection, std::string(DeflateContexts::largest_kept + 1, 'n'));
  compressed(connection, std::string(DeflateContexts::largest_kept + 1, 'n'));
  EXPECT_EQ(contexts->compressions(), count + 2);
}

TEST_F(SharedContexts, KeepNothingOfAMessageForTheNext) {
  auto one = server(nothing_kept);
  auto two = server(nothing_kept);
  auto const secret = "a secret that nobody else may find in what is sent to him"s;
  auto const first = compressed(two, secret);
  compressed(one, secret);
  EXPECT_EQ(compressed(two, secret), first) << "as long as if nobody had been sent it before";
}

TEST_F(SharedContexts, AreAsGoodAsNewAfterWhatCouldNotBeInflated) {
  Deflate client(Role::client, nothing_kept, options);
  auto const good = compressed(client, "a good message");
  auto const bomb = compressed(client, std::string(limit + 1, 'x'));
  for (auto const& bad : std::array{"garbage"s, good.substr(0, 5), bomb, "\x00\x05\x00\xfa\xff\x48"s}) {
    auto attacker = server(nothing_kept);
    std::vector<char> out;
    EXPECT_NE(attacker.decompress(bad, limit, out), Error::none);
    auto other = server(nothing_kept);
    EXPECT_EQ(inflated(other, good), "a good message");
  }
}

TEST_F(SharedContexts, AreNotForDirectionsThatKeepTheirOwn) {
  struct Row {
    bool server_keeps;
    bool client_keeps;
  };
  for (auto const& [server_keeps, client_keeps] : {Row{true, true}, Row{true, false}, Row{false, true}}) {
    auto const agreed = DeflateParameters{.server_no_context_takeover = !server_keeps,
                                          .client_no_context_takeover = !client_keeps};
    contexts.emplace(options, account);
    {
      auto connection = server(agreed);
      Deflate client(Role::client, agreed, options);
      auto const message = std::string(3000, 'm');
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(inflated(client, compressed(connection, message)), message);
        EXPECT_EQ(inflated(connection, compressed(client, message)), message);
      }
      EXPECT_EQ(account.used() - contexts->memory(), deflate_memory(agreed, options))
          << "what the connection keeps is charged";
    }
    EXPECT_EQ(account.used(), contexts->memory()) << "and goes with it";
  }
}

/// Text that repeats itself little, the same for the same seed.
std::string text_of(std::size_t size, unsigned seed) {
  std::string text;
  for (std::uint32_t at = seed * 2654435761U + 1; text.size() < size; at = at * 1664525U + 1013904223U)
    text += std::to_string(at % 9973) + " ";
  text.resize(size);
  return text;
}

/// A connection as both of its ends see it.
struct Line {
  Deflate here;
  Deflate there;
};

TEST_F(SharedContexts, CompressLargeMessagesOnceForConnectionsWithWindowsOfTheirOwn) {
  std::vector<Line> lines;
  for (int i = 0; i < 5; ++i)
    lines.push_back({server({}), Deflate(Role::client, {}, options)});
  for (unsigned round = 0; round < 3; ++round) {
    auto const large = text_of(20'000, round);
    std::size_t i = 0;
    for (auto& line : lines) {
      auto const own = text_of(1000 + i, round * 100 + static_cast<unsigned>(i));
      EXPECT_EQ(inflated(line.there, compressed(line.here, own)), own);
      EXPECT_EQ(inflated(line.there, compressed(line.here, large)), large) << i;
      // It is in the window on both sides, so what repeats it is short.
      auto const payload = compressed(line.here, large.substr(12'000, 200));
      EXPECT_LT(payload.size(), 20U) << i;
      EXPECT_EQ(inflated(line.there, payload), large.substr(12'000, 200));
      ++i;
    }
    EXPECT_EQ(contexts->compressions(), round + 1) << "once for all but the first";
  }
}

TEST_F(SharedContexts, AreNotUsedForWhatOneConnectionIsSentOrWhatIsShort) {
  auto one = server({});
  auto two = server({});
  for (unsigned i = 0; i < 3; ++i)
    compressed(one, text_of(20'000, i));
  for (auto* const connection : {&one, &two, &one, &two})
    compressed(*connection, text_of(8 * 1024 - 1, 7));
  EXPECT_EQ(contexts->compressions(), 0U);
  for (auto* const connection : {&one, &two})
    compressed(*connection, text_of(8 * 1024, 7));
  EXPECT_EQ(contexts->compressions(), 1U);
}

TEST_F(SharedContexts, SpareAConnectionItsOwnContextThatIsOnlySentWhatOthersAre) {
  auto first = server({});
  auto const large = text_of(20'000, 1);
  compressed(first, large);
  auto later = server({});
  compressed(later, large);
  auto const before = account.used();
  Deflate client(Role::client, {}, options);
  auto last = server({});
  EXPECT_EQ(inflated(client, compressed(last, large)), large);
  EXPECT_EQ(account.used(), before);
  // Its first message of its own does not refer to what its context has never seen.
  EXPECT_EQ(inflated(client, compressed(last, large.substr(100, 500))), large.substr(100, 500));
  EXPECT_GT(account.used(), before);
}

TEST_F(SharedContexts, FitAnyWindowAndAnyLevelWhateverIsSentInBetween) {
  for (int const level : {-1, 0, 1, 9}) {
    options.level = level;
    contexts.emplace(options, account);
    std::vector<Line> lines;
    for (std::uint8_t bits = 9; bits <= 15; ++bits) {
      for (int i = 0; i < 2; ++i) {
        DeflateParameters const agreed{.server_max_window_bits = bits, .server_no_context_takeover = i == 1};
        lines.push_back({server(agreed), Deflate(Role::client, agreed, options)});
      }
    }
    unsigned seed = 0;
    for (std::size_t const size :
         {8'192U, 100U, 32'768U, 32'767U, 9'000U, 100'000U, 5'000U, 65'536U, 70'001U}) {
      auto const shared = text_of(size, ++seed);
      for (auto& line : lines) {
        EXPECT_EQ(inflated(line.there, compressed(line.here, shared)), shared) << size << " at " << level;
        if (seed % 3 != 0) continue;
        // Half of what was sent, and something new.
        auto const own = shared.substr(size / 2) + text_of(300, seed * 7);
        EXPECT_EQ(inflated(line.there, compressed(line.here, own)), own) << size << " at " << level;
      }
    }
  }
}

}  // namespace
