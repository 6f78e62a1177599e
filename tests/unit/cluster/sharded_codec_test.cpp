#include "cluster/sharded_codec.hpp"

#include "unit/cluster/golden.hpp"
#include "unit/cluster/operations.hpp"

#include <aerie/schema/msgpack.hpp>

#include <set>

namespace sharded_codec_test { namespace {

using namespace aerie::cluster_test;
using aerie::Value;
using aerie::cluster::Decoded;
using aerie::cluster::ShardedMessage;
using aerie::cluster::ShardedType;
using aerie::cluster::SubscriptionMode;
using aerie::socketio::ClusterMessage;
using aerie::socketio::ClusterResponse;
using aerie::socketio::EventPayload;
namespace cluster = aerie::cluster;

struct Flavour {
  std::string name;
  std::string prefix;
  SubscriptionMode mode;
};

Flavour const flavours[] = {{"dynamic", "socket.io", SubscriptionMode::dynamic},
                            {"static", "p", SubscriptionMode::static_},
                            {"dynamic-private", "socket.io", SubscriptionMode::dynamic_private}};

std::string uid_of(std::string_view nsp) {
  return nsp == "/" ? "uamain0000000000" : "uachat0000000000";
}

std::string id_in(std::string_view bytes) {
  Value message;
  bool const read = bytes.starts_with('{') ? aerie::json::parse(bytes, message).ok()
                                           : aerie::msgpack::unpack(bytes, message).ok();
  if (!read || !message["data"]["requestId"].is_string()) return {};
  return std::string(message["data"]["requestId"].as_string());
}

TEST(ShardedCodec, WritesWhatTheOfficialAdapterWrites) {
  for (auto const& flavour : flavours) {
    for (auto const& operation : operations(EventPayload::Form::json)) {
      auto const lines = golden("sharded", flavour.name, operation.name);
      ASSERT_FALSE(lines.empty()) << flavour.name << ", " << operation.name;
      auto const& line = lines.front();
      auto const where = flavour.name + ", " + operation.name;
      EXPECT_EQ(cluster::sharded_channel(flavour.prefix, flavour.mode, operation.message), line.channel)
          << where;
      EXPECT_EQ(shown(cluster::encode_sharded(uid_of(operation.message.nsp), id_in(line.payload),
                                              operation.message)),
                shown(line.payload))
          << where;
    }
  }
}

TEST(ShardedCodec, AnswersAsTheOfficialAdapter) {
  std::multiset<std::string> used;
  for (auto const& answer : answers()) {
    auto const lines = golden("sharded", "dynamic", answer.operation, "socket.io#/chat#uachat0000000000#");
    auto const which = used.count(answer.operation);
    used.insert(answer.operation);
    ASSERT_GT(lines.size(), which) << answer.operation;
    auto const& line = lines[which];
    EXPECT_EQ(
        shown(cluster::encode_sharded("ubchat0000000000", "/chat", id_in(line.payload), answer.response)),
        shown(line.payload))
        << answer.operation;
  }
}

TEST(ShardedCodec, ReadsEverythingThatTheOfficialAdapterWrites) {
  for (auto const& line : golden("sharded")) {
    auto const where = line.flavour + ", " + line.operation + ": " + shown(line.payload);
    std::string const nsp = line.operation == "broadcast: to the default namespace" ? "/" : "/chat";
    ShardedMessage message;
    ASSERT_EQ(cluster::decode_sharded(line.payload, "nobody", nsp, message), Decoded::message) << where;
    std::string again;
    if (auto const* const todo = std::get_if<ClusterMessage>(&message.body)) {
      again = cluster::encode_sharded(message.uid, message.id, *todo);
    } else {
      auto const* const response = std::get_if<ClusterResponse>(&message.body);
      ASSERT_NE(response, nullptr) << where;
      EXPECT_EQ(response->server, message.uid) << where;
      again = cluster::encode_sharded(message.uid, nsp, message.id, *response);
    }
    // A flag that says what is so anyway is not kept.
    if (line.operation == "broadcast: compressed") continue;
    EXPECT_EQ(shown(again), shown(line.payload)) << where;
  }
}

Decoded read(std::string_view text, ShardedMessage& message) {
  return cluster::decode_sharded(text, "own", "/", message);
}

TEST(ShardedCodec, TakesMessagesWhoseMembersComeInAnotherOrder) {
  ShardedMessage message;
  ASSERT_EQ(
      read(
          R"({"nsp":"/","data":{"opts":{"except":["x"],"rooms":[1]},"more":{},"packet":{"data":["e",2],"type":2}},)"
          R"("uid":"u","type":3})",
          message),
      Decoded::message);
  auto const& todo = std::get<ClusterMessage>(message.body);
  EXPECT_EQ(todo.payload.json(), R"(["e",2])");
  EXPECT_EQ(todo.target.rooms, (Texts{"1"}));
  EXPECT_EQ(todo.target.except, (Texts{"x"}));
  EXPECT_EQ(message.uid, "u");
  EXPECT_TRUE(message.id.empty());
}

TEST(ShardedCodec, IgnoresItsOwnMessagesThoseOfOtherNamespacesAndLaterTypes) {
  ShardedMessage message;
  EXPECT_EQ(read(R"({"type":3,"uid":"own","nsp":"/"})", message), Decoded::own);
  EXPECT_EQ(read(R"({"type":3,"uid":"u","nsp":"/chat"})", message), Decoded::foreign);
  EXPECT_EQ(read(R"({"type":3,"uid":"u"})", message), Decoded::foreign);
  EXPECT_EQ(read(R"({"type":99,"uid":"u","nsp":"/"})", message), Decoded::foreign);
}

TEST(ShardedCodec, KnowsMessagesWithoutABody) {
  for (auto const type :
       {ShardedType::initial_heartbeat, ShardedType::heartbeat, ShardedType::adapter_close}) {
    ShardedMessage message;
    auto const text = R"({"type":)" + std::to_string(static_cast<int>(type)) + R"(,"uid":"u","nsp":"/"})";
    EXPECT_EQ(read(text, message), Decoded::message);
    EXPECT_EQ(message.type, type);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(message.body));
  }
}

TEST(ShardedCodec, RefusesMessagesThatAreNone) {
  std::string_view const bodies[] = {
      R"("type":3,"data":{})",
      R"("type":3)",
      R"("type":3,"data":null)",
      R"("type":3,"data":{"packet":{"type":2,"data":["e"]}})",
      R"("type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":null})",
      R"("type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{"rooms":[null]}})",
      R"("type":3,"data":{"packet":{"type":2,"data":["connect"]},"opts":{}})",
      R"("type":3,"data":{"packet":["e"],"opts":{}})",
      R"("type":4,"data":{"rooms":["r"]})",
      R"("type":4,"data":{"rooms":"r","opts":{}})",
      R"("type":6,"data":{"close":true})",
      R"("type":7,"data":{"opts":{}})",
      R"("type":8,"data":{"requestId":"q"})",
      R"("type":8,"data":{"requestId":"q","sockets":[{}]})",
      R"("type":8,"data":{"sockets":[]})",
      R"("type":9,"data":{})",
      R"("type":9,"data":{"packet":"e"})",
      R"("type":10,"data":{"packet":1})",
      R"("type":11,"data":{"requestId":"q"})",
      R"("type":11,"data":{"requestId":"q","clientCount":-1})",
      R"("type":12,"data":{"packet":1})",
  };
  for (auto const body : bodies) {
    ShardedMessage message;
    auto const text = "{" + std::string(body) + R"(,"uid":"u","nsp":"/"})";
    EXPECT_EQ(read(text, message), Decoded::garbage) << text;
  }
  for (std::string_view const text : {"", "{", "[]", "{}", "\x80", "\xc1", R"({"type":3,"nsp":"/"})",
                                      R"({"type":"3","uid":"u","nsp":"/"})", R"({"uid":"u","nsp":"/"})",
                                      R"({"type":2,"uid":"u","nsp":"/"} )"
                                      "x",
                                      "{\"type\":2,\"uid\":\"\xff\",\"nsp\":\"/\"}"}) {
    ShardedMessage message;
    EXPECT_EQ(read(text, message), Decoded::garbage) << text;
  }
}

TEST(ShardedCodec, TakesANameOfTwentyCharactersForASocketsId) {
  auto const channel = [](std::string room) {
    return cluster::sharded_channel("p", SubscriptionMode::dynamic, said(EventPayload(), {std::move(room)}));
  };
  EXPECT_EQ(channel(std::string(19, 'r')), "p#/chat#" + std::string(19, 'r') + "#");
  EXPECT_EQ(channel(std::string(20, 'r')), "p#/chat#");
  // As JavaScript counts: two for a character beyond U+FFFF.
  EXPECT_EQ(channel(std::string(18, 'r') + "😀"), "p#/chat#");
  EXPECT_EQ(channel(std::string(16, 'r') + "ä"), "p#/chat#" + std::string(16, 'r') + "ä#");
}

}}  // namespace sharded_codec_test
