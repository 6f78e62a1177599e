#include <aerie/gateway/config.hpp>
#include <aerie/gateway/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace log_cases {

using aerie::Log;
using aerie::Logger;
using aerie::LogLevel;

class ChatService {};

TEST(Log, SpeaksInTheNameOfAClass) {
  std::vector<std::string> lines;
  Logger const logger(LogLevel::info, [&](aerie::LogRecord const& record) {
    lines.push_back(std::string(record.component) + ": " + std::string(record.message));
  });
  auto const log = Log::of<ChatService>(logger);
  log.debug("unheard");
  log.warning("room is full");
  EXPECT_EQ(lines, std::vector<std::string>{"ChatService: room is full"});
  EXPECT_FALSE(log.enabled(LogLevel::debug));
  EXPECT_TRUE(log.enabled(LogLevel::info));
}

TEST(Log, WritesLinesOfJson) {
  auto const time = aerie::core::ManualClock().wall();
  EXPECT_EQ(aerie::json_log_line({LogLevel::error, "ChatService", "a \"quoted\"\nline"}, time),
            R"({"time":"2026-01-01T00:00:00.000Z","level":"error","context":"ChatService",)"
            R"("message":"a \"quoted\"\nline"})");
}

TEST(Log, KnowsTheNamesOfLevels) {
  for (auto const level :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::off}) {
    EXPECT_EQ(aerie::log_level_from(to_string(level)), level);
  }
  EXPECT_EQ(aerie::log_level_from("warn"), LogLevel::warning);
  EXPECT_EQ(aerie::log_level_from("log"), LogLevel::info);
  EXPECT_EQ(aerie::log_level_from("loud"), std::nullopt);
}

struct Config {
  LogLevel log_level = LogLevel::info;
  static void describe(aerie::Schema<Config>& s) { s.field<&Config::log_level>(); }
};

TEST(Log, HasItsLevelFromTheConfiguration) {
  aerie::ConfigOptions options{.env_files = {}, .environment = aerie::Environment{{"LOG_LEVEL", "warning"}}};
  EXPECT_EQ(aerie::read_config<Config>(options).log_level, LogLevel::warning);
}

}  // namespace log_cases
