#include "schema/js_text.hpp"

#include "schema/json_number.hpp"
#include "schema/json_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/hex.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace aerie { inline namespace v1 { namespace schema {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_variation_selector(char32_t c) {
  return c == 0xFE0E || c == 0xFE0F;
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_js_space(next_code_point(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && is_continuation(text[start]))
      --start;
    std::string_view last = text.substr(start);
    if (!is_js_space(next_code_point(last))) break;
    text = text.substr(0, start);
  }
  return text;
}

// The digits of "0x1f", "0o17" and "0b11" (ECMA-262 §7.1.4.1), which have no sign.
double number_with_radix(std::string_view digits, int radix) {
  double value = 0;
  for (char const c : digits) {
    int const digit = core::hex_digit(c);
    if (digit < 0 || digit >= radix) return nan;
    value = value * radix + digit;
  }
  return digits.empty() ? nan : value;
}

// "007.5e3" as JSON spells it: "7.5e3"; empty if it is no decimal literal.
std::string json_spelling(std::string_view text) {
  auto const digits_at = [&text](std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && core::is_digit(text[end]))
      ++end;
    return end - at;
  };
  std::size_t at = 0;
  std::size_t const whole = digits_at(at);
  std::string result(text.substr(0, whole));
  result.erase(0, std::min(result.find_first_not_of('0'), result.size()));
  if (result.empty()) result = "0";
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = digits_at(++at);
    if (fraction > 0) result.append(".").append(text.substr(at, fraction));
    at += fraction;
  }
  if (whole == 0 && fraction == 0) return {};
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t const sign_at = at + 1;
    bool const has_sign = sign_at < text.size() && (text[sign_at] == '+' || text[sign_at] == '-');
    std::size_t const digits = digits_at(sign_at + (has_sign ? 1 : 0));
    if (digits == 0) return {};
    std::size_t const end = sign_at + (has_sign ? 1 : 0) + digits;
    result.append(text.substr(at, end - at));
    at = end;
  }
  return at == text.size() ? result : std::string();
}

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (char const c : text) {
    if (is_continuation(c)) continue;
    length += static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1;
  }
  return length;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  bool can_carry_selector = false;
  while (!text.empty()) {
    bool const is_selector = is_variation_selector(next_code_point(text));
    if (!is_selector || !can_carry_selector) ++count;
    can_carry_selector = !is_selector;
  }
  return count;
}

char32_t next_code_point(std::string_view& text) {
  auto const lead = static_cast<unsigned char>(text.front());
  std::size_t const wanted = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
  std::size_t const size = std::min(wanted, text.size());
  char32_t c = wanted == 1 ? lead : lead & (0x7FU >> wanted);
  for (std::size_t i = 1; i < size; ++i)
    c = c << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(size);
  return c;
}

bool is_js_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::string js_string(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string text;
  json::append_number(text, value);
  return text;
}

std::string js_string(Value const& value) {
  switch (value.kind()) {
    case ValueKind::undefined:
      return "undefined";
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return value.as_bool() ? "true" : "false";
    case ValueKind::integer:
      return std::to_string(value.as_int());
    case ValueKind::number:
      return js_string(value.as_double());
    case ValueKind::string:
      return std::string(value.as_string());
    case ValueKind::bytes:
      return std::string(value.as_bytes().view());
    case ValueKind::date:
      return value.as_date().is_valid() ? value.as_date().to_iso_string() : "Invalid Date";
    case ValueKind::array:
      return js_join(value.as_array(), ",");
    case ValueKind::object:
      break;
  }
  return "[object Object]";
}

std::string js_join(Array const& values, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) text.append(separator);
    if (!values[i].is_undefined() && !values[i].is_null()) text.append(js_string(values[i]));
  }
  return text;
}

double js_number(std::string_view text) {
  text = trim(text);
  if (text.empty()) return 0;
  if (text.size() > 2 && text[0] == '0') {
    char const radix = static_cast<char>(text[1] | 0x20);
    if (radix == 'x') return number_with_radix(text.substr(2), 16);
    if (radix == 'o') return number_with_radix(text.substr(2), 8);
    if (radix == 'b') return number_with_radix(text.substr(2), 2);
  }
  bool const is_negative = text[0] == '-';
  if (is_negative || text[0] == '+') text.remove_prefix(1);
  double magnitude = infinity;
  if (text != "Infinity") {
    std::string const literal = json_spelling(text);
    if (literal.empty()) return nan;
    magnitude = json::parse_number(literal).as_double();
  }
  return is_negative ? -magnitude : magnitude;
}

bool js_boolean(Value const& value) {
  if (value.is_bool()) return value.as_bool();
  if (value.is_string()) return !value.as_string().empty();
  if (value.is_number()) return value.as_double() != 0 && !std::isnan(value.as_double());
  return !value.is_null() && !value.is_undefined();
}

bool js_equal(Value const& a, Value const& b) {
  bool const is_reference = a.is_array() || a.is_object() || a.is_date() || a.is_bytes();
  return !is_reference && a == b;
}

bool js_contains(Array const& values, Value const& value) {
  return std::ranges::any_of(values, [&value](Value const& other) { return js_equal(other, value); });
}

}}}  // namespace aerie::v1::schema
