#include "schema/json_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/hex.hpp>
#include <aerie/core/utf8.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace aerie { inline namespace v1 { namespace json {
namespace {

// A number without sign, decimals and exponent, if 64 bits can hold it.
std::optional<std::uint64_t> parse_integer(std::string_view digits) {
  constexpr std::size_t always_fits = 19;
  if (digits.size() > always_fits + 1) return std::nullopt;
  std::uint64_t value = 0;
  for (char const c : digits.substr(0, always_fits)) {
    if (!core::is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (digits.size() <= always_fits) return value;
  if (!core::is_digit(digits.back())) return std::nullopt;
  auto const last = static_cast<std::uint64_t>(digits.back() - '0');
  if (value > (std::numeric_limits<std::uint64_t>::max() - last) / 10) return std::nullopt;
  return value * 10 + last;
}

// Whether a number that no double can hold is too large rather than too small: the sign of its decimal
// exponent.
bool is_large(std::string_view digits) {
  std::size_t const exponent_at = std::min(digits.find_first_of("eE"), digits.size());
  std::string_view const mantissa = digits.substr(0, exponent_at);
  std::size_t const point = std::min(mantissa.find('.'), mantissa.size());
  std::size_t const first_digit = mantissa.find_first_of("123456789");
  std::int64_t magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first_digit);
  if (exponent_at < digits.size()) {
    std::string_view exponent = digits.substr(exponent_at + 1);
    bool const is_negative = exponent.front() == '-';
    exponent.remove_prefix(std::min(exponent.find_first_of("0123456789"), exponent.size()));
    std::int64_t value = 0;
    constexpr std::int64_t enough = 1'000'000'000'000;
    for (char const c : exponent)
      value = std::min(value * 10 + (c - '0'), enough);
    magnitude += is_negative ? -value : value;
  }
  return magnitude > 0;
}

double parse_real(std::string_view digits) {
  double value = 0;
  auto const result = core::double_from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  return is_large(digits) ? std::numeric_limits<double>::infinity() : 0.0;
}

char32_t hex_unit(char const* digits) {
  char32_t unit = 0;
  for (int i = 0; i < 4; ++i)
    unit = unit << 4U | static_cast<char32_t>(core::hex_digit(digits[i]));
  return unit;
}

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Appends the character of a \u escape, together with the one behind it if they are a pair. `at` points
// behind the `u`; returns where the escape ends.
char const* append_unicode_escape(std::string& out, char const* at, char const* end) {
  char32_t const unit = hex_unit(at);
  at += 4;
  if (is_high_surrogate(unit) && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
    char32_t const next = hex_unit(at + 2);
    if (is_low_surrogate(next)) {
      utf8::append(out, 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00));
      return at + 6;
    }
  }
  utf8::append(out, unit);
  return at;
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

Number parse_number(std::string_view text) {
  bool const is_negative = text.front() == '-';
  std::string_view const digits = text.substr(is_negative ? 1 : 0);
  constexpr std::uint64_t signed_limit = std::uint64_t{1} << 63U;
  if (auto const integer = parse_integer(digits)) {
    if (!is_negative && *integer >= signed_limit) {
      return {.kind = Number::Kind::unsigned_integer, .unsigned_integer = *integer};
    }
    bool const is_minus_zero = is_negative && *integer == 0;
    if (!is_minus_zero && *integer <= signed_limit) {
      return {.integer = static_cast<std::int64_t>(is_negative ? 0 - *integer : *integer)};
    }
  }
  double const real = parse_real(digits);
  return {.kind = Number::Kind::real, .is_overflow = std::isinf(real), .real = is_negative ? -real : real};
}

void append_unescaped(std::string& out, std::string_view inside) {
  char const* at = inside.data();
  char const* const end = at + inside.size();
  while (true) {
    char const* const escape = find_end_of_plain_text(at, end);
    out.append(at, escape);
    if (escape == end) return;
    at = escape + 2;
    if (escape[1] == 'u') {
      at = append_unicode_escape(out, at, end);
    } else {
      out.push_back(simple_escape(escape[1]));
    }
  }
}

}}}  // namespace aerie::v1::json
