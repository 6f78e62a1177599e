#include <aerie/core/log.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace aerie { namespace {

struct Sink {
  std::vector<std::string> lines;
  LogSink sink() {
    return [this](LogRecord const& record) {
      lines.push_back(core::concat(record.component, ": ", record.message));
    };
  }
};

TEST(Logger, WritesFromItsLevelUpwards) {
  Sink sink;
  Logger const logger(LogLevel::warning, sink.sink());
  logger.debug("http", "a");
  logger.info("http", "b");
  logger.warning("http", "c");
  logger.error("core", "d");
  EXPECT_EQ(sink.lines, (std::vector<std::string>{"http: c", "core: d"}));
  EXPECT_FALSE(logger.enabled(LogLevel::info));
  EXPECT_TRUE(logger.enabled(LogLevel::error));
}

TEST(Logger, SwitchedOffWritesNothing) {
  Sink sink;
  Logger const logger(LogLevel::off, sink.sink());
  logger.error("core", "x");
  EXPECT_TRUE(sink.lines.empty());
  Logger const without_sink(LogLevel::debug, nullptr);
  without_sink.error("core", "x");
}

TEST(Logger, WritesOnceForEachKey) {
  Sink sink;
  Logger const logger(LogLevel::info, sink.sink());
  for (auto const* key : {"a", "b", "a", "a"})
    logger.write_once(LogLevel::info, "core", key, key);
  EXPECT_EQ(sink.lines, (std::vector<std::string>{"core: a", "core: b"}));
}

TEST(Logger, RemembersABoundedNumberOfKeys) {
  Sink sink;
  Logger const logger(LogLevel::info, sink.sink());
  for (int i = 0; i < 5000; ++i)
    logger.write_once(LogLevel::info, "core", std::to_string(i), "message");
  EXPECT_EQ(sink.lines.size(), 1000U);
}

TEST(Logger, GivesItsSinkOneRecordAtATime) {
  Sink sink;
  Logger const logger(LogLevel::info, sink.sink());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger] {
      for (int i = 0; i < 100; ++i)
        logger.info("core", "message");
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(sink.lines.size(), 400U);
}

TEST(LogToStderr, KeepsARecordOnOneLine) {
  testing::internal::CaptureStderr();
  log_to_stderr({LogLevel::warning, "http", "GET /a\r\nfake line\x1b[31m"});
  auto const line = testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.substr(23), "Z warn  http: GET /a??fake line?[31m\n");
  EXPECT_EQ(line[10], 'T');
}

TEST(Concat, JoinsTexts) {
  EXPECT_EQ(core::concat("a", std::string("b"), std::string_view("c")), "abc");
  EXPECT_EQ(core::concat(), "");
}

TEST(Logger, WithholdsAndCountsWhatRepeatsTooOften) {
  Sink sink;
  core::ManualClock clock;
  Logger const logger(LogLevel::info, sink.sink(), &clock);
  for (int i = 0; i < 133; ++i)
    logger.write_limited(LogLevel::warning, "socket.io", "bad payload", "a client has sent nonsense");
  logger.write_limited(LogLevel::warning, "socket.io", "another key", "something else");
  logger.write_limited(LogLevel::warning, "http", "bad payload", "another component");
  ASSERT_EQ(sink.lines.size(), 12U);
  EXPECT_EQ(sink.lines[10], "socket.io: something else");
  EXPECT_EQ(sink.lines[11], "http: another component");
  clock.advance(std::chrono::seconds{10});
  logger.write_limited(LogLevel::warning, "socket.io", "bad payload", "a client has sent nonsense");
  EXPECT_EQ(sink.lines.back(), "socket.io: a client has sent nonsense (and 123 more like it before)");
  logger.write_limited(LogLevel::warning, "socket.io", "bad payload", "a client has sent nonsense");
  EXPECT_EQ(sink.lines.back(), "socket.io: a client has sent nonsense");
}

TEST(Logger, LimitsWhatHasEverNewKeysTogether) {
  Sink sink;
  core::ManualClock clock;
  Logger const logger(LogLevel::info, sink.sink(), &clock);
  for (int i = 0; i < 5000; ++i)
    logger.write_limited(LogLevel::warning, "core", std::to_string(i), "message");
  EXPECT_EQ(sink.lines.size(), 1010U);
  clock.advance(std::chrono::seconds{10});
  logger.write_limited(LogLevel::warning, "core", "new", "message");
  EXPECT_EQ(sink.lines.size(), 1011U);
}

TEST(Logger, SurvivesASinkThatThrows) {
  int calls = 0;
  Logger const logger(LogLevel::info, [&](LogRecord const&) {
    ++calls;
    if (calls == 1) throw std::runtime_error("disk full");
    throw 42;
  });
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i)
    logger.error("core", "something");
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "aerie: the log sink has thrown: disk full; what it was given: core: something\n");
}

TEST(Logger, IgnoresWhatItsSinkLogs) {
  int calls = 0;
  Logger* itself = nullptr;
  Logger logger(LogLevel::info, [&](LogRecord const&) {
    ++calls;
    itself->error("core", "from the sink");
  });
  itself = &logger;
  logger.error("core", "something");
  EXPECT_EQ(calls, 1);
}

struct LevelCase {
  char const* component;
  LogLevel level;
  bool written;
};

TEST(LevelsOfALogger, AreThoseOfThePartThatSpeaks) {
  Logger logger(LogLevel::info, log_to_stderr);
  logger.set_level("redis", LogLevel::error);
  logger.set_level("ws:*", LogLevel::debug);
  logger.set_level("*gateway*", LogLevel::off);
  EXPECT_TRUE(logger.enabled(LogLevel::debug)) << "somebody writes such lines";
  for (auto const& [component, level, written] :
       {LevelCase{"http", LogLevel::info, true}, LevelCase{"http", LogLevel::debug, false},
        LevelCase{"redis", LogLevel::warning, false}, LevelCase{"redis", LogLevel::error, true},
        LevelCase{"rediss", LogLevel::warning, true}, LevelCase{"ws", LogLevel::debug, true},
        LevelCase{"ws:peer", LogLevel::debug, true}, LevelCase{"wss", LogLevel::debug, false},
        LevelCase{"a gateway of mine", LogLevel::error, false}, LevelCase{"gateway", LogLevel::error, false}})
    EXPECT_EQ(logger.enabled(level, component), written) << component;
}

TEST(LevelsOfALogger, MayChangeAtAnyTimeAndTheLastWordCounts) {
  Sink sink;
  Logger logger(LogLevel::info, sink.sink());
  logger.debug("http", "1");
  logger.set_level("http", LogLevel::debug);
  logger.debug("http", "2");
  logger.set_level("*", LogLevel::error);
  logger.warning("http", "3");
  logger.set_level("http", LogLevel::debug);
  logger.debug("http", "4");
  logger.set_level("http", LogLevel::off);
  logger.set_level("*", LogLevel::off);
  logger.error("core", "5");
  logger.set_level("*", LogLevel::warning);
  logger.set_level(LogLevel::off);
  logger.error("core", "6");
  EXPECT_EQ(sink.lines, (std::vector<std::string>{"http: 2", "http: 4", "core: 6"}));
}

TEST(LevelsOfALogger, AreDebugForTheNamesOfDebug) {
  Logger logger(LogLevel::warning, log_to_stderr);
  logger.set_debug("socket.io:*, engine.io  -socket.io:client");
  for (auto const& [component, level, written] :
       {LevelCase{"socket.io", LogLevel::debug, true},
        LevelCase{"socket.io:namespace", LogLevel::debug, true},
        LevelCase{"socket.io:client", LogLevel::debug, false}, LevelCase{"engine.io", LogLevel::debug, true},
        LevelCase{"engine.io:ws", LogLevel::debug, false}, LevelCase{"http", LogLevel::info, false},
        LevelCase{"socket.io:client", LogLevel::warning, true}})
    EXPECT_EQ(logger.enabled(level, component), written) << component;
  for (auto const* const official : {"engine", "engine*", "engine:*", "engine:socket"}) {
    logger.set_debug(official);
    EXPECT_TRUE(logger.enabled(LogLevel::debug, "engine.io")) << official;
    EXPECT_FALSE(logger.enabled(LogLevel::debug, "http")) << official;
    logger.set_debug(std::string("*,-") + official);
    EXPECT_FALSE(logger.enabled(LogLevel::debug, "engine.io")) << official;
    EXPECT_TRUE(logger.enabled(LogLevel::debug, "http")) << official;
  }
  logger.set_debug("engines");
  EXPECT_FALSE(logger.enabled(LogLevel::debug, "engine.io"));
  logger.set_debug("");
  EXPECT_FALSE(logger.enabled(LogLevel::info));
  EXPECT_TRUE(logger.enabled(LogLevel::warning));
}

TEST(LevelsOfALogger, HoldForWhatIsSaidOnceOrNotTooOften) {
  Sink sink;
  Logger logger(LogLevel::debug, sink.sink());
  logger.set_level("quiet", LogLevel::error);
  logger.write_once(LogLevel::warning, "quiet", "key", "once");
  logger.write_limited(LogLevel::warning, "quiet", "key", "limited");
  EXPECT_TRUE(sink.lines.empty());
  logger.set_level("quiet", LogLevel::debug);
  logger.write_once(LogLevel::warning, "quiet", "key", "once");
  logger.write_limited(LogLevel::warning, "quiet", "key", "limited");
  EXPECT_EQ(sink.lines, (std::vector<std::string>{"quiet: once", "quiet: limited"}));
}

}}  // namespace aerie
