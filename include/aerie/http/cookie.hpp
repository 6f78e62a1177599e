#pragma once

/// \file
/// Cookies (RFC 6265bis): read as the npm package `cookie` does, which Node's servers read them with, and
/// written so that no browser drops them. Functions without state: callable from any thread.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// The value of the first cookie called `name` (the case counts) in the value of a `Cookie` header; nothing
/// if there is none. Double quotes around it are taken off and percent escapes are decoded; a value whose
/// escapes are broken or would not be UTF-8 is returned as it was sent.
AERIE_API std::optional<std::string> cookie_value(std::string_view cookie_header, std::string_view name);

/// All cookies by name, decoded, in their order; of several with one name the first.
AERIE_API std::vector<std::pair<std::string, std::string>> cookies_of(std::string_view cookie_header);

/// Whether requests that other sites cause carry a cookie.
enum class SameSite : std::uint8_t { strict, lax, none };

/// `Strict`, `Lax` or `None`.
AERIE_API std::string_view to_string(SameSite same_site) noexcept;

/// The attributes of a cookie that is set (RFC 6265bis §4.1.2).
struct CookieAttributes {
  /// The host whose subdomains get it, too; empty: this host only.
  std::string domain = {};
  /// Empty: no attribute, so that the browser takes the folder of the request.
  std::string path = "/";
  /// How long it is kept; nothing and no `expires`: until the browser is closed. Zero or less: it is deleted.
  std::optional<std::chrono::seconds> max_age = std::nullopt;
  /// Until when it is kept; `max_age` counts where both are set.
  std::optional<core::WallTime> expires = std::nullopt;
  /// Sent through TLS only.
  bool secure = false;
  /// Hidden from the page's scripts.
  bool http_only = true;
  /// Nothing: no attribute; browsers take it for Lax.
  std::optional<SameSite> same_site = SameSite::lax;
  /// Kept apart for each page that it is used in (CHIPS).
  bool partitioned = false;
};

/// Throws std::invalid_argument, with the remedy, for a cookie that browsers drop or whose text could forge
/// other attributes or headers: a name that is no token, SameSite=None or Partitioned without Secure, a name
/// that begins with `__Secure-` or `__Host-` without what that promises, a Domain or Path with characters of
/// their own.
AERIE_API void check_cookie(std::string_view name, CookieAttributes const& attributes);

/// The value of a `Set-Cookie` header. `value` is percent-encoded as by JavaScript's `encodeURIComponent`, so
/// any text comes back from `cookie_value`. Throws as `check_cookie`.
AERIE_API std::string set_cookie(std::string_view name, std::string_view value,
                                 CookieAttributes const& attributes = {});

}}}  // namespace aerie::v1::http
