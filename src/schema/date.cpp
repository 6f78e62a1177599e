#include <aerie/core/ascii.hpp>
#include <aerie/schema/date.hpp>

#include <cstdlib>
#include <string>

namespace aerie { inline namespace v1 {
namespace {

namespace chrono = std::chrono;

constexpr int no_number = -1;

// Reads an ISO string from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }

  bool skip(char expected) {
    if (text_.empty() || text_.front() != expected) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Exactly `count` digits, or no_number.
  int digits(std::size_t count) {
    if (text_.size() < count) return no_number;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      char const c = text_[i];
      if (c < '0' || c > '9') return no_number;
      number = number * 10 + (c - '0');
    }
    text_.remove_prefix(count);
    return number;
  }

  // Milliseconds out of one or more decimals; what is finer is cut off.
  int fraction() {
    int milliseconds = 0;
    int weight = 100;
    std::size_t count = 0;
    for (; count < text_.size() && core::is_digit(text_[count]); ++count) {
      milliseconds += (text_[count] - '0') * weight;
      weight /= 10;
    }
    text_.remove_prefix(count);
    return count == 0 ? no_number : milliseconds;
  }

 private:
  std::string_view text_;
};

std::optional<chrono::sys_days> parse_day(Cursor& cursor) {
  bool const is_negative = cursor.skip('-');
  bool const is_long = is_negative || cursor.skip('+');
  int const year = cursor.digits(is_long ? 6 : 4);
  if (year == no_number || (is_negative && year == 0)) return std::nullopt;
  if (!cursor.skip('-')) return std::nullopt;
  int const month = cursor.digits(2);
  if (month < 1 || month > 12 || !cursor.skip('-')) return std::nullopt;
  int const day = cursor.digits(2);
  if (day < 1) return std::nullopt;

  // The calendar of <chrono> ends with the year 32767, but it repeats itself every 400 years (146097 days).
  int const signed_year = is_negative ? -year : year;
  int const cycles = signed_year / 400;
  chrono::year_month_day const date(chrono::year(signed_year % 400),
                                    chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return chrono::sys_days(date) + chrono::days(cycles * 146097);
}

std::optional<chrono::milliseconds> parse_time(Cursor& cursor) {
  int const hour = cursor.digits(2);
  if (hour == no_number || hour > 24 || !cursor.skip(':')) return std::nullopt;
  int const minute = cursor.digits(2);
  if (minute == no_number || minute > 59) return std::nullopt;
  int second = 0;
  int millisecond = 0;
  if (cursor.skip(':')) {
    second = cursor.digits(2);
    if (second == no_number || second > 59) return std::nullopt;
    if (cursor.skip('.')) millisecond = cursor.fraction();
    if (millisecond == no_number) return std::nullopt;
  }
  if (hour == 24 && (minute != 0 || second != 0 || millisecond != 0)) return std::nullopt;
  return chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) +
         chrono::milliseconds(millisecond);
}

std::optional<chrono::minutes> parse_offset(Cursor& cursor) {
  if (cursor.skip('Z')) return chrono::minutes(0);
  bool const is_negative = cursor.skip('-');
  if (!is_negative && !cursor.skip('+')) return std::nullopt;
  int const hours = cursor.digits(2);
  if (hours == no_number || hours > 23 || !cursor.skip(':')) return std::nullopt;
  int const minutes = cursor.digits(2);
  if (minutes == no_number || minutes > 59) return std::nullopt;
  auto const offset = chrono::hours(hours) + chrono::minutes(minutes);
  return is_negative ? -offset : offset;
}

// A number that is not negative, with zeros in front up to `count` digits.
void append_digits(std::string& text, int number, std::size_t count) {
  text.append(count, '0');
  for (auto digit = text.end(); number > 0; number /= 10)
    *--digit = static_cast<char>('0' + number % 10);
}

}  // namespace

std::optional<Date> Date::from_iso_string(std::string_view text) {
  Cursor cursor(text);
  auto const day = parse_day(cursor);
  if (!day) return std::nullopt;
  chrono::milliseconds moment = day->time_since_epoch();
  if (!cursor.at_end()) {
    if (!cursor.skip('T')) return std::nullopt;
    auto const time = parse_time(cursor);
    if (!time) return std::nullopt;
    auto const offset = parse_offset(cursor);
    if (!offset || !cursor.at_end()) return std::nullopt;
    moment += *time - *offset;
  }
  Date const date = from_milliseconds(moment.count());
  if (!date.is_valid()) return std::nullopt;
  return date;
}

std::string Date::to_iso_string() const {
  if (!is_valid()) return {};
  constexpr std::int64_t day_length = 86'400'000;
  std::int64_t const days = milliseconds_ / day_length - (milliseconds_ % day_length < 0 ? 1 : 0);
  auto const rest = static_cast<int>(milliseconds_ - days * day_length);

  // See parse_day: the calendar is asked within one cycle of 400 years, from 2000 on.
  constexpr std::int64_t cycle_length = 146'097;
  constexpr std::int64_t first_day = 10'957;
  std::int64_t const shifted = days - first_day;
  std::int64_t const cycles = shifted / cycle_length - (shifted % cycle_length < 0 ? 1 : 0);
  chrono::year_month_day const date(
      chrono::sys_days(chrono::days(static_cast<int>(days - cycles * cycle_length))));
  int const year = static_cast<int>(date.year()) + static_cast<int>(cycles) * 400;

  std::string text;
  text.reserve(sizeof "+012345-01-23T01:23:45.678Z");
  if (year >= 0 && year <= 9999) {
    append_digits(text, year, 4);
  } else {
    text += year < 0 ? '-' : '+';
    append_digits(text, std::abs(year), 6);
  }
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  text += 'T';
  append_digits(text, rest / 3'600'000, 2);
  text += ':';
  append_digits(text, rest / 60'000 % 60, 2);
  text += ':';
  append_digits(text, rest / 1000 % 60, 2);
  text += '.';
  append_digits(text, rest % 1000, 3);
  text += 'Z';
  return text;
}

}}  // namespace aerie::v1
