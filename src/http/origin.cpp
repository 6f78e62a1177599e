#include "http/origin.hpp"

#include "http/header_facts.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <charconv>

namespace aerie { inline namespace v1 { namespace http {

namespace {

std::string in_small_letters(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::uint16_t usual_port(std::string_view scheme) noexcept {
  return scheme == "https" ? 443 : scheme == "http" ? 80 : 0;
}

}  // namespace

std::optional<Origin> origin_at(std::string_view scheme, std::string_view host) {
  if (!is_host(host)) return std::nullopt;
  Origin origin{in_small_letters(scheme), {}, 0};
  origin.port = usual_port(origin.scheme);
  if (has_port(host)) {
    auto const colon = host.rfind(':');
    auto const digits = host.substr(colon + 1);
    // A colon without a port means the usual one.
    auto const result = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (!digits.empty() && result.ec != std::errc{}) return std::nullopt;
    host = host.substr(0, colon);
  }
  origin.host = in_small_letters(host);
  return origin;
}

std::optional<Origin> parse_origin(std::string_view text) {
  auto const scheme = text.find("://");
  if (scheme == text.npos || scheme == 0) return std::nullopt;
  return origin_at(text.substr(0, scheme), text.substr(scheme + 3));
}

std::string normal_origin(std::string_view text) {
  auto const origin = parse_origin(text);
  if (!origin) return std::string(text);
  auto const is_usual = origin->port == usual_port(origin->scheme);
  return core::concat(origin->scheme, "://", origin->host, is_usual ? "" : ":",
                      is_usual ? "" : std::to_string(origin->port));
}

}}}  // namespace aerie::v1::http
