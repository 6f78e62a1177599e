#include "http/date_line.hpp"

#include <aerie/core/log.hpp>

#include <ctime>

namespace aerie { inline namespace v1 { namespace http {

std::string http_date(core::WallTime time) {
  // Not strftime: its names of days and months depend on the locale.
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  auto const two = [](int value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  return core::concat(days[static_cast<std::size_t>(utc.tm_wday)], ", ", two(utc.tm_mday), " ",
                      months[static_cast<std::size_t>(utc.tm_mon)], " ", std::to_string(utc.tm_year + 1900),
                      " ", two(utc.tm_hour), ":", two(utc.tm_min), ":", two(utc.tm_sec), " GMT");
}

std::string_view DateLine::at(core::Shard const& shard) {
  auto const now = shard.now();
  if (now >= valid_until_) {
    auto const wall = shard.clock().wall();
    auto const second = std::chrono::floor<std::chrono::seconds>(wall);
    valid_until_ = now + std::chrono::seconds{1} - std::chrono::floor<core::Milliseconds>(wall - second);
    text_ = core::concat("Date: ", http_date(second), "\r\n");
  }
  return text_;
}

}}}  // namespace aerie::v1::http
