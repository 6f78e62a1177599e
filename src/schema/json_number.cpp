#include "schema/json_number.hpp"

#include <aerie/core/decimal.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace aerie { inline namespace v1 { namespace json {
namespace {

// The significant digits of a number that lies in [10^(exponent - 1), 10^exponent) x sign.
struct Decimal {
  std::array<char, 32> buffer;
  std::size_t size = 0;
  int exponent = 0;

  std::string_view digits() const { return {buffer.data(), size}; }
};

Decimal shortest_decimal(double magnitude) {
  // "d.ddde+xx": the point is taken out, and the exponent counts from the first digit.
  Decimal decimal{};
  char* const begin = decimal.buffer.data();
  char const* const end =
      std::to_chars(begin, begin + decimal.buffer.size(), magnitude, std::chars_format::scientific).ptr;
  std::string_view const text(begin, static_cast<std::size_t>(end - begin));
  std::size_t const exponent_at = text.find('e');
  char const* const exponent = begin + exponent_at + (text[exponent_at + 1] == '+' ? 2 : 1);
  std::from_chars(exponent, end, decimal.exponent);
  ++decimal.exponent;
  decimal.size = 1;
  for (std::size_t i = 2; i < exponent_at; ++i)
    decimal.buffer[decimal.size++] = text[i];
  return decimal;
}

void append_with_exponent(std::string& out, std::string_view digits, int exponent) {
  out.push_back(digits.front());
  if (digits.size() > 1) {
    out.push_back('.');
    out.append(digits.substr(1));
  }
  out.append(exponent < 0 ? "e" : "e+");
  core::append_decimal(out, exponent);
}

}  // namespace

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out.append("null");
    return;
  }
  constexpr double exact_integers = 9007199254740992.0;
  if (std::abs(value) < exact_integers && std::trunc(value) == value) {
    core::append_decimal(out, static_cast<std::int64_t>(value));
    return;
  }
  if (value < 0) out.push_back('-');
  Decimal const decimal = shortest_decimal(std::abs(value));
  std::string_view const digits = decimal.digits();
  constexpr int largest_plain = 21;
  constexpr int smallest_plain = -6;
  if (decimal.exponent > largest_plain || decimal.exponent <= smallest_plain) {
    append_with_exponent(out, digits, decimal.exponent - 1);
    return;
  }
  if (decimal.exponent <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-decimal.exponent), '0').append(digits);
    return;
  }
  auto const whole = static_cast<std::size_t>(decimal.exponent);
  if (digits.size() <= whole) {
    out.append(digits).append(whole - digits.size(), '0');
    return;
  }
  out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
}

}}}  // namespace aerie::v1::json
