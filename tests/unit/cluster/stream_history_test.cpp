#include "cluster/stream_history.hpp"

#include "cluster/streams_codec.hpp"
#include "unit/cluster/operations.hpp"
#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stream_history_test { namespace {

using namespace aerie::cluster_test;
using aerie::cluster::StreamHistory;
using aerie::socketio::LogPosition;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class StreamHistoryTest : public aerie::test::TaskFixture {
 protected:
  StreamHistoryTest() {
    aerie::redis::ClientOptions options;
    options.dial = redis.dial();
    options.random = [] { return 0.5; };
    client = std::make_unique<aerie::redis::Client>(shard(), options);
    shard().post([this] { client->open(); });
    redis.run(shard());
    redis.answers["XRANGE"] = "*0\r\n";
  }
  ~StreamHistoryTest() override {
    shard().post([this] { client.reset(); });
    redis.run(shard());
  }
  std::string entry(std::string const& id, std::string_view nsp = "/chat") {
    auto message = said(event(EventPayload::Form::json, "said", id));
    message.nsp = nsp;
    auto const fields = aerie::cluster::encode_entry("me", message);
    return "*2\r\n" + redis.bulk(id) + redis.array(Strings(fields.begin(), fields.end()));
  }
  /// XINFO of a stream that has had so many entries, of which the first one left is this.
  void stream(int added, int length, std::string const& first) {
    redis.answers["XINFO"] = "*6\r\n" + redis.bulk("length") + ":" + std::to_string(length) + "\r\n" +
                             redis.bulk("entries-added") + ":" + std::to_string(added) + "\r\n" +
                             redis.bulk("first-entry") + "*2\r\n" + redis.bulk(first) + "*0\r\n";
  }
  void kept(std::string const& epoch, std::string const& floor) {
    redis.answers["MGET"] = redis.array({epoch, floor});
  }
  /// The ids that are read behind a position; "gone" if not all is there.
  Strings read(LogPosition after, bool is_exact = false) {
    StreamHistory history(*client, is_exact);
    Strings ids;
    shard().post([&] {
      history.read("s", "/chat", after, [&](std::optional<StreamHistory::Messages> messages) {
        if (!messages) {
          ids.emplace_back("gone");
          return;
        }
        for (auto const& message : *messages)
          ids.push_back(message.at.text());
      });
    });
    redis.run(shard());
    return ids;
  }

  aerie::test::FakeRedis redis;
  std::unique_ptr<aerie::redis::Client> client;
};

TEST_F(StreamHistoryTest, ReadsWhatANamespaceHasBehindAPosition) {
  stream(3, 3, "1-0");
  redis.refuse_next("XRANGE", "*3\r\n" + entry("5-0") + entry("6-0", "/other") + entry("7-0"));
  EXPECT_EQ(read({4, 1}), (Strings{"5-0", "7-0"}));
  EXPECT_EQ(redis.count("XRANGE s 4-2 + COUNT 256"), 1U);
}

TEST_F(StreamHistoryTest, SaysSoIfSomethingMayBeMissing) {
  stream(10, 5, "6-0");
  EXPECT_EQ(read({5, 0}), Strings{"gone"});
  EXPECT_EQ(read({6, 0}), Strings{});
  stream(5, 5, "6-0");
  EXPECT_EQ(read({1, 0}), Strings{});
  redis.answers["XINFO"] = "-ERR no such key\r\n";
  EXPECT_EQ(read({1, 0}), Strings{"gone"});
  redis.answers["XRANGE"] = "-LOADING not yet\r\n";
  EXPECT_EQ(read({1, 0}), Strings{"gone"});
}

TEST_F(StreamHistoryTest, KnowsFromWhereOnAStreamIsWholeThatSaysSo) {
  struct {
    std::string name;
    std::string epoch;
    std::string floor;
    Strings result;
  } const cases[] = {{"it is there", "1-0", "", {}},
                     {"of a stream before this one", "10001-0", "", {"gone"}},
                     {"it was cut off", "1-0", "10001-0", {"gone"}},
                     {"what was cut off was not behind it", "1-0", "10000-0", {}},
                     {"there is no such stream", "", "", {"gone"}}};
  for (auto const& each : cases) {
    kept(each.epoch, each.floor);
    EXPECT_EQ(read({10'000, 0}, true), each.result) << each.name;
  }
}

}}  // namespace stream_history_test
