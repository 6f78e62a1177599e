#include "schema/formats.hpp"
#include "schema/js_text.hpp"

#include <aerie/core/ascii.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

namespace aerie { inline namespace v1 { namespace schema {
namespace {

bool is_ascii_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_ascii_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

// Letters beyond ASCII that a top-level domain may have; no surrogates, no private use.
bool is_foreign_letter(char32_t c) {
  bool const is_in_ranges = (c >= 0xA1 && c <= 0xA8) || (c >= 0xAA && c <= 0xD7FF) ||
                            (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFEF);
  return is_in_ranges && !is_js_space(c);
}

bool is_punycode(std::string_view label) {
  bool const has_prefix = label.size() >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n';
  return has_prefix && std::ranges::all_of(label, [](char c) {
           auto const unit = static_cast<unsigned char>(c);
           return is_ascii_letter(unit) || is_ascii_digit(unit) || c == '-';
         });
}

bool is_top_level(std::string_view label) {
  if (is_punycode(label)) return true;
  std::size_t count = 0;
  for (; !label.empty(); ++count) {
    char32_t const c = next_code_point(label);
    if (!is_ascii_letter(c) && !is_foreign_letter(c)) return false;
  }
  return count >= 2;
}

bool is_label(std::string_view label) {
  constexpr std::size_t longest = 63;
  if (label.empty() || utf16_length(label) > longest) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  while (!label.empty()) {
    char32_t const c = next_code_point(label);
    bool const is_full_width = c >= 0xFF01 && c <= 0xFF5E;
    bool const is_allowed =
        is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || (c >= 0xA1 && !is_full_width);
    if (!is_allowed) return false;
  }
  return true;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  constexpr std::size_t longest = 45;
  return text.size() <= longest && inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

}  // namespace

bool is_host_name(std::string_view text) {
  std::size_t const last_point = text.rfind('.');
  if (last_point == std::string_view::npos || !is_top_level(text.substr(last_point + 1))) return false;
  while (true) {
    std::size_t const point = text.find('.');
    if (!is_label(text.substr(0, point))) return false;
    if (point == std::string_view::npos) return true;
    text.remove_prefix(point + 1);
  }
}

bool is_ipv4(std::string_view text) {
  bool const has_only_digits =
      std::ranges::all_of(text, [](char c) { return c == '.' || core::is_digit(c); });
  return has_only_digits && is_address(AF_INET, text);
}

bool is_ipv6(std::string_view text) {
  std::size_t const percent = text.find('%');
  if (percent != std::string_view::npos) {
    std::string_view const zone = text.substr(percent + 1);
    bool const is_zone = !zone.empty() && std::ranges::all_of(zone, [](char c) {
      auto const unit = static_cast<unsigned char>(c);
      return is_ascii_letter(unit) || is_ascii_digit(unit) || c == '.';
    });
    if (!is_zone) return false;
    text = text.substr(0, percent);
  }
  return text.find('\0') == std::string_view::npos && is_address(AF_INET6, text);
}

bool is_uuid(std::string_view text, std::optional<int> version) {
  constexpr std::size_t size = 36;
  if (text.size() != size) return false;
  bool is_nil = true;
  bool is_max = true;
  for (std::size_t i = 0; i < size; ++i) {
    bool const is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash) {
      if (text[i] != '-') return false;
      continue;
    }
    auto const lower =
        static_cast<char>(is_ascii_digit(static_cast<unsigned char>(text[i])) ? text[i] : text[i] | 0x20);
    if (!is_ascii_digit(static_cast<unsigned char>(text[i])) &&
        (lower < 'a' || lower > 'f' || text[i] < 'A')) {
      return false;
    }
    is_nil = is_nil && lower == '0';
    is_max = is_max && lower == 'f';
  }
  if (!version && (is_nil || is_max)) return true;
  int const found = text[14] - '0';
  bool const is_version = version ? found == *version : found >= 1 && found <= 8;
  return is_version && std::string_view("89abAB").find(text[19]) != std::string_view::npos;
}

}}}  // namespace aerie::v1::schema
