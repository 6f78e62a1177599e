#include "core/error_output.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <map>
#include <utility>

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
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ ", static_cast<int>(ms));
  write_line_to_stderr(core::concat(time.data(), fraction.data(),
                                    level_names[static_cast<std::size_t>(record.level)], " ",
                                    record.component, ": ", printable(record.message)));
}

void write_line_to_stderr(std::string_view line) {
  core::ErrorOutput::standard().write(core::concat(line, "\n"));
}

std::uint64_t dropped_stderr_lines() {
  return core::ErrorOutput::standard().dropped();
}

/// How often what can be caused from outside was said lately.
struct Logger::Limits {
  static constexpr std::uint32_t most_in_period = 10;
  static constexpr std::chrono::seconds period{10};
  // Keys may come from clients. Past this many they share one.
  static constexpr std::size_t most_keys = 1000;

  struct Count {
    core::TimePoint since;
    std::uint32_t written = 0;
    std::uint64_t withheld = 0;
  };

  Count& of(std::string key, core::TimePoint now) {
    if (auto const known = counts.find(key); known != counts.end()) return known->second;
    if (counts.size() >= most_keys) {
      std::erase_if(counts, [&](auto const& entry) {
        return entry.second.withheld == 0 && now - entry.second.since >= period;
      });
    }
    if (counts.size() >= most_keys) key.clear();
    return counts.try_emplace(std::move(key), Count{now}).first->second;
  }

  std::map<std::string, Count, std::less<>> counts;
};

Logger::Logger(LogLevel level, LogSink sink, core::Clock const* clock)
    : level_(level), sink_(std::move(sink)), clock_(clock) {}

Logger::~Logger() = default;

void Logger::write(LogLevel level, std::string_view component, std::string_view message) const noexcept {
  if (!enabled(level) || !sink_) return;
  std::scoped_lock const lock(mutex_);
  if (writing_) return;
  writing_ = true;
  try {
    sink_({level, component, message});
  } catch (...) {
    if (!std::exchange(sink_has_thrown_, true)) {
      try {
        write_line_to_stderr(
            core::concat("aerie: the log sink has thrown: ", core::describe(std::current_exception()),
                         "; what it was given: ", component, ": ", printable(message)));
      } catch (...) {
        // Out of memory, and there is nobody left to tell.
      }
    }
  }
  writing_ = false;
}

void Logger::write_limited(LogLevel level, std::string_view component, std::string_view key,
                           std::string_view message) const {
  if (!enabled(level) || !sink_) return;
  std::uint64_t withheld = 0;
  {
    auto const now = clock_ != nullptr ? clock_->now() : std::chrono::steady_clock::now();
    std::scoped_lock const lock(mutex_);
    if (!limits_) limits_ = std::make_unique<Limits>();
    auto& count = limits_->of(core::concat(component, "\n", key), now);
    if (now - count.since >= Limits::period) {
      withheld = count.withheld;
      count = {now};
    }
    if (count.written == Limits::most_in_period) {
      ++count.withheld;
      return;
    }
    ++count.written;
  }
  if (withheld == 0) return write(level, component, message);
  write(level, component, core::concat(message, " (and ", std::to_string(withheld), " more like it before)"));
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
