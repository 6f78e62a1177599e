#pragma once

/// \file
/// Where a runtime says what an operator should know. Thread-safe.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// How important a message is; `off` is a level above all messages.
enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

/// A message as sinks are given it. The texts are valid during the call.
struct LogRecord {
  /// How important it is.
  LogLevel level;
  /// The floor that speaks: "http", "engine.io", "socket.io" ...
  std::string_view component;
  /// What is to be said; one line or several.
  std::string_view message;
  /// In whose name the line was written, in hexadecimal digits; empty: in nobody's. See docs/tracing.md.
  std::string_view trace_id = {};
  /// The span within the trace, 16 hexadecimal digits; empty without one.
  std::string_view span_id = {};
};

/// Receives records one at a time. What it throws is reported to standard error, once; what it logs itself is
/// ignored.
using LogSink = std::function<void(LogRecord const&)>;

/// Writes one line per record to standard error: time, level, component, message.
AERIE_API void log_to_stderr(LogRecord const& record);

/// Writes a line, to which a newline is added, to standard error without ever waiting for whoever reads it:
/// what is not taken waits, up to 256 KiB, and past that lines are dropped and counted.
AERIE_API void write_line_to_stderr(std::string_view line);
/// Lines for standard error that the process has dropped so far.
AERIE_API std::uint64_t dropped_stderr_lines();

/// Where a runtime and its parts write messages, each with the name of its part ("socket.io:client"). What
/// the sink throws reaches nobody. Thread-safe.
class AERIE_API Logger {
 public:
  /// `clock` is for tests; null is the computer's.
  Logger(LogLevel level, LogSink sink, core::Clock const* clock = nullptr);
  ~Logger();
  Logger(Logger const&) = delete;
  Logger& operator=(Logger const&) = delete;

  /// Whether it is worth while to make a message of that level: some part writes such ones.
  bool enabled(LogLevel level) const noexcept { return level >= least_.load(std::memory_order_relaxed); }
  /// Whether this part writes them.
  bool enabled(LogLevel level, std::string_view component) const;

  /// The level of all parts that have none of their own. May be called at any time, as the next two.
  void set_level(LogLevel level);
  /// The level of those parts whose names match, `*` standing for any characters: "socket.io:*", which is
  /// "socket.io" itself, too, or "redis". What was said last counts.
  void set_level(std::string_view pattern, LogLevel level);
  /// Parts whose level is debug, separated by commas or spaces; those behind a minus have the level of all,
  /// whatever else is said of them: "socket.io:*,-socket.io:client". It replaces what was said before, and
  /// leaves `set_level` as it is. https://socket.io/docs/v4/logging-and-debugging/
  void set_debug(std::string_view names);
  /// Writes a message if its part writes that level.
  void write(LogLevel level, std::string_view component, std::string_view message) const noexcept;
  /// Writes a message only the first time that `key` is given: for what would repeat with every request.
  void write_once(LogLevel level, std::string_view component, std::string_view key,
                  std::string_view message) const;
  /// Writes what clients can cause as often as they like: at most 10 messages of one `component` and `key` in
  /// 10 seconds. Those withheld are counted, and mentioned with the next that is written.
  void write_limited(LogLevel level, std::string_view component, std::string_view key,
                     std::string_view message) const;

  /// Writes at the level `debug`: what is of use while something is looked for.
  void debug(std::string_view component, std::string_view message) const {
    write(LogLevel::debug, component, message);
  }
  /// Writes at the level `info`: what an operator may want to know.
  void info(std::string_view component, std::string_view message) const {
    write(LogLevel::info, component, message);
  }
  /// Writes at the level `warning`: something is wrong, and the server goes on.
  void warning(std::string_view component, std::string_view message) const {
    write(LogLevel::warning, component, message);
  }
  /// Writes at the level `error`: something that was asked for could not be done.
  void error(std::string_view component, std::string_view message) const {
    write(LogLevel::error, component, message);
  }

 private:
  struct Limits;
  struct Rule {
    std::string pattern;
    LogLevel level;
  };

  bool passes(LogLevel level, std::string_view component) const;
  void find_least();

  std::atomic<LogLevel> least_;  // of all parts
  LogLevel level_;
  std::vector<Rule> rules_;
  std::vector<std::string> debug_;
  std::vector<std::string> not_debug_;
  LogSink sink_;
  core::Clock const* clock_;
  // Recursive, for a sink that logs.
  std::recursive_mutex mutable mutex_;
  bool mutable writing_ = false;
  bool mutable sink_has_thrown_ = false;
  std::set<std::string, std::less<>> mutable said_;
  core::Owned<Limits> mutable limits_;
};

namespace core {

/// Joins texts without an intermediate string for each.
template <class... Parts>
std::string concat(Parts const&... parts) {
  std::string result;
  result.reserve((std::string_view(parts).size() + ... + 0));
  (result.append(std::string_view(parts)), ...);
  return result;
}

}  // namespace core
}}  // namespace aerie::v1
