#include "unit/support/allocated.hpp"

#include <aerie/core/endpoint.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <new>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie::core { namespace {

static_assert(std::is_nothrow_copy_constructible_v<Endpoint> &&
              std::is_nothrow_move_constructible_v<Endpoint> && std::is_nothrow_copy_assignable_v<Endpoint> &&
              std::is_nothrow_move_assignable_v<Endpoint>);

Endpoint v4(char const* address, std::uint16_t port) {
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(port);
  EXPECT_EQ(inet_pton(AF_INET, address, &raw.sin_addr), 1);
  return Endpoint::from(reinterpret_cast<sockaddr const&>(raw));
}

Endpoint v6(char const* address, std::uint16_t port) {
  sockaddr_in6 raw{};
  raw.sin6_family = AF_INET6;
  raw.sin6_port = htons(port);
  EXPECT_EQ(inet_pton(AF_INET6, address, &raw.sin6_addr), 1);
  return Endpoint::from(reinterpret_cast<sockaddr const&>(raw));
}

TEST(Endpoint, ShowsAddressAndPort) {
  EXPECT_EQ(v4("127.0.0.1", 80).address(), "127.0.0.1");
  EXPECT_EQ(v4("127.0.0.1", 80).port(), 80);
  EXPECT_EQ(v6("2001:db8::1", 65535).address(), "2001:db8::1");
  EXPECT_EQ(v6("2001:db8::1", 65535).port(), 65535);
}

TEST(Endpoint, ShowsAnIpv4AddressThatCameOverIpv6AsIpv4) {
  EXPECT_EQ(v6("::ffff:192.0.2.7", 1).address(), "192.0.2.7");
  EXPECT_EQ(v6("::ffff:192.0.2.7", 1), v4("192.0.2.7", 1));
}

TEST(Endpoint, IsEmptyWithoutANetwork) {
  EXPECT_EQ(Endpoint().address(), "");
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_EQ(Endpoint::from(local), Endpoint());
}

TEST(Endpoint, DiffersByAddressPortAndFamily) {
  EXPECT_EQ(v4("10.0.0.1", 1), v4("10.0.0.1", 1));
  EXPECT_NE(v4("10.0.0.1", 1), v4("10.0.0.2", 1));
  EXPECT_NE(v4("10.0.0.1", 1), v4("10.0.0.1", 2));
  EXPECT_NE(v4("0.0.0.0", 1), v6("::", 1));
  EXPECT_NE(v4("0.0.0.0", 0), Endpoint());
  EXPECT_NE(v6("::", 0), Endpoint());
  EXPECT_EQ(v6("2001:db8::1", 1), v6("2001:db8::1", 1)) << "though each has a record of its own";
  EXPECT_NE(v6("2001:db8::1", 1), v6("2001:db8::2", 1));
  EXPECT_NE(v6("2001:db8::1", 1), v6("2001:db8::1", 2));
}

TEST(Endpoint, HasTheBytesInNetworkOrder) {
  EXPECT_TRUE(std::ranges::equal(v4("192.0.2.7", 0x1234).bytes(), std::array{192, 0, 2, 7}));
  EXPECT_TRUE(std::ranges::equal(v6("2001:db8::7", 1).bytes(),
                                 std::array{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}));
  EXPECT_TRUE(Endpoint().bytes().empty());
}

TEST(Endpoint, IsReadFromText) {
  EXPECT_EQ(Endpoint::parse("192.0.2.7", 80), v4("192.0.2.7", 80));
  EXPECT_EQ(Endpoint::parse("2001:DB8::7", 80), v6("2001:db8::7", 80));
  EXPECT_EQ(Endpoint::parse("::ffff:192.0.2.7"), v4("192.0.2.7", 0));
  for (auto const* text : {"", "192.0.2", "192.0.2.256", "[::1]", "::1%lo", "localhost"})
    EXPECT_EQ(Endpoint::parse(text), std::nullopt) << text;
}

TEST(Endpoint, IsCopiedAndMovedInEachCombination) {
  for (auto const& from : {Endpoint(), v4("192.0.2.7", 80), v6("2001:db8::7", 80)}) {
    for (auto const& to : {Endpoint(), v4("192.0.2.8", 81), v6("2001:db8::8", 81)}) {
      auto copied = to;
      copied = from;
      EXPECT_EQ(copied, from);
      auto const& itself = copied;
      copied = itself;
      EXPECT_EQ(copied, from);
      auto moved = to;
      moved = std::move(copied);
      EXPECT_EQ(moved, from);
      EXPECT_EQ(moved.address(), from.address());
      copied = to;  // what was moved from may be used again
      EXPECT_EQ(copied, to);
    }
  }
}

TEST(Endpoint, AllocatesForIpv6OnceAndForIpv4Never) {
  auto const before = test::allocated();
  {
    auto const near = v4("192.0.2.7", 80);
    EXPECT_EQ(test::allocated(), before);
    auto const far = v6("2001:db8::7", 80);
    auto const with_one = test::allocated();
    EXPECT_LE(with_one - before, 24U) << "a class of allocators";
    std::vector<Endpoint> copies;
    copies.reserve(100);
    auto const with_room = test::allocated();
    for (int i = 0; i < 50; ++i) {
      copies.push_back(near);
      copies.push_back(far);
    }
    EXPECT_EQ(test::allocated(), with_room);
  }
  EXPECT_EQ(test::allocated(), before);
}

TEST(Endpoint, SaysThatThereIsNoMemory) {
  auto const before = test::allocated();
  test::fail_allocation_after(0);
  EXPECT_THROW(static_cast<void>(Endpoint::parse("2001:db8::7")), std::bad_alloc);
  EXPECT_TRUE(test::allocation_has_failed());
  EXPECT_EQ(test::allocated(), before);
}

TEST(Endpoint, HasCopiesOnManyThreads) {
  auto const before = test::allocated();
  {
    auto const endpoint = v6("2001:db8::7", 80);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([copy = endpoint] {
        for (int round = 0; round < 10'000; ++round) {
          auto another = copy;
          auto const third = std::move(another);
          ASSERT_EQ(third.port(), 80);
        }
      });
    }
    for (auto& thread : threads)
      thread.join();
    EXPECT_EQ(endpoint.address(), "2001:db8::7");
  }
  EXPECT_EQ(test::allocated(), before) << "the last copy takes the record along";
}

}}  // namespace aerie::core
