#include "http/characters.hpp"
#include "http/date_line.hpp"
#include "http/percent.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/cookie.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

[[noreturn]] void refuse_cookie(std::string_view name, std::string_view why) {
  throw std::invalid_argument(core::concat("aerie: cookie \"", name, "\": ", why));
}

/// Calls `f(name, value)`, both as they were sent, for each pair; false from it ends the loop.
template <class F>
void each_cookie(std::string_view header, F&& f) {
  while (!header.empty()) {
    auto const end = std::min(header.find(';'), header.size());
    auto const pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    auto const equals = pair.find('=');
    if (equals == pair.npos) continue;
    if (!f(trim(pair.substr(0, equals)), trim(pair.substr(equals + 1)))) return;
  }
}

std::string decode_cookie(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value.remove_prefix(1);
    value.remove_suffix(1);
  }
  return percent_decode_strictly(value).value_or(std::string(value));
}

/// Characters that no attribute's value may have: they would end it.
bool fits_attribute(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f || c == ';' || c == ',';
  });
}

bool starts_ignoring_case(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

}  // namespace

std::optional<std::string> cookie_value(std::string_view cookie_header, std::string_view name) {
  std::optional<std::string> found;
  each_cookie(cookie_header, [&](std::string_view key, std::string_view value) {
    if (key != name) return true;
    found = decode_cookie(value);
    return false;
  });
  return found;
}

std::vector<std::pair<std::string, std::string>> cookies_of(std::string_view cookie_header) {
  std::vector<std::pair<std::string, std::string>> cookies;
  each_cookie(cookie_header, [&](std::string_view key, std::string_view value) {
    auto const known = std::ranges::any_of(cookies, [&](auto const& cookie) { return cookie.first == key; });
    if (!known) cookies.emplace_back(key, decode_cookie(value));
    return true;
  });
  return cookies;
}

std::string_view to_string(SameSite same_site) noexcept {
  switch (same_site) {
    case SameSite::strict:
      return "Strict";
    case SameSite::lax:
      return "Lax";
    case SameSite::none:
      return "None";
  }
  return {};
}

void check_cookie(std::string_view name, CookieAttributes const& attributes) {
  if (name.empty() || !all_in(token_characters, name)) {
    refuse_cookie(name, "the name must be letters, digits and signs such as - and _, without spaces");
  }
  if (attributes.same_site == SameSite::none && !attributes.secure) {
    refuse_cookie(name, "browsers drop SameSite=None without Secure; set secure = true, or SameSite to Lax");
  }
  if (attributes.partitioned && !attributes.secure) {
    refuse_cookie(name, "browsers drop Partitioned without Secure; set secure = true");
  }
  auto const is_host_bound = starts_ignoring_case(name, "__Host-");
  if ((is_host_bound || starts_ignoring_case(name, "__Secure-")) && !attributes.secure) {
    refuse_cookie(name, "browsers take a name with this prefix with Secure only; set secure = true");
  }
  if (is_host_bound && (!attributes.domain.empty() || attributes.path != "/")) {
    refuse_cookie(name, "browsers take __Host- with Path=/ and without Domain only; set these, or rename it");
  }
  if (!attributes.domain.empty() && !all_in(characters("-."), attributes.domain)) {
    refuse_cookie(name, "its domain must be a host name, without scheme and port, such as example.com");
  }
  if (!attributes.path.empty() && (attributes.path.front() != '/' || !fits_attribute(attributes.path))) {
    refuse_cookie(name, "its path must begin with / and have no semicolon, comma or control character");
  }
}

std::string set_cookie(std::string_view name, std::string_view value, CookieAttributes const& attributes) {
  check_cookie(name, attributes);
  auto text = core::concat(name, "=");
  percent_encode(text, value);
  if (attributes.max_age)
    text +=
        core::concat("; Max-Age=", std::to_string(std::max<std::int64_t>(attributes.max_age->count(), 0)));
  if (!attributes.domain.empty()) text += core::concat("; Domain=", attributes.domain);
  if (!attributes.path.empty()) text += core::concat("; Path=", attributes.path);
  if (attributes.expires) text += core::concat("; Expires=", http_date(*attributes.expires));
  if (attributes.http_only) text += "; HttpOnly";
  if (attributes.secure) text += "; Secure";
  if (attributes.partitioned) text += "; Partitioned";
  if (attributes.same_site) text += core::concat("; SameSite=", to_string(*attributes.same_site));
  return text;
}

}}}  // namespace aerie::v1::http
