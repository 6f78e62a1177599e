#include <aerie/core/log.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace aerie { inline namespace v1 {

namespace {

constexpr std::array<char const*, 4> level_names{"debug", "info ", "warn ", "error"};

// One log line stays one line, whatever a peer has put into it.
std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    result.push_back(byte < 0x20 || byte == 0x7f ? '?' : c);
  }
  return result;
}

}  // namespace

void log_to_stderr(LogRecord const& record) {
  auto const now = std::chrono::system_clock::now();
  auto const seconds = std::chrono::system_clock::to_time_t(now);
  auto const ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::fprintf(stderr, "%s.%03dZ %s %.*s: %s\n", time.data(), static_cast<int>(ms),
               level_names[static_cast<std::size_t>(record.level)], static_cast<int>(record.component.size()),
               record.component.data(), printable(record.message).c_str());
}

void Logger::write(LogLevel level, std::string_view component, std::string_view message) const {
  if (!enabled(level) || !sink_) return;
  std::scoped_lock const lock(mutex_);
  sink_({level, component, message});
}

void Logger::write_once(LogLevel level, std::string_view component, std::string_view key,
                        std::string_view message) const {
  if (!enabled(level) || !sink_) return;
  {
    // Bounded: keys may come from requests.
    constexpr std::size_t most = 1000;
    std::scoped_lock const lock(mutex_);
    if (said_.size() >= most || said_.contains(key)) return;
    said_.emplace(key);
  }
  write(level, component, message);
}

}}  // namespace aerie::v1
