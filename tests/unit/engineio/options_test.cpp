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
      {"transports", [](auto& o) { o.transports.clear(); }},
      {"cookie.name", [](auto& o) { o.cookie = CookieOptions{.name = ""}; }},
      {"cookie.name", [](auto& o) { o.cookie = CookieOptions{.name = "a b"}; }},
      {"cookie.name", [](auto& o) { o.cookie = CookieOptions{.name = "a=b"}; }},
      {"cookie.path", [](auto& o) { o.cookie = CookieOptions{.path = "/;x"}; }},
      {"cookie.path", [](auto& o) { o.cookie = CookieOptions{.path = "/\r\nX: y"}; }},
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

TEST(TransportKind, HasTheNamesOfTheProtocol) {
  EXPECT_EQ(to_string(TransportKind::polling), "polling");
  EXPECT_EQ(to_string(TransportKind::websocket), "websocket");
}

}}  // namespace aerie::engineio
