#include "engineio/cookie.hpp"
#include "engineio/transport_types.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/engineio/options.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

// What a client's setTimeout takes; more of it is no time at all.
constexpr core::Milliseconds longest{std::numeric_limits<std::int32_t>::max()};
constexpr std::size_t largest = 1U << 30U;

void require(bool condition, std::string_view setting, std::string_view remedy) {
  if (!condition) throw std::invalid_argument(core::concat("aerie: ServerOptions::", setting, " ", remedy));
}

void require_duration(core::Milliseconds duration, std::string_view setting) {
  require(duration > core::Milliseconds{0} && duration <= longest, setting,
          "must be between 1 ms and 2147483647 ms (24 days), which is as far as the timers of clients reach");
}

void require_bytes(std::size_t bytes, std::string_view setting) {
  require(bytes > 0 && bytes <= largest, setting, "must be between 1 byte and 1 GiB");
}

void check_cookie(CookieOptions const& cookie) {
  auto const& same_site = cookie.same_site;
  require(same_site.empty() || same_site == "Lax" || same_site == "Strict" || same_site == "None",
          "cookie.same_site", "must be \"Lax\", \"Strict\", \"None\" or empty");
  try {
    http::check_cookie(cookie.name, attributes_of(cookie));
  } catch (std::invalid_argument const& error) {
    require(false, "cookie", core::concat("must be one that browsers take: ", error.what()));
  }
}

}  // namespace

void Decision::allow() const {
  answer_({true, {}});
}

void Decision::deny(std::string message) const {
  answer_({false, std::move(message)});
}

void NewId::use(std::string id) const {
  answer_(std::move(id));
}

void NewId::fail() const {
  answer_(std::nullopt);
}

http::CookieAttributes attributes_of(CookieOptions const& cookie) {
  http::CookieAttributes attributes{.domain = cookie.domain,
                                    .path = cookie.path,
                                    .max_age = cookie.max_age,
                                    .secure = cookie.secure,
                                    .http_only = cookie.http_only,
                                    .same_site = std::nullopt,
                                    .partitioned = cookie.partitioned};
  for (auto const each : {http::SameSite::lax, http::SameSite::strict, http::SameSite::none}) {
    if (cookie.same_site == to_string(each)) attributes.same_site = each;
  }
  return attributes;
}

void check(ServerOptions const& options) {
  require(options.path.starts_with('/'), "path", "must begin with a slash, as \"/socket.io\" does");
  require(options.path.find_first_of("?# \r\n") == std::string::npos, "path",
          "must be a path without query or spaces");
  require_duration(options.ping_interval, "ping_interval");
  require_duration(options.ping_timeout, "ping_timeout");
  require(options.ping_interval + options.ping_timeout <= longest, "ping_interval",
          "must be at most 2147483647 ms (24 days) together with ping_timeout, as clients wait for both");
  require_duration(options.first_poll_timeout, "first_poll_timeout");
  require_duration(options.upgrade_timeout, "upgrade_timeout");
  require_duration(options.decision_timeout, "decision_timeout");
  require_bytes(options.max_http_buffer_size, "max_http_buffer_size");
  require_bytes(options.outgoing_limit, "outgoing_limit");
  require(!options.transports.empty(), "transports", "must name at least one of polling and websocket");
  require(std::ranges::all_of(options.transports, [](auto kind) { return type_of(kind) != nullptr; }),
          "transports", "must have polling and websocket only");
  require(!options.initial_packet || utf8::is_valid(*options.initial_packet), "initial_packet",
          "must be UTF-8, as it is sent as text");
  if (options.cookie) check_cookie(*options.cookie);
  websocket::check(options.per_message_deflate);
}

}}}  // namespace aerie::v1::engineio
