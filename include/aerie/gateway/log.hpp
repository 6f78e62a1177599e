#pragma once

/// \file
/// Logging for applications: who speaks, lines of JSON, and the level as a setting. The Logger itself
/// (aerie/core/log.hpp) is injected into whatever asks for a `Logger const&`.
///
///     explicit ChatService(aerie::Logger const& logger) : log_(aerie::Log::of<ChatService>(logger)) {}
///     log_.info("room opened");                        // ... info  ChatService: room opened
///
///     auto app = aerie::Application::create<AppModule>(
///         {.runtime = {.log_level = config.log_level, .log_sink = aerie::log_json_to_stderr}});

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/schema/describe.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// A Logger that says for whom it speaks. Thread-safe; the Logger outlives it.
class Log {
 public:
  /// `context`: in whose name it writes.
  Log(Logger const& logger, std::string context) : logger_(&logger), context_(std::move(context)) {}
  /// In the name of a class: "ChatService".
  template <class T>
  static Log of(Logger const& logger) {
    return {logger, std::string(gateway::type_id<T>()->name)};
  }

  /// Whether a message of this level is written at all: to be asked before an expensive one is made.
  [[nodiscard]] bool enabled(LogLevel level) const { return logger_->enabled(level, context_); }
  /// See Logger::debug.
  void debug(std::string_view message) const { logger_->debug(context_, message); }
  /// See Logger::info.
  void info(std::string_view message) const { logger_->info(context_, message); }
  /// See Logger::warning.
  void warning(std::string_view message) const { logger_->warning(context_, message); }
  /// See Logger::error.
  void error(std::string_view message) const { logger_->error(context_, message); }

 private:
  Logger const* logger_;
  std::string context_;
};

/// `{"time":"2026-01-01T00:00:00.000Z","level":"info","context":"ChatService","message":"..."}`, behind them
/// `trace_id` and `span_id` of what is traced.
AERIE_API std::string json_log_line(LogRecord const& record, core::WallTime time);
/// A sink that writes such lines to the standard error stream.
AERIE_API void log_json_to_stderr(LogRecord const& record);

/// "debug", "info", "warning", "error", "off"
AERIE_API std::string_view to_string(LogLevel level) noexcept;
/// The level of that name; "warn" is "warning", and NestJS' "log", "verbose" and "fatal" are "info", "debug"
/// and "error". Nothing for other texts.
AERIE_API std::optional<LogLevel> log_level_from(std::string_view text) noexcept;

/// Makes a LogLevel a setting: LOG_LEVEL=warning.
AERIE_API void describe(EnumSchema<LogLevel>& e);

}}  // namespace aerie::v1
