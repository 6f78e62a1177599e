#include "tracing/export_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace aerie { inline namespace v1 { namespace tracing {

namespace {

bool read_digits(std::string_view text, int& number) noexcept {
  auto const* const end = text.data() + text.size();
  auto const [behind, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc() && behind == end && number >= 0;
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::optional<core::WallTime> read_date(std::string_view text) noexcept {
  constexpr std::size_t size = 29;
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != size || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  auto const month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0 || !read_digits(text.substr(5, 2), day) ||
      !read_digits(text.substr(12, 4), year) || !read_digits(text.substr(17, 2), hour) ||
      !read_digits(text.substr(20, 2), minute) || !read_digits(text.substr(23, 2), second)) {
    return std::nullopt;
  }
  std::chrono::year_month_day const date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

}  // namespace

Verdict verdict_of(http::FetchResult const& result) noexcept {
  auto const status = result.head.status;
  if (status >= 200 && status < 300) return Verdict::taken;
  constexpr std::array temporary{0, 429, 502, 503, 504};
  return std::ranges::find(temporary, status) != temporary.end() ? Verdict::again : Verdict::refused;
}

std::optional<core::Milliseconds> retry_after(std::string_view header, core::WallTime now) noexcept {
  int seconds = 0;
  if (read_digits(header, seconds)) return std::chrono::seconds{seconds};
  auto const date = read_date(header);
  if (!date) return std::nullopt;
  return std::max(core::Milliseconds{0}, std::chrono::ceil<core::Milliseconds>(*date - now));
}

core::Milliseconds RetryPause::next(std::uint64_t random,
                                    std::optional<core::Milliseconds> asked_for) noexcept {
  auto const pause = pause_;
  pause_ = std::min(2 * pause_, longest);
  auto const range = static_cast<std::uint64_t>(pause.count());
  auto const spread = pause / 2 + core::Milliseconds{static_cast<std::int64_t>(random % (range + 1))};
  return asked_for ? std::max(spread, *asked_for) : spread;
}

}}}  // namespace aerie::v1::tracing
