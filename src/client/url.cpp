#include <aerie/client/url.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// No server takes a longer one, and nobody writes it by hand.
constexpr std::size_t longest_url = 8000;

constexpr std::uint16_t own_port(bool secure) {
  return secure ? 443 : 80;
}

/// Nothing of the URL is shown: it may have a token in its query.
[[noreturn]] void refuse(std::string_view why) {
  throw std::invalid_argument(core::concat("aerie: the URL of the server ", why,
                                           "; write one like https://example.com:3000/namespace"));
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
}

bool take_scheme(std::string_view& rest) {
  auto const end = rest.find("://");
  if (end == rest.npos) {
    if (rest.starts_with('/')) refuse("has no host");
    return true;
  }
  auto const scheme = rest.substr(0, end);
  rest.remove_prefix(end + 3);
  auto const is = [&](std::string_view name) { return http::equal_ignoring_case(scheme, name); };
  if (is("https") || is("wss")) return true;
  if (!is("http") && !is("ws")) refuse("has a scheme that is none of http, https, ws and wss");
  return false;
}

void read_authority(Url& url, std::string_view text) {
  if (text.find('@') != text.npos)
    refuse("has a user's name in it; give credentials as Options::auth or Options::extra_headers");
  auto port = std::string_view{};
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    if (end == text.npos) refuse("has a [ without a ]");
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') refuse("has something between ] and the port");
  } else {
    auto const colon = std::min(text.find(':'), text.size());
    url.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (url.host.empty()) refuse("has no host");
  url.port = own_port(url.secure);
  if (port.size() <= 1) return;
  auto const number = core::decimal<std::uint16_t>(port.substr(1));
  if (!number || *number == 0) refuse("has a port that is no number from 1 to 65535");
  url.port = *number;
}

}  // namespace

Url Url::parse(std::string_view text) {
  if (text.size() > longest_url) refuse("is longer than 8000 characters");
  if (!is_printable(text)) refuse("has a space or a control character in it; write %20 for a space");
  Url url;
  auto rest = text.substr(0, text.find('#'));
  url.secure = take_scheme(rest);
  auto const end = std::min(rest.find_first_of("/?"), rest.size());
  read_authority(url, rest.substr(0, end));
  rest.remove_prefix(end);
  auto const path = rest.substr(0, rest.find('?'));
  if (!path.empty()) url.nsp = path;
  if (path.size() < rest.size()) url.query = rest.substr(path.size() + 1);
  return url;
}

std::string Url::authority() const {
  auto const is_v6 = host.find(':') != std::string::npos;
  auto text = is_v6 ? core::concat("[", host, "]") : host;
  if (port != own_port(secure)) text += core::concat(":", std::to_string(port));
  return text;
}

}}}  // namespace aerie::v1::client
