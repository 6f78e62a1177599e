#include <aerie/core/log.hpp>
#include <aerie/engineio/options.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

void require(bool condition, std::string_view setting, std::string_view remedy) {
  if (!condition) throw std::invalid_argument(core::concat("aerie: ServerOptions::", setting, " ", remedy));
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 ||
           std::string_view("()<>@,;:\\\"/[]?={}\x7f").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string_view to_string(TransportKind kind) noexcept {
  return kind == TransportKind::polling ? "polling" : "websocket";
}

void check(ServerOptions const& options) {
  using std::chrono::milliseconds;
  require(options.path.starts_with('/'), "path", "must begin with a slash, as \"/socket.io\" does");
  require(options.path.find_first_of("?# \r\n") == std::string::npos, "path",
          "must be a path without query or spaces");
  require(options.ping_interval > milliseconds{0}, "ping_interval", "must be longer than 0 ms");
  require(options.ping_timeout > milliseconds{0}, "ping_timeout", "must be longer than 0 ms");
  require(options.upgrade_timeout > milliseconds{0}, "upgrade_timeout", "must be longer than 0 ms");
  require(options.decision_timeout > milliseconds{0}, "decision_timeout", "must be longer than 0 ms");
  require(options.max_http_buffer_size > 0, "max_http_buffer_size", "must be at least 1 byte");
  require(options.max_http_buffer_size <= 1U << 30U, "max_http_buffer_size", "must be at most 1 GiB");
  require(options.outgoing_limit > 0 && options.outgoing_limit <= 1U << 30U, "outgoing_limit",
          "must be between 1 byte and 1 GiB");
  require(!options.transports.empty(), "transports", "must name at least one of polling and websocket");
  if (options.cookie) {
    require(is_token(options.cookie->name), "cookie.name", "must be a name without spaces and separators");
    require(options.cookie->path.find_first_of(";\r\n") == std::string::npos, "cookie.path",
            "must not have a semicolon");
    auto const& same_site = options.cookie->same_site;
    require(same_site.empty() || same_site == "Lax" || same_site == "Strict" || same_site == "None",
            "cookie.same_site", "must be \"Lax\", \"Strict\", \"None\" or empty");
  }
  websocket::check(options.per_message_deflate);
}

}}}  // namespace aerie::v1::engineio
