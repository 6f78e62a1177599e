#include "schema/formats.hpp"
#include "schema/js_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/hex.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace aerie { inline namespace v1 { namespace schema {
namespace {

constexpr std::size_t longest_url = 2084;  // UTF-16 code units.

bool has_space_or_angle(std::string_view text) {
  while (!text.empty()) {
    char32_t const c = next_code_point(text);
    if (c == '<' || c == '>' || is_js_space(c)) return true;
  }
  return false;
}

// The size of "http" in "http:..."; 0 if the text begins with no scheme.
std::size_t scheme_size(std::string_view text) {
  if (text.empty() || !core::is_letter(text.front())) return 0;
  auto const end = std::ranges::find_if_not(
      text, [](char c) { return core::is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; });
  return end != text.end() && *end == ':' ? static_cast<std::size_t>(end - text.begin()) : 0;
}

bool is_known_scheme(std::string_view scheme) {
  std::string lower(scheme);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return lower == "http" || lower == "https" || lower == "ftp";
}

bool is_plain_credentials(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return core::is_alphanumeric(c) || std::string_view("-_.%:").find(c) != std::string_view::npos;
  });
}

bool has_percent_encoding(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '%' && core::hex_digit(text[i + 1]) >= 0 && core::hex_digit(text[i + 2]) >= 0) return true;
  }
  return false;
}

// Whether what stands before the colon is a scheme rather than a user ("ann:secret@host") or a host
// ("host:80").
bool is_scheme_colon(std::string_view behind) {
  if (behind.starts_with("//")) return true;
  std::string_view const authority = behind.substr(0, behind.find('/'));
  std::size_t const at = authority.find('@');
  if (at == std::string_view::npos) return behind.empty() || !core::is_digit(behind.front());
  std::string_view const before_at = authority.substr(0, at);
  return !is_plain_credentials(before_at) || has_percent_encoding(before_at);
}

bool are_credentials(std::string_view text) {
  return !text.empty() && text != ":" && std::ranges::count(text, ':') <= 1;
}

bool is_port(std::string_view text) {
  auto const port = core::decimal<unsigned>(text);
  return port && *port > 0 && *port <= 65535;
}

bool is_host_and_port(std::string_view text) {
  if (text.starts_with('[')) {
    std::size_t const bracket = text.find(']');
    if (bracket != std::string_view::npos && bracket > 1) {
      std::string_view const behind = text.substr(bracket + 1);
      bool const is_port_or_nothing = behind.empty() || (behind.front() == ':' && is_port(behind.substr(1)));
      return is_port_or_nothing && is_ipv6(text.substr(1, bracket - 1));
    }
  }
  std::size_t const colon = text.find(':');
  std::string_view const host = text.substr(0, colon);
  // A colon without a port behind it is accepted.
  bool const has_port = colon != std::string_view::npos && colon + 1 < text.size();
  if (has_port && !is_port(text.substr(colon + 1))) return false;
  return is_ipv4(host) || is_ipv6(host) || is_host_name(host);
}

}  // namespace

bool is_url(std::string_view text) {
  if (text.empty() || utf16_length(text) > longest_url || text.starts_with("mailto:")) return false;
  if (has_space_or_angle(text)) return false;
  text = text.substr(0, text.find('#'));
  text = text.substr(0, text.find('?'));

  std::size_t const scheme = scheme_size(text);
  bool const has_scheme = scheme != 0 && is_scheme_colon(text.substr(scheme + 1));
  if (has_scheme) {
    if (!is_known_scheme(text.substr(0, scheme))) return false;
    text.remove_prefix(scheme + 1);
  }
  if (text.starts_with("//")) {
    if (!has_scheme) return false;
    text.remove_prefix(2);
  }
  text = text.substr(0, text.find('/'));
  std::size_t const at = text.find('@');
  if (at != std::string_view::npos) {
    if (!are_credentials(text.substr(0, at))) return false;
    text.remove_prefix(at + 1);
  }
  return is_host_and_port(text);
}

}}}  // namespace aerie::v1::schema
