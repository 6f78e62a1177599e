#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace aerie { inline namespace v1 { namespace core {
namespace {

bool has(std::chars_format format, std::chars_format part) {
  return (format & part) != std::chars_format{};
}

/// A number without sign, read digit by digit. No locale has a say in what strtod makes of it, because the
/// text that it is given has no decimal point: one that is written moves the exponent.
class Magnitude {
 public:
  void add(char digit, bool behind_point) {
    if (behind_point) --exponent_;
    if (size_ == 0 && digit == '0') return;
    if (size_ < most_digits) {
      text_[size_++] = digit;
    } else {
      ++exponent_;
      has_more_ = has_more_ || digit != '0';
    }
  }

  bool is_zero() const { return size_ == 0; }

  /// The nearest double to the digits times ten to the power of `exponent`.
  double times_ten_to(std::int64_t exponent) {
    if (is_zero()) return 0;
    exponent += exponent_;
    if (has_more_) {
      // Whatever is left out, it is more than nothing.
      text_[size_++] = '1';
      --exponent;
    }
    text_[size_++] = 'e';
    constexpr std::int64_t beyond_doubles = 9999;
    exponent = std::clamp(exponent, -beyond_doubles, beyond_doubles);
    *std::to_chars(text_.data() + size_, text_.data() + text_.size() - 1, exponent).ptr = '\0';
    int const errno_before = errno;
    double const result = std::strtod(text_.data(), nullptr);
    errno = errno_before;
    return result;
  }

 private:
  /// What is halfway between two doubles has at most 768 digits: those behind them only matter by being
  /// there.
  static constexpr std::size_t most_digits = 768;

  std::array<char, most_digits + sizeof("1e-9999")> text_;
  std::size_t size_ = 0;
  std::int64_t exponent_ = 0;
  bool has_more_ = false;
};

/// Reads "e-12". Returns where it ends, which is `at` if it is none.
char const* read_exponent(char const* const at, char const* const end, std::int64_t& exponent) {
  char const* digit = at;
  if (digit == end || (*digit != 'e' && *digit != 'E')) return at;
  ++digit;
  bool const is_negative = digit != end && *digit == '-';
  if (digit != end && (*digit == '-' || *digit == '+')) ++digit;
  if (digit == end || !is_digit(*digit)) return at;
  // More than a text in memory can have of zeros behind its point.
  constexpr std::int64_t enough = 1'000'000'000'000'000;
  for (; digit != end && is_digit(*digit); ++digit)
    exponent = std::min(exponent * 10 + (*digit - '0'), enough);
  if (is_negative) exponent = -exponent;
  return digit;
}

/// Whether a text begins with a word of small letters, in letters of either case.
bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char w, char c) { return (c | 0x20) == w; });
}

/// Reads infinity and NaN in all their spellings. Returns how long it is, 0 if it is neither.
std::size_t read_word(std::string_view text, double& value) {
  if (begins_with(text, "inf")) {
    value = std::numeric_limits<double>::infinity();
    return begins_with(text, "infinity") ? 8 : 3;
  }
  if (!begins_with(text, "nan")) return 0;
  value = std::numeric_limits<double>::quiet_NaN();
  if (text.size() == 3 || text[3] != '(') return 3;
  auto const behind =
      std::find_if_not(text.begin() + 4, text.end(), [](char c) { return is_alphanumeric(c) || c == '_'; });
  return behind != text.end() && *behind == ')' ? static_cast<std::size_t>(behind - text.begin()) + 1 : 3;
}

}  // namespace

std::from_chars_result double_by_strtod(char const* const begin, char const* const end, double& value,
                                        std::chars_format format) noexcept {
  std::from_chars_result const invalid{begin, std::errc::invalid_argument};
  bool const is_negative = begin != end && *begin == '-';
  char const* at = begin + (is_negative ? 1 : 0);

  double word = 0;
  if (auto const size = read_word({at, static_cast<std::size_t>(end - at)}, word); size != 0) {
    value = is_negative ? -word : word;
    return {at + size, std::errc()};
  }

  Magnitude magnitude;
  bool has_digits = false;
  bool behind_point = false;
  for (; at != end; ++at) {
    if (is_digit(*at)) {
      magnitude.add(*at, behind_point);
      has_digits = true;
    } else if (*at == '.' && !behind_point) {
      behind_point = true;
    } else {
      break;
    }
  }
  if (!has_digits) return invalid;

  std::int64_t exponent = 0;
  if (has(format, std::chars_format::scientific)) {
    auto const* const behind = read_exponent(at, end, exponent);
    if (behind == at && !has(format, std::chars_format::fixed)) return invalid;
    at = behind;
  }

  double const nearest = magnitude.times_ten_to(exponent);
  if (std::isinf(nearest) || (nearest == 0 && !magnitude.is_zero()))
    return {at, std::errc::result_out_of_range};
  value = is_negative ? -nearest : nearest;
  return {at, std::errc()};
}

}}}  // namespace aerie::v1::core
