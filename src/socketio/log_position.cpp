#include <aerie/socketio/log_position.hpp>

#include <charconv>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

// Digits alone, without zeros before them: one spelling for each number.
bool read_number(std::string_view text, std::uint64_t& number) noexcept {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  auto const* const end = text.data() + text.size();
  auto const [behind, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && behind == end;
}

}  // namespace

std::string LogPosition::text() const {
  return std::to_string(time) + "-" + std::to_string(number);
}

std::optional<LogPosition> LogPosition::parse(std::string_view text) noexcept {
  auto const dash = text.find('-');
  LogPosition position;
  if (dash == std::string_view::npos || !read_number(text.substr(0, dash), position.time) ||
      !read_number(text.substr(dash + 1), position.number)) {
    return std::nullopt;
  }
  return position;
}

}}}  // namespace aerie::v1::socketio
