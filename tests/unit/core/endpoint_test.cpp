#include <aerie/core/endpoint.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace aerie::core { namespace {

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
}

}}  // namespace aerie::core
