#include "http/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace aerie::http { namespace {

core::Endpoint at(std::string_view address) {
  return core::Endpoint::parse(address).value();
}

TEST(TrustedProxies, AreAddressesNetworksAndNames) {
  TrustedProxies const proxies({"10.1.2.3", "192.168.0.0/16", "172.16.5.1/12", "2001:db8::/33", "::1",
                                "::ffff:203.0.113.0/120", "linklocal"});
  for (auto const* address : {"10.1.2.3", "::ffff:10.1.2.3", "192.168.255.1", "172.31.255.255",
                              "2001:db8:7fff::1", "::1", "203.0.113.9", "169.254.1.1", "fe80::1"}) {
    EXPECT_TRUE(proxies.contains(at(address))) << address;
  }
  for (auto const* address : {"10.1.2.4", "192.169.0.1", "172.32.0.1", "2001:db8:8000::1", "::2",
                              "203.0.114.1", "127.0.0.1", "fec0::1"}) {
    EXPECT_FALSE(proxies.contains(at(address))) << address;
  }
  EXPECT_FALSE(proxies.contains(core::Endpoint())) << "a peer without an address is nobody";
}

TEST(TrustedProxies, MayBeEveryone) {
  TrustedProxies const proxies({"0.0.0.0/0", "::/0"});
  EXPECT_TRUE(proxies.contains(at("8.8.8.8")));
  EXPECT_TRUE(proxies.contains(at("2001:db8::1")));
}

TEST(TrustedProxies, RefuseTextsThatAreNone) {
  for (auto const* text :
       {"", "proxy.example", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::1/129",
        "::ffff:10.0.0.0/95", "/8", "10.0.0.1:80", "[::1]", " 10.0.0.1", "true"}) {
    try {
      TrustedProxies const proxies({text});
      ADD_FAILURE() << text;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string_view(error.what()).find("trusted_proxies"), std::string_view::npos)
          << error.what();
    }
  }
}

}}  // namespace aerie::http
