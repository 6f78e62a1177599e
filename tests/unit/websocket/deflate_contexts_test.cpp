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

}  // namespace
