#include "core/error_output.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/trace.hpp>

#include <algorithm>
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

std::string trace_of(LogRecord const& record) {
  if (record.trace_id.empty()) return {};
  return core::concat(" trace_id=", record.trace_id, " span_id=", record.span_id);
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
                                    record.component, ": ", printable(record.message), trace_of(record)));
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
    : least_(level), level_(level), sink_(std::move(sink)), clock_(clock) {}

Logger::~Logger() = default;

// --- Levels

namespace {

bool matches(std::string_view pattern, std::string_view name) noexcept {
  if (pattern.ends_with(":*") && pattern.substr(0, pattern.size() - 2) == name) return true;
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  auto star = std::string_view::npos;
  std::size_t taken = 0;
  while (at < name.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      taken = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == name[at]) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool any_matches(std::vector<std::string> const& patterns, std::string_view name) noexcept {
  return std::ranges::any_of(patterns, [name](auto const& pattern) { return matches(pattern, name); });
}

}  // namespace

/// Of the mutex's.
bool Logger::passes(LogLevel level, std::string_view component) const {
  if (level == LogLevel::debug && any_matches(debug_, component)) {
    if (!any_matches(not_debug_, component)) return true;
  }
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (matches(rule->pattern, component)) return level >= rule->level;
  }
  return level >= level_;
}

bool Logger::enabled(LogLevel level, std::string_view component) const {
  if (!enabled(level)) return false;
  std::scoped_lock const lock(mutex_);
  return passes(level, component);
}

/// Of the mutex's.
void Logger::find_least() {
  auto least = debug_.empty() ? level_ : LogLevel::debug;
  for (auto const& rule : rules_)
    least = std::min(least, rule.level);
  least_.store(least, std::memory_order_relaxed);
}

void Logger::set_level(LogLevel level) {
  std::scoped_lock const lock(mutex_);
  level_ = level;
  find_least();
}

void Logger::set_level(std::string_view pattern, LogLevel level) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(rules_, [pattern](auto const& rule) { return rule.pattern == pattern; });
  rules_.push_back({std::string(pattern), level});
  find_least();
}

namespace {

/// The official server's Engine.IO calls itself `engine`, and speaks of more parts than ours.
std::string our_name(std::string_view pattern) {
  constexpr std::string_view official = "engine";
  auto const rest = pattern.substr(std::min(official.size(), pattern.size()));
  auto const is_official =
      pattern.starts_with(official) && (rest.empty() || rest.front() == ':' || rest.front() == '*');
  return is_official ? "engine.io" : std::string(pattern);
}

}  // namespace

void Logger::set_debug(std::string_view names) {
  std::scoped_lock const lock(mutex_);
  debug_.clear();
  not_debug_.clear();
  while (!names.empty()) {
    auto const end = std::min(names.find_first_of(", "), names.size());
    auto const name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    if (name.empty()) continue;
    if (name.front() == '-') {
      not_debug_.push_back(our_name(name.substr(1)));
    } else {
      debug_.push_back(our_name(name));
    }
  }
  find_least();
}

void Logger::write(LogLevel level, std::string_view component, std::string_view message) const noexcept {
  if (!enabled(level) || !sink_) return;
  std::scoped_lock const lock(mutex_);
  if (writing_ || !passes(level, component)) return;
  writing_ = true;
  try {
    if (auto const span = Span::current()) [[unlikely]] {
      auto const context = span.context();
      sink_({level, component, message, context.trace_id.text(), context.span_id.text()});
    } else {
      sink_({level, component, message});
    }
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
    if (!passes(level, component)) return;
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
    if (!passes(level, component)) return;
    if (said_.size() >= most || said_.contains(key)) return;
    said_.emplace(key);
  }
  write(level, component, message);
}

}}  // namespace aerie::v1
