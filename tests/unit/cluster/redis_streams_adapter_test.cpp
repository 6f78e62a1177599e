#include "cluster/stream_scripts.hpp"
#include "cluster/streams_codec.hpp"
#include "unit/cluster/adapter_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace redis_streams_adapter_test { namespace {

using namespace aerie::cluster_test;
using aerie::RedisStreamsAdapter;
namespace cluster = aerie::cluster;
using Form = EventPayload::Form;
using Strings = std::vector<std::string>;

class RedisStreamsAdapterTest : public AdapterFixture<RedisStreamsAdapter> {
 protected:
  RedisStreamsAdapterTest() {
    redis.answers["XINFO"] = "-ERR no such key\r\n";
    redis.answers["XREAD"] = "*-1\r\n";
    redis.answers["XADD"] = redis.bulk("1-0");
  }
  /// The next XREAD gives an entry of another server.
  void enters(ClusterMessage const& message, std::string const& uid = "others") {
    auto const fields = cluster::encode_entry(uid, message);
    redis.refuse_next("XREAD", "*1\r\n*2\r\n" + redis.bulk("socket.io") + "*1\r\n*2\r\n" +
                                   redis.bulk(std::to_string(++last_) + "-0") +
                                   redis.array(Strings(fields.begin(), fields.end())));
    redis.answers["XINFO"] = redis.array({"last-generated-id", std::to_string(last_) + "-0"});
    pass(100ms);
  }

  /// A stream that is there, with an epoch, and takes what is added.
  void exactly() {
    redis.answers["MGET"] = redis.array({"1-0", ""});
    redis.script = [this](auto const& args) -> std::string {
      using Scripts = cluster::StreamScripts;
      if (args[1] == Scripts::check()) return redis.bulk("1-0");
      if (args[1] == Scripts::add()) return "*2\r\n:1\r\n" + redis.bulk("1-0");
      return "*4\r\n" + redis.bulk("1-0") + redis.bulk("") + redis.bulk("1-0") + "*0\r\n";
    };
  }

  int last_ = 0;
};

ClusterMessage hello(Texts rooms = {}) {
  return said(event(Form::json, "said", "hello"), std::move(rooms));
}

TEST_F(RedisStreamsAdapterTest, IsSubscribedOnlyWhenItKnowsWhereToRead) {
  redis.answers["XINFO"] = "-LOADING not yet\r\n";
  open({"/chat"});
  EXPECT_TRUE(commands("SUBSCRIBE").empty());
  redis.answers["XINFO"] = "-ERR no such key\r\n";
  pass(100ms);
  EXPECT_EQ(commands("SUBSCRIBE").size(), 2U);
}

TEST_F(RedisStreamsAdapterTest, AddsToTheStreamWhatNeedsNoAnswer) {
  open();
  commands("");
  publish(hello({"room1"}));
  EXPECT_EQ(commands("XADD"),
            Strings{"XADD socket.io MAXLEN ~ 10000 * uid 0123456789abcdef nsp /chat type 3 data "
                    R"({"packet":{"type":2,"data":["said","hello"]},)"
                    R"("opts":{"rooms":["room1"],"except":[],"flags":{}}})"});
  publish(moving(ClusterAction::join, {"a"}));
  publish(moving(ClusterAction::leave, {"a"}));
  publish(disconnecting(false));
  EXPECT_EQ(commands("XADD").size(), 3U);
  EXPECT_EQ(member.sent, 4U);
}

TEST_F(RedisStreamsAdapterTest, PublishesWhatNeedsOne) {
  open();
  commands("");
  request(fetching());
  publish(telling(event(Form::json, "side", 1)));
  request(asking(hello()));
  auto const sent = commands("");
  auto const published = std::ranges::count_if(
      sent, [](auto const& command) { return command.starts_with("PUBLISH socket.io#/chat# \x84"); });
  EXPECT_EQ(published, 3);
  EXPECT_TRUE(std::ranges::none_of(sent, [](auto const& command) { return command.starts_with("XADD"); }));
}

TEST_F(RedisStreamsAdapterTest, DoesWhatOthersHaveAddedAndNotWhatItHasItself) {
  open();
  enters(hello({"room1"}));
  enters(hello({"room1"}), "0123456789abcdef");
  ASSERT_EQ(member.delivered.size(), 1U);
  EXPECT_EQ(member.delivered[0].target.rooms, Texts{"room1"});
  EXPECT_EQ(member.received, 1U);
}

TEST_F(RedisStreamsAdapterTest, CountsWhatRedisDoesNotTake) {
  open();
  redis.answers["XADD"] = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
  publish(hello());
  EXPECT_EQ(member.lost, 1U);
  EXPECT_EQ(member.sent, 0U);
}

TEST_F(RedisStreamsAdapterTest, WaitsInOrderWhileRedisTakesNothing) {
  open();
  redis.answers["XADD"] = "-OOM command not allowed when used memory > 'maxmemory'\r\n";
  publish(hello({"first"}));
  publish(hello({"second"}));
  commands("");
  redis.answers["XADD"] = redis.bulk("1-0");
  pass(200ms);
  auto const added = commands("XADD");
  ASSERT_EQ(added.size(), 2U);
  EXPECT_NE(added[0].find("first"), std::string::npos);
  EXPECT_NE(added[1].find("second"), std::string::npos);
  EXPECT_EQ(member.sent, 2U);
  EXPECT_EQ(member.lost, 0U);
}

TEST_F(RedisStreamsAdapterTest, ReadsEachStreamThatANamespaceHas) {
  options.stream_count = 4;
  open({"/", "/orders"});
  auto const read = commands("XREAD");
  auto const reads = [&](std::string_view stream) {
    return std::any_of(read.begin(), read.end(),
                       [&](auto const& command) { return command.find(stream) != std::string::npos; });
  };
  EXPECT_TRUE(reads("STREAMS socket.io-3 0-0"));
  EXPECT_TRUE(reads("STREAMS socket.io-0 0-0"));
}

TEST_F(RedisStreamsAdapterTest, AddsExactlyOnceIfItIsToldTo) {
  options = {.delivery = aerie::cluster::Delivery::exactly_once};
  exactly();
  open();
  commands("");
  publish(hello());
  EXPECT_EQ(commands("EVAL").size(), 1U);
  EXPECT_EQ(member.sent, 1U);
  EXPECT_EQ(adapter->event_log()->keeps_for(), options.keep_for);
}

TEST_F(RedisStreamsAdapterTest, WaitsForReplicasIfItIsToldTo) {
  options = {.delivery = aerie::cluster::Delivery::exactly_once, .wait_replicas = 2};
  exactly();
  redis.answers["WAIT"] = ":1\r\n";
  open();
  publish(hello());
  EXPECT_EQ(commands("WAIT"), Strings{"WAIT 2 500"});
  EXPECT_EQ(member.sent, 0U);
}

TEST_F(RedisStreamsAdapterTest, TellsWhereItsLogBeginsAndWhatIsItsOwn) {
  open({"/chat"});
  enters(hello());
  enters(hello(), "0123456789abcdef");
  EXPECT_EQ(member.logged, (Strings{"/chat begins at 0-1", "1-0", "2-0 own"}));
  pass(1s);
  EXPECT_EQ(member.logged.back(), "/chat read to 2-0");
  EXPECT_EQ(member.logged.size(), 4U) << "and once for all that was read";
}

TEST_F(RedisStreamsAdapterTest, HearsThatASessionWasTaken) {
  open();
  receive("", "socket.io#/#0123456789abcdef#", "taken:the pid");
  EXPECT_EQ(member.logged.back(), "taken the pid");
  EXPECT_EQ(member.malformed, 0U);
}

TEST_F(RedisStreamsAdapterTest, HearsWhatAClientHasAnsweredAtAnotherServer) {
  open();
  ClusterResponse response{.type = ClusterResponse::Type::ack, .request = 7};
  response.answer = std::vector<aerie::Value>{"fine"};
  in_turn([&] { adapter->event_log()->answer("other", response); });
  auto const published = commands("PUBLISH").back();
  std::string const beginning = "PUBLISH socket.io#/#other# ";
  ASSERT_TRUE(published.starts_with(beginning)) << published;
  receive("", "socket.io#/#0123456789abcdef#", published.substr(beginning.size()));
  ASSERT_EQ(member.responses.size(), 1U);
  EXPECT_EQ(member.responses[0].request, 7U);
  EXPECT_EQ(member.responses[0].answer, response.answer);
  receive("", "socket.io#/#0123456789abcdef#", "answered:nonsense");
  EXPECT_EQ(member.malformed, 1U);
}

TEST_F(RedisStreamsAdapterTest, AsksRedisWhetherASessionHasExpired) {
  open();
  using Expiry = aerie::socketio::EventLog::Expiry;
  for (auto const& [reply, expiry] :
       {std::pair{":0\r\n", Expiry::elsewhere}, std::pair{":1\r\n", Expiry::yes},
        std::pair{":2\r\n", Expiry::not_yet}, std::pair{"-ERR\r\n", Expiry::failed}}) {
    redis.answers["EVAL"] = reply;
    std::optional<Expiry> told;
    in_turn([&] { adapter->event_log()->expire("pid", "owner", 5s, [&](Expiry how) { told = how; }); });
    EXPECT_EQ(told, expiry) << reply;
    EXPECT_TRUE(commands("EVAL").back().ends_with(" 2 sio:session:pid {sio:session:pid}:owner owner 5000"));
  }
}

TEST_F(RedisStreamsAdapterTest, RefusesImpossibleSettings) {
  RedisStreamsAdapter const impossible[] = {
      {.stream_name = ""},    {.stream_count = 0},
      {.stream_count = 1001}, {.channel_prefix = ""},
      {.max_len = 0},         {.keep_for = 999ms},
      {.read_count = 0},      {.block_time = 9ms},
      {.block_time = 5s},     {.requests_timeout = 0ms},
      {.wait_replicas = 1},   {.delivery = aerie::cluster::Delivery::exactly_once, .wait_replicas = 101}};
  for (auto const& options : impossible)
    EXPECT_THROW(options(member), std::invalid_argument);
}

}}  // namespace redis_streams_adapter_test
