#include <aerie/engineio/options.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

namespace aerie::engineio { namespace {

using namespace std::chrono_literals;

struct Bad {
  char const* setting;
  std::function<void(ServerOptions&)> spoil;
};

/// What `check` says, or "" if it finds nothing wrong.
std::string complaint(ServerOptions const& options) {
  try {
    check(options);
    return "";
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
}

TEST(EngineOptions, DefaultsCanWork) {
  EXPECT_EQ(complaint({}), "");
}

TEST(EngineOptions, ImpossibleOnesAreRefusedWithTheirNameAndARemedy) {
  Bad const table[] = {
      {"path", [](auto& o) { o.path = "engine.io"; }},
      {"path", [](auto& o) { o.path = "/a?b"; }},
      {"path", [](auto& o) { o.path = "/a b"; }},
      {"ping_interval", [](auto& o) { o.ping_interval = 0ms; }},
      {"ping_timeout", [](auto& o) { o.ping_timeout = -1ms; }},
      {"upgrade_timeout", [](auto& o) { o.upgrade_timeout = 0ms; }},
      {"decision_timeout", [](auto& o) { o.decision_timeout = 0ms; }},
      {"max_http_buffer_size", [](auto& o) { o.max_http_buffer_size = 0; }},
      {"max_http_buffer_size", [](auto& o) { o.max_http_buffer_size = std::size_t{2} << 30U; }},
      {"outgoing_limit", [](auto& o) { o.outgoing_limit = 0; }},
      {"outgoing_limit", [](auto& o) { o.outgoing_limit = std::size_t{2} << 30U; }},
      {"first_poll_timeout", [](auto& o) { o.first_poll_timeout = 0ms; }},
      {"ping_interval", [](auto& o) { o.ping_interval = core::Milliseconds::max(); }},
      {"ping_interval", [](auto& o) { o.ping_interval = 24h * 25; }},
      {"ping_interval", [](auto& o) { o.ping_interval = o.ping_timeout = 24h * 13; }},
      {"ping_timeout", [](auto& o) { o.ping_timeout = core::Milliseconds::max(); }},
      {"upgrade_timeout", [](auto& o) { o.upgrade_timeout = core::Milliseconds::max(); }},
      {"decision_timeout", [](auto& o) { o.decision_timeout = core::Milliseconds::max(); }},
      {"first_poll_timeout", [](auto& o) { o.first_poll_timeout = core::Milliseconds::min(); }},
      {"transports", [](auto& o) { o.transports.push_back(static_cast<TransportKind>(7)); }},
      {"initial_packet", [](auto& o) { o.initial_packet = "\xff"; }},
      {"transports", [](auto& o) { o.transports.clear(); }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.name = ""}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.name = "a b"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.name = "a=b"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.path = "/;x"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.path = "/\r\nX: y"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.same_site = "None"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.partitioned = true}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.domain = "https://a.example"}; }},
      {"cookie", [](auto& o) { o.cookie = CookieOptions{.domain = "a; Secure"}; }},
      {"cookie",
       [](auto& o) { o.cookie = CookieOptions{.name = "__Host-io", .path = "/x", .secure = true}; }},
      {"cookie.same_site", [](auto& o) { o.cookie = CookieOptions{.same_site = "lax; x"}; }},
  };
  for (auto const& [setting, spoil] : table) {
    ServerOptions options;
    spoil(options);
    auto const text = complaint(options);
    EXPECT_EQ(text.find("aerie: ServerOptions::" + std::string(setting) + " must "), 0U)
        << setting << ": " << text;
  }
}

TEST(EngineOptions, TakeTheLongestTimesThatClientsCanCount) {
  ServerOptions options;
  options.ping_interval = options.ping_timeout = core::Milliseconds{1'073'741'823};
  options.upgrade_timeout = options.decision_timeout = core::Milliseconds{2'147'483'647};
  EXPECT_EQ(complaint(options), "");
}

TEST(EngineOptions, TakeCookiesForOtherSites) {
  ServerOptions options;
  options.cookie = CookieOptions{.same_site = "None", .secure = true, .partitioned = true};
  EXPECT_EQ(complaint(options), "");
}

TEST(TransportKind, HasTheNamesOfTheProtocol) {
  EXPECT_EQ(to_string(TransportKind::polling), "polling");
  EXPECT_EQ(to_string(TransportKind::websocket), "websocket");
}

}}  // namespace aerie::engineio
