#include <aerie/gateway/log.hpp>
#include <aerie/schema/codec.hpp>

#include <array>
#include <chrono>

namespace aerie { inline namespace v1 {

namespace {

constexpr std::array<std::pair<std::string_view, LogLevel>, 9> levels{{{"debug", LogLevel::debug},
                                                                       {"info", LogLevel::info},
                                                                       {"warning", LogLevel::warning},
                                                                       {"error", LogLevel::error},
                                                                       {"off", LogLevel::off},
                                                                       {"warn", LogLevel::warning},
                                                                       {"log", LogLevel::info},
                                                                       {"verbose", LogLevel::debug},
                                                                       {"fatal", LogLevel::error}}};

}  // namespace

std::string json_log_line(LogRecord const& record, core::WallTime time) {
  Object line{{"time", to_value(time)},
              {"level", to_string(record.level)},
              {"context", record.component},
              {"message", record.message}};
  if (!record.trace_id.empty()) {
    line.set("trace_id", record.trace_id);
    line.set("span_id", record.span_id);
  }
  return json::stringify(std::move(line));
}

void log_json_to_stderr(LogRecord const& record) {
  write_line_to_stderr(json_log_line(record, std::chrono::system_clock::now()));
}

std::string_view to_string(LogLevel level) noexcept {
  for (auto const& [name, known] : levels) {
    if (known == level) return name;
  }
  return {};
}

std::optional<LogLevel> log_level_from(std::string_view text) noexcept {
  for (auto const& [name, level] : levels) {
    if (name == text) return level;
  }
  return std::nullopt;
}

void describe(EnumSchema<LogLevel>& e) {
  e.value<LogLevel::debug>().value<LogLevel::info>().value<LogLevel::warning>();
  e.value<LogLevel::error>().value<LogLevel::off>();
}

}}  // namespace aerie::v1
