#include "cluster/stream_scripts.hpp"

#include "cluster/stream_history.hpp"
#include "cluster/stream_reader.hpp"
#include "cluster/stream_writer.hpp"
#include "cluster/streams_codec.hpp"
#include "unit/cluster/operations.hpp"
#include "unit/cluster/real_redis_fixture.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Writers, readers and the history of a stream in a real Redis.
namespace stream_scripts_test { namespace {

using namespace aerie::cluster_test;
using namespace std::chrono_literals;
using aerie::cluster::key_beside;
using aerie::cluster::StreamEpoch;
using aerie::cluster::StreamHistory;
using aerie::cluster::StreamReader;
using aerie::cluster::StreamScripts;
using aerie::cluster::StreamWriter;
using aerie::socketio::LogPosition;
namespace redis = aerie::redis;

std::string const epoch_key = key_beside("s", "epoch");
std::string const floor_key = key_beside("s", "floor");

class StreamScriptsTest : public RealRedisFixture {
 protected:
  /// Reads the stream and writes down what it hears: "a", "lost".
  struct Reader {
    Reader(StreamScriptsTest& test, std::string const& url)
        : reader(test.shard(), test.client_options(url),
                 {.stream = "s", .count = 8, .block = 20ms, .pause = 5ms, .is_exact = true},
                 {.on_located = [this] { is_located = true; },
                  .on_entry =
                      [this](LogPosition, redis::Reply const& fields) {
                        if (fields[0].text() != "epoch") told.emplace_back(fields[1].text());
                      },
                  .on_batch = {},
                  .on_lost = [this](LogPosition) { told.emplace_back("lost"); },
                  .on_looked = [this] { ++looks; }}) {
      test.in_turn([this] { reader.open(); });
      test.until([this] { return is_located; });
    }
    bool is_located = false;
    int looks = 0;
    Strings told;
    StreamReader reader;
  };

  std::string text(Strings const& words) { return std::string(ask(words).reply.text()); }
  std::int64_t number(Strings const& words, redis::Client& of) { return ask(words, of).reply.integer(); }
  /// A script with the floor and the epoch as KEYS: no reader comes between.
  void at_once(std::string const& script) {
    auto const answer = ask({"EVAL", script, "2", floor_key, epoch_key});
    ASSERT_FALSE(answer.reply.is_error()) << answer.why();
  }

  /// An entry of a writer that knows all before `first` to be there; what became of it.
  std::string add(std::string const& number, std::string const& first, std::string const& epoch,
                  std::string const& behind = "0-1", std::string const& keep = "60000",
                  std::string const& ceiling = "1000") {
    auto const answer =
        ask({"EVAL", std::string(StreamScripts::add()), "4", "s", epoch_key, floor_key,
             key_beside("s", "writer:w"), behind, first, epoch, number, keep, ceiling, "n", number});
    if (answer.reply.is_error()) return std::string(answer.reply.error_code());
    return answer.reply[0].integer() == 2 ? "cut" : "added";
  }
  std::string check(std::string const& first, std::string const& epoch, std::string const& behind = "0-1") {
    return text({"EVAL", std::string(StreamScripts::check()), "4", "s", epoch_key, floor_key,
                 key_beside("s", "writer:w"), behind, first, epoch});
  }
  /// Of an epoch.
  LogPosition position(std::string const& text) {
    auto const parsed = StreamEpoch::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(StreamEpoch{}).at;
  }
  /// What the entries say, but for those of epochs.
  Strings entries() {
    Strings found;
    auto const answer = ask({"XRANGE", "s", "-", "+"});
    for (auto const& entry : answer.reply.elements()) {
      if (entry[1][0].text() != "epoch") found.emplace_back(entry[1][1].text());
    }
    return found;
  }
};

TEST_F(StreamScriptsTest, KeepsItsKeysWhereTheStreamIs) {
  EXPECT_EQ(key_beside("socket.io", "epoch"), "{socket.io}:aerie:epoch");
}

// --- What is added

TEST_F(StreamScriptsTest, AddsEachEntryOnceAndNoneBeforeItsTurn) {
  auto const epoch = check("1", "");
  // The first one has failed, and the second one comes by itself.
  EXPECT_EQ(add("2", "1", epoch), "AERIEGAP");
  EXPECT_EQ(add("1", "1", epoch), "added");
  EXPECT_EQ(add("1", "1", epoch), "added");
  EXPECT_EQ(add("2", "1", epoch), "added");
  EXPECT_EQ(entries(), (Strings{"1", "2"}));
  EXPECT_EQ(check("3", epoch), epoch);
}

TEST_F(StreamScriptsTest, AWriterWhoseEntriesAreLostGoesOnWithTheFirstThatIsNotConfirmed) {
  auto const epoch = check("1", "");
  add("1", "1", epoch);
  ask({"FLUSHALL"});
  EXPECT_EQ(add("3", "2", epoch), "AERIEGAP");
  EXPECT_EQ(add("2", "2", epoch), "added");
  EXPECT_EQ(add("3", "2", epoch), "added");
  EXPECT_EQ(entries(), (Strings{"2", "3"}));
}

TEST_F(StreamScriptsTest, AWriterThatIsNotKnownAnyMoreBeginsAnotherEpoch) {
  auto const epoch = check("1", "");
  add("1", "1", epoch);
  // As a clock that jumps ahead does it.
  ask({"DEL", key_beside("s", "writer:w")});
  // It was added before, and nobody knows: whoever has read the first one hears that something was lost.
  EXPECT_EQ(add("1", "1", epoch), "added");
  EXPECT_GT(position(text({"GET", epoch_key})), position(epoch));
  // Only once.
  auto const renewed = text({"GET", epoch_key});
  EXPECT_EQ(check("2", renewed), renewed);
}

TEST_F(StreamScriptsTest, AReplicaThatLacksWhatWasConfirmedBeginsAnotherEpoch) {
  auto const epoch = check("1", "");
  add("1", "1", epoch);
  auto const at_replica = text({"GET", key_beside("s", "writer:w")});
  add("2", "2", epoch);
  ask({"SET", key_beside("s", "writer:w"), at_replica});
  EXPECT_GT(position(check("3", epoch)), position(epoch));
}

TEST_F(StreamScriptsTest, PositionsGrowWhereTheClockHasGoneBack) {
  auto const behind = "99999999999999-8";
  auto const epoch = check("1", "", behind);
  EXPECT_EQ(position(epoch).text(), behind);
  EXPECT_EQ(add("1", "1", epoch), "added");
  EXPECT_EQ(position(text({"GET", epoch_key})).text(), behind);
  auto const found = ask({"XREVRANGE", "s", "+", "-", "COUNT", "1"});
  EXPECT_EQ(found.reply[0][0].text(), "99999999999999-9");
}

// --- What is cut off

TEST_F(StreamScriptsTest, RemembersWhatWasCutOffByAge) {
  ask({"CONFIG", "SET", "stream-node-max-entries", "1"});
  auto const epoch = check("1", "");
  add("1", "1", epoch);
  auto const first = std::string(ask({"XREVRANGE", "s", "+", "-", "COUNT", "1"}).reply[0][0].text());
  EXPECT_EQ(text({"GET", floor_key}), "");
  auto const now = [this] { return ask({"TIME"}).reply; };
  until([&] {
    auto const time = now();
    return std::stoull(std::string(time[0].text())) * 1000 + std::stoull(std::string(time[1].text())) / 1000 >
           position(first).time + 3;
  });
  add("2", "2", epoch, "0-1", "1");
  // Whoever has read the first one has missed nothing.
  EXPECT_EQ(text({"GET", floor_key}), first);
  EXPECT_EQ(entries(), Strings{"2"});
}

TEST_F(StreamScriptsTest, RemembersWhatTheCeilingHasLeft) {
  ask({"CONFIG", "SET", "stream-node-max-entries", "1"});
  auto const epoch = check("1", "");
  add("1", "1", epoch);
  EXPECT_EQ(add("2", "2", epoch, "0-1", "60000", "1"), "cut");
  EXPECT_EQ(entries(), Strings{"2"});
  auto const left = ask({"XRANGE", "s", "-", "+"});
  EXPECT_EQ(text({"GET", floor_key}), left.reply[0][0].text());
}

TEST_F(StreamScriptsTest, TheHistoryDoesNotLeaveOutWhatWasCutOff) {
  ask({"CONFIG", "SET", "stream-node-max-entries", "1"});
  auto const epoch = check("1", "");
  for (auto const* number : {"1", "2", "3"})
    add(number, number, epoch);
  StreamHistory history(*client, true);
  auto const is_there = [&](LogPosition after) {
    std::optional<bool> there;
    in_turn(
        [&] { history.read("s", "/", after, [&](auto const& messages) { there = messages.has_value(); }); });
    until([&] { return there.has_value(); });
    return *there;
  };
  EXPECT_TRUE(is_there(position(epoch)));
  // The clock has jumped ahead, and back again.
  auto const now = position(epoch);
  ask({"XTRIM", "s", "MINID", std::to_string(now.time + 3'600'000)});
  ask({"SET", floor_key, LogPosition{now.time + 10, 0}.text()});
  EXPECT_FALSE(is_there(now));
  EXPECT_TRUE(is_there({now.time + 10, 0}));
}

// --- What is read

class StreamOfTwoTest : public StreamScriptsTest {
 protected:
  void SetUp() override {
    RealRedisFixture::SetUp();
    if (IsSkipped()) return;
    reader = std::make_unique<Reader>(*this, server->url());
    epoch = check("1", "");
  }
  void TearDown() override {
    if (reader) in_turn([this] { reader->reader.close(); });
    RealRedisFixture::TearDown();
  }
  void hears(Strings const& what) {
    until([&] { return reader->told.size() >= what.size(); });
    // And looks once more.
    auto const looks = reader->looks;
    until([&] { return reader->looks > looks + 1; });
    EXPECT_EQ(reader->told, what);
  }
  std::unique_ptr<Reader> reader;
  std::string epoch;
};

TEST_F(StreamOfTwoTest, ReadsWhatIsAddedAndLosesNothing) {
  add("1", "1", epoch);
  add("2", "2", epoch);
  hears({"1", "2"});
}

// A server that stands still for longer than entries are kept.
TEST_F(StreamOfTwoTest, IsToldOfWhatWasCutOffBeforeItCame) {
  add("1", "1", epoch);
  hears({"1"});
  at_once(
      "for i = 2, 4 do redis.call('XADD', 's', '*', 'n', i) end "
      "redis.call('XTRIM', 's', 'MAXLEN', 1) "
      "redis.call('SET', KEYS[1], redis.call('XRANGE', 's', '-', '+')[1][1])");
  hears({"1", "lost"});
  at_once("redis.call('XADD', 's', '*', 'n', '5')");
  hears({"1", "lost", "5"});
}

TEST_F(StreamOfTwoTest, IsNotToldOfWhatWasCutOffBehindIt) {
  add("1", "1", epoch);
  hears({"1"});
  at_once(
      "local last = redis.call('XREVRANGE', 's', '+', '-', 'COUNT', 1)[1][1] "
      "redis.call('XADD', 's', '*', 'n', '2') "
      "redis.call('XTRIM', 's', 'MAXLEN', 1) "
      "redis.call('SET', KEYS[1], last)");
  hears({"1", "2"});
}

TEST_F(StreamOfTwoTest, NoticesAnEmptiedStreamWhoseClockHasGoneBack) {
  add("1", "1", epoch);
  hears({"1"});
  auto const at = reader->reader.position();
  // Another server begins it, who has read nothing yet.
  at_once(
      "redis.call('FLUSHALL') "
      "redis.call('XADD', 's', '5-0', 'n', 'not heard') "
      "redis.call('SET', KEYS[2], '5-0')");
  hears({"1", "lost"});
  EXPECT_GT(position(text({"GET", epoch_key})), at);
  at_once("redis.call('XADD', 's', '*', 'n', '2')");
  hears({"1", "lost", "2"});
}

// Its clock is behind, so that it begins behind what its servers have read, and that is the same both times.
TEST_F(StreamOfTwoTest, NoticesThatItWasEmptiedTwiceAndHasBegunAtOnePosition) {
  add("1", "1", epoch);
  hears({"1"});
  ask({"FLUSHALL"});
  hears({"1", "lost"});
  auto const at = reader->reader.position();
  at_once(
      "local at = string.match(redis.call('GET', KEYS[2]), '[^/]+') "
      "redis.call('FLUSHALL') "
      "redis.call('XADD', 's', at, 'epoch', '1') "
      "redis.call('SET', KEYS[2], at .. '/1')");
  hears({"1", "lost", "lost"});
  EXPECT_GT(position(text({"GET", epoch_key})), at);
}

TEST_F(StreamScriptsTest, TwoEpochsAreTwoWhereverTheyBegin) {
  auto const behind = "99999999999999-8";
  auto const first = check("1", "", behind);
  ask({"FLUSHALL"});
  auto const second = check("1", "", behind);
  EXPECT_EQ(position(first), position(second));
  EXPECT_NE(first, second);
}

TEST_F(StreamOfTwoTest, NoticesThatWhatWasReadLastIsNotThereAnyMore) {
  add("1", "1", epoch);
  hears({"1"});
  auto const at = reader->reader.position();
  ask({"XDEL", "s", at.text()});
  hears({"1", "lost"});
  EXPECT_GT(position(text({"GET", epoch_key})), at);
}

// A replica has taken over, whose clock is behind.
TEST_F(StreamOfTwoTest, NoticesThatAnotherEntryHasThePositionOfTheLastThatWasRead) {
  add("1", "1", epoch);
  hears({"1"});
  at_once(
      "local last = redis.call('XREVRANGE', 's', '+', '-', 'COUNT', 1)[1][1] "
      "redis.call('DEL', 's') "
      "redis.call('XADD', 's', string.match(redis.call('GET', KEYS[2]), '[^/]+'), 'epoch', '1') "
      "redis.call('XADD', 's', last, 'n', 'another')");
  hears({"1", "lost"});
}

TEST_F(StreamOfTwoTest, NoticesARealReplicaThatHasTakenOver) {
  add("1", "1", epoch);
  hears({"1"});
  aerie::test::RedisServer replica(
      {"--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1 " + std::to_string(server->port)});
  auto const at_replica = connect(replica.url());
  auto const length_at = [this](redis::Client& which) { return number({"XLEN", "s"}, which); };
  until([&] { return length_at(*at_replica) == 2; });
  ask({"REPLICAOF", "NO", "ONE"}, *at_replica);
  add("2", "2", epoch);
  hears({"1", "2"});
  // It has not got the second one, and the first server is made a replica of it.
  ask({"REPLICAOF", "127.0.0.1", std::to_string(replica.port)});
  until([&] { return length_at(*client) == 2; });
  ask({"REPLICAOF", "NO", "ONE"});
  hears({"1", "2", "lost"});
  in_turn([&] { at_replica->close(); });
}

}}  // namespace stream_scripts_test
