#include "cluster/stream_reader.hpp"

#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stream_reader_test { namespace {

using aerie::cluster::StreamReader;
using aerie::socketio::LogPosition;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class StreamReaderTest : public aerie::test::TaskFixture {
 protected:
  StreamReaderTest() {
    redis.answers["XREAD"] = "*-1\r\n";
    stream_ends_at("5-0");
  }
  void stream_ends_at(std::string const& last) {
    redis.answers["XINFO"] = redis.array({"length", "1", "last-generated-id", last});
  }
  /// What the next XREAD gives.
  void there_is(std::vector<std::string> const& ids) {
    std::string reply = "*1\r\n*2\r\n" + redis.bulk("s") + "*" + std::to_string(ids.size()) + "\r\n";
    for (auto const& id : ids)
      reply += "*2\r\n" + redis.bulk(id) + redis.array({"field", "value of " + id});
    redis.refuse_next("XREAD", reply);
  }
  void open() {
    aerie::redis::ClientOptions client;
    client.dial = redis.dial();
    client.random = [] { return 0.5; };
    reader = std::make_unique<StreamReader>(
        shard(), client, StreamReader::Settings{.stream = "s", .count = 8, .block = 2000ms, .pause = 100ms},
        StreamReader::Events{.on_located = [this] { told.emplace_back("located"); },
                             .on_entry =
                                 [this](LogPosition at, aerie::redis::Reply const& fields) {
                                   told.push_back(at.text() + " " + std::string(fields[1].text()));
                                   if (close_at == at.text()) reader->close();
                                 },
                             .on_batch = [this](LogPosition at) { told.push_back("until " + at.text()); },
                             .on_lost = [this](LogPosition at) { told.push_back("lost at " + at.text()); },
                             .on_looked = {}});
    shard().post([this] { reader->open(); });
    run();
  }
  void run() { redis.run(shard()); }
  void pass(aerie::core::Milliseconds time) {
    clock.advance(time);
    run();
  }
  std::string last_read() {
    for (auto command = redis.commands.rbegin(); command != redis.commands.rend(); ++command) {
      if (command->starts_with("XREAD")) return *command;
    }
    return "";
  }

  aerie::test::FakeRedis redis;
  std::unique_ptr<StreamReader> reader;
  Strings told;
  std::optional<std::string> close_at;
};

TEST_F(StreamReaderTest, BeginsWhereTheStreamEndsByItsIdAndNotByADollar) {
  open();
  EXPECT_EQ(told, Strings{"located"});
  EXPECT_EQ(last_read(), "XREAD COUNT 8 BLOCK 2000 STREAMS s 5-0");
  EXPECT_TRUE(reader->located());
}

TEST_F(StreamReaderTest, BeginsAtTheBeginningOfAStreamThatIsNotThereYet) {
  redis.answers["XINFO"] = "-ERR no such key\r\n";
  open();
  EXPECT_EQ(last_read(), "XREAD COUNT 8 BLOCK 2000 STREAMS s 0-0");
}

TEST_F(StreamReaderTest, TellsEachEntryOnceAndGoesOnBehindTheLast) {
  there_is({"6-0", "6-1", "9-0"});
  open();
  EXPECT_EQ(told,
            (Strings{"located", "6-0 value of 6-0", "6-1 value of 6-1", "9-0 value of 9-0", "until 9-0"}));
  EXPECT_EQ(last_read(), "XREAD COUNT 8 BLOCK 2000 STREAMS s 9-0");
  stream_ends_at("9-0");
  there_is({"9-0", "10-0"});
  pass(100ms);
  EXPECT_EQ(told.size(), 7U);
  EXPECT_EQ(told[5], "10-0 value of 10-0");
}

TEST_F(StreamReaderTest, GoesOnWhereItWasWhenItsConnectionIsLost) {
  there_is({"6-0"});
  open();
  stream_ends_at("8-0");
  redis.cut();
  run();
  there_is({"7-0", "8-0"});
  pass(300ms);
  EXPECT_EQ(told, (Strings{"located", "6-0 value of 6-0", "until 6-0", "7-0 value of 7-0", "8-0 value of 8-0",
                           "until 8-0"}));
}

// The official adapter reads again at once, without end.
TEST_F(StreamReaderTest, AsksNotWithoutPauseWhateverIsAnswered) {
  struct {
    std::string name;
    std::string command;
    std::string answer;
  } const cases[] = {{"an answer that did not wait", "XREAD", "*-1\r\n"},
                     {"an error", "XREAD", "-LOADING Redis is loading\r\n"},
                     {"no permission", "XREAD", "-NOPERM no\r\n"},
                     {"another type", "XREAD", "-WRONGTYPE no\r\n"},
                     {"an error before the beginning", "XINFO", "-LOADING Redis is loading\r\n"},
                     {"another answer before the beginning", "XINFO", "+OK\r\n"}};
  for (auto const& each : cases) {
    redis.answers[each.command] = each.answer;
    open();
    redis.commands.clear();
    for (auto i = 0; i < 10; ++i)
      pass(100ms);
    auto const asked = redis.count(each.command);
    EXPECT_LE(asked, 11U) << each.name;
    EXPECT_GE(asked, 5U) << each.name;
    reader.reset();
    redis.answers["XREAD"] = "*-1\r\n";
    stream_ends_at("5-0");
  }
}

TEST_F(StreamReaderTest, ReadsAStreamAnewThatIsAnotherThanBefore) {
  there_is({"6-0"});
  open();
  stream_ends_at("3-0");
  pass(100ms);
  EXPECT_EQ(told.back(), "lost at 0-1");
  EXPECT_EQ(last_read(), "XREAD COUNT 8 BLOCK 2000 STREAMS s 0-0");
}

TEST_F(StreamReaderTest, ReadsLessAtOnceIfAReplyEndsTheConnection) {
  redis.refuse_next("XREAD", "garbage\r\n");
  open();
  pass(300ms);
  EXPECT_EQ(last_read(), "XREAD COUNT 4 BLOCK 2000 STREAMS s 5-0");
}

TEST_F(StreamReaderTest, MayBeClosedWhereItTells) {
  close_at = "6-0";
  there_is({"6-0", "7-0"});
  open();
  EXPECT_EQ(told, (Strings{"located", "6-0 value of 6-0"}));
  redis.commands.clear();
  pass(5000ms);
  EXPECT_TRUE(redis.commands.empty());
}

}}  // namespace stream_reader_test
