#include "client/cookie_jar.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/trimmed.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace aerie { inline namespace v1 { namespace client {

namespace {

std::string_view cut(std::string_view& rest, char separator) {
  auto const end = std::min(rest.find(separator), rest.size());
  auto const part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// `Wed, 21 Oct 2026 07:28:00 GMT`; nothing if it is written in another way.
std::optional<core::WallTime> http_date(std::string_view text) {
  std::tm parts{};
  std::string const copy(text);
  auto const* const end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr) return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

}  // namespace

void CookieJar::take(std::string_view set_cookie, core::WallTime now) {
  if (set_cookie.size() > longest_cookie) return;
  auto value = cut(set_cookie, ';');
  if (value.find('=') == value.npos) return;
  auto const name = core::trimmed(cut(value, '='));
  if (name.empty()) return;
  Cookie cookie{std::string(name), std::string(core::trimmed(value)), std::nullopt};
  auto has_max_age = false;
  while (!set_cookie.empty()) {
    auto text = cut(set_cookie, ';');
    auto const attribute = core::trimmed(cut(text, '='));
    if (http::equal_ignoring_case(attribute, "max-age")) {
      // What cannot be read has expired, as in the official client.
      auto const seconds = core::decimal<std::int32_t>(core::trimmed(text)).value_or(0);
      cookie.expires = now + std::chrono::seconds(std::max(seconds, 0));
      has_max_age = true;
    } else if (http::equal_ignoring_case(attribute, "expires") && !has_max_age) {
      cookie.expires = http_date(core::trimmed(text)).value_or(core::WallTime{});
    }
  }
  std::erase_if(cookies_, [&](Cookie const& other) {
    return other.name == cookie.name || (other.expires && *other.expires <= now);
  });
  if (cookie.expires && *cookie.expires <= now) return;
  if (cookies_.size() < most_cookies) cookies_.push_back(std::move(cookie));
}

std::string CookieJar::header(core::WallTime now) const {
  std::string text;
  for (auto const& cookie : cookies_) {
    if (cookie.expires && *cookie.expires <= now) continue;
    if (!text.empty()) text += "; ";
    text.append(cookie.name).append("=").append(cookie.value);
  }
  return text;
}

}}}  // namespace aerie::v1::client
