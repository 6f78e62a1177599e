#pragma once

/// \file
/// Where a runtime says what an operator should know. Thread-safe.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

struct LogRecord {
  LogLevel level;
  /// The floor that speaks: "http", "engine.io", "socket.io" ...
  std::string_view component;
  std::string_view message;
};

/// Receives records one at a time.
using LogSink = std::function<void(LogRecord const&)>;

/// Writes one line per record to the standard error stream: time, level, component, message.
AERIE_API void log_to_stderr(LogRecord const& record);

class AERIE_API Logger {
 public:
  Logger(LogLevel level, LogSink sink) : level_(level), sink_(std::move(sink)) {}

  bool enabled(LogLevel level) const noexcept { return level >= level_; }
  void write(LogLevel level, std::string_view component, std::string_view message) const;
  /// Writes a message only the first time that `key` is given: for what would repeat with every request.
  void write_once(LogLevel level, std::string_view component, std::string_view key,
                  std::string_view message) const;

  void debug(std::string_view component, std::string_view message) const {
    write(LogLevel::debug, component, message);
  }
  void info(std::string_view component, std::string_view message) const {
    write(LogLevel::info, component, message);
  }
  void warning(std::string_view component, std::string_view message) const {
    write(LogLevel::warning, component, message);
  }
  void error(std::string_view component, std::string_view message) const {
    write(LogLevel::error, component, message);
  }

 private:
  LogLevel level_;
  LogSink sink_;
  std::mutex mutable mutex_;
  std::set<std::string, std::less<>> mutable said_;
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
