#include "cluster/stream_writer.hpp"

#include "cluster/stream_scripts.hpp"
#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace stream_writer_test { namespace {

using aerie::cluster::StreamWriter;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class StreamWriterTest : public aerie::test::TaskFixture {
 protected:
  StreamWriterTest() {
    aerie::redis::ClientOptions options;
    options.dial = redis.dial();
    options.random = [] { return 0.5; };
    client = std::make_unique<aerie::redis::Client>(shard(), options);
    make(0);
    redis.answers["EVAL"] = added;
    redis.script = [this](auto const& args) {
      return args[1] == aerie::cluster::StreamScripts::check() ? known : "";
    };
    shard().post([this] { client->open(); });
    run();
    redis.commands.clear();
  }
  ~StreamWriterTest() override {
    shard().post([this] {
      writer.reset();
      client.reset();
    });
    run();
  }
  void make(unsigned replicas) {
    writer = std::make_unique<StreamWriter>(
        shard(), *client,
        StreamWriter::Settings{.stream = "s",
                               .name = "me",
                               .keep = 60s,
                               .ceiling = 100,
                               .limit = 4096,
                               .pause = 100ms,
                               .replicas = replicas},
        [] {
          return aerie::socketio::LogPosition{9, 0};
        },
        [this] { ++cuts; });
  }
  void wait_for_replicas(unsigned count) {
    shard().post([this, count] { make(count); });
    run();
  }
  void run() { redis.run(shard()); }
  void pass(aerie::core::Milliseconds time) {
    clock.advance(time);
    run();
  }
  void add(std::string const& what) {
    shard().post([this, what] {
      writer->add({"field", what},
                  [this, what](bool added) { told.push_back(what + (added ? " added" : " lost")); });
    });
  }
  /// Of each entry that was sent since the last call: its writer, its number and its value.
  Strings sent() {
    Strings entries;
    for (auto const& command : std::exchange(redis.commands, {})) {
      auto const at = command.find("writer:");
      if (at == std::string::npos) continue;
      std::istringstream words(command.substr(at + 7));
      std::string writer, behind, epoch, number, keep, ceiling, field, value;
      words >> writer >> behind >> first >> epoch >> number >> keep >> ceiling >> field >> value;
      EXPECT_EQ(behind, "9-1");
      if (!value.empty()) entries.push_back(writer + " " + number + " " + value);
    }
    return entries;
  }

  aerie::test::FakeRedis redis;
  std::string const added = "*2\r\n:1\r\n$3\r\n1-0\r\n";
  std::string known = redis.bulk("1-0");
  /// Of the last one that was sent: the first that is not confirmed.
  std::string first;
  std::unique_ptr<aerie::redis::Client> client;
  std::unique_ptr<StreamWriter> writer;
  Strings told;
  int cuts = 0;
};

TEST_F(StreamWriterTest, NumbersEntriesAndTellsWhenTheyAreIn) {
  add("a");
  add("b");
  run();
  EXPECT_EQ(sent(), (Strings{"me-0 1 a", "me-0 2 b"}));
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
  EXPECT_EQ(writer->waiting(), 0U);
}

TEST_F(StreamWriterTest, SendsAgainUnderTheSameNumbersWhatWasNotAnswered) {
  struct {
    std::string name;
    std::string answer;
  } const cases[] = {{"an error that passes", "-OOM command not allowed\r\n"},
                     {"one that somebody has to mend", "-NOPERM no permission\r\n"},
                     {"a broken connection", "garbage\r\n"}};
  auto number = 0;
  for (auto const& each : cases) {
    redis.answers["EVAL"] = each.answer;
    add("a");
    add("b");
    run();
    EXPECT_TRUE(told.empty()) << each.name;
    sent();
    redis.answers["EVAL"] = added;
    pass(100ms);
    pass(5s);
    auto const first = std::to_string(++number);
    auto const second = std::to_string(++number);
    EXPECT_EQ(sent(), (Strings{"me-0 " + first + " a", "me-0 " + second + " b"})) << each.name;
    EXPECT_EQ(std::exchange(told, {}), (Strings{"a added", "b added"})) << each.name;
  }
}

TEST_F(StreamWriterTest, TakesAnAnswerToALaterEntryForThoseBeforeIt) {
  add("first");
  run();
  told.clear();
  redis.refuse_next("EVAL", "-OOM command not allowed\r\n");
  add("a");
  add("b");
  run();
  // The script adds none without the one before it: the first had been added after all.
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
}

TEST_F(StreamWriterTest, SaysWhatItKnowsToBeThereWithEachEntry) {
  add("a");
  add("b");
  run();
  sent();
  EXPECT_EQ(first, "1");
  redis.answers["EVAL"] = "-AERIEGAP 0\r\n";
  add("c");
  add("d");
  run();
  EXPECT_EQ(sent(), (Strings{"me-0 3 c", "me-0 4 d"}));
  EXPECT_EQ(first, "3");
  redis.answers["EVAL"] = added;
  pass(100ms);
  EXPECT_EQ(sent(), (Strings{"me-0 3 c", "me-0 4 d"}));
  EXPECT_EQ(told, (Strings{"a added", "b added", "c added", "d added"}));
}

TEST_F(StreamWriterTest, SendsTheScriptsDigestWhereRedisHasTheScript) {
  redis.answers["SCRIPT"] = redis.bulk("d1ge57");
  redis.answers["EVALSHA"] = added;
  auto const names = [this] {
    Strings found;
    for (auto const& command : redis.commands) {
      if (command.find("field") == std::string::npos) continue;
      found.push_back(command.substr(0, command.find(' ')));
      if (found.back() != "EVAL") found.back() = command.substr(0, 18);
    }
    redis.commands.clear();
    return found;
  };
  add("a");
  add("b");
  run();
  std::string const by_digest = "EVALSHA d1ge57 4 s";
  EXPECT_EQ(names(), (Strings{by_digest, by_digest}));
  // It has forgotten it: SCRIPT FLUSH, or another one that has taken over.
  redis.refuse_next("EVALSHA", "-NOSCRIPT No matching script. Please use EVAL.\r\n");
  add("c");
  run();
  EXPECT_EQ(names(), Strings{by_digest});
  pass(100ms);
  EXPECT_EQ(names(), Strings{"EVAL"});
  add("d");
  run();
  EXPECT_EQ(names(), Strings{by_digest});
  EXPECT_EQ(told, (Strings{"a added", "b added", "c added", "d added"}));
}

TEST_F(StreamWriterTest, SendsNothingBeforeRedisKnowsIt) {
  known = "-LOADING not yet\r\n";
  add("a");
  run();
  pass(100ms);
  EXPECT_EQ(sent(), Strings{});
  known = redis.bulk("1-0");
  pass(100ms);
  EXPECT_EQ(sent(), Strings{"me-0 1 a"});
  shard().post([this] {
    writer->clear();
    writer->add({"field", "b"}, [](bool) {});
  });
  known = "-LOADING not yet\r\n";
  run();
  EXPECT_EQ(sent(), Strings{});
  known = redis.bulk("1-0");
  pass(100ms);
  EXPECT_EQ(sent(), Strings{"me-1 2 b"});
}

// The stream is emptied behind an entry that was confirmed, and before the question that was asked with it.
TEST_F(StreamWriterTest, AsksAgainWhereAnEntryWasConfirmedInTheEpochBefore) {
  add("a");
  run();
  Strings asked;
  redis.script = [&](auto const& args) {
    if (args[1] != aerie::cluster::StreamScripts::check()) return std::string();
    asked.push_back("first " + args[8] + ", confirmed in " + args[9]);
    return redis.bulk("2-0");
  };
  add("b");
  shard().post([this] { writer->check(); });
  run();
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
  EXPECT_EQ(asked, (Strings{"first 2, confirmed in 1-0", "first 3, confirmed in 1-0"}));
}

TEST_F(StreamWriterTest, WaitsForRedisForAsLongAsThatTakes) {
  redis.stop();
  run();
  add("a");
  pass(20s);
  pass(20s);
  EXPECT_TRUE(told.empty());
  redis.up = true;
  for (auto i = 0; i < 20; ++i)
    pass(500ms);
  EXPECT_EQ(told, Strings{"a added"});
}

TEST_F(StreamWriterTest, ConfirmsWhatReplicasHave) {
  wait_for_replicas(2);
  redis.answers["WAIT"] = ":2\r\n";
  add("a");
  add("b");
  run();
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
  EXPECT_EQ(writer->waiting(), 0U);
}

TEST_F(StreamWriterTest, AsksAgainOnTheConnectionThatHasWrittenWhereReplicasAreLacking) {
  wait_for_replicas(2);
  redis.answers["WAIT"] = ":1\r\n";
  add("a");
  add("b");
  run();
  EXPECT_TRUE(told.empty());
  sent();
  // Others are added meanwhile, and wait as well.
  add("c");
  run();
  EXPECT_EQ(sent(), Strings{"me-0 3 c"});
  EXPECT_TRUE(told.empty());
  redis.answers["WAIT"] = ":2\r\n";
  pass(100ms);
  EXPECT_EQ(sent(), Strings{"me-0 3 c"});
  EXPECT_EQ(told, (Strings{"a added", "b added", "c added"}));
}

TEST_F(StreamWriterTest, SendsAllAgainWhereNobodyKnowsWhetherReplicasHaveIt) {
  struct {
    std::string name;
    std::string answer;
  } const cases[] = {{"an error", "-ERR no such command\r\n"}, {"a broken connection", "garbage\r\n"}};
  wait_for_replicas(1);
  auto number = 0;
  for (auto const& each : cases) {
    redis.answers["WAIT"] = each.answer;
    add("a");
    add("b");
    run();
    EXPECT_TRUE(told.empty()) << each.name;
    sent();
    redis.answers["WAIT"] = ":1\r\n";
    pass(100ms);
    pass(5s);
    auto const first = std::to_string(++number);
    auto const second = std::to_string(++number);
    EXPECT_EQ(sent(), (Strings{"me-0 " + first + " a", "me-0 " + second + " b"})) << each.name;
    EXPECT_EQ(std::exchange(told, {}), (Strings{"a added", "b added"})) << each.name;
  }
}

// One that has taken over, and lacks what its master had not passed on.
TEST_F(StreamWriterTest, AddsAnewWhatAReplicaThatHasTakenOverDoesNotHave) {
  wait_for_replicas(1);
  redis.answers["WAIT"] = ":0\r\n";
  add("a");
  add("b");
  run();
  sent();
  redis.refuse_next("EVAL", "-AERIEGAP 0\r\n");
  redis.answers["WAIT"] = ":1\r\n";
  pass(100ms);
  pass(100ms);
  EXPECT_EQ(sent(), (Strings{"me-0 2 b", "me-0 1 a", "me-0 2 b"}));
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
}

TEST_F(StreamWriterTest, HasALimitAndAnEnd) {
  redis.stop();
  run();
  for (auto i = 0; i < 50; ++i)
    add("a");
  run();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front(), "a lost");
  auto const waiting = writer->waiting();
  EXPECT_EQ(waiting + told.size(), 50U);
  shard().post([this] { writer->clear(); });
  run();
  EXPECT_EQ(writer->waiting(), 0U);
  EXPECT_EQ(told.size(), 50U);
}

TEST_F(StreamWriterTest, SaysWhenTheCeilingHasCutSomethingOff) {
  add("first");
  run();
  told.clear();
  redis.refuse_next("EVAL", "*2\r\n:2\r\n$3\r\n1-0\r\n");
  add("a");
  add("b");
  run();
  EXPECT_EQ(cuts, 1);
  EXPECT_EQ(told, (Strings{"a added", "b added"}));
}

}}  // namespace stream_writer_test
