#include "cluster/redis_codec.hpp"

#include "unit/cluster/golden.hpp"
#include "unit/cluster/operations.hpp"

#include <aerie/schema/msgpack.hpp>

#include <set>

namespace redis_codec_test { namespace {

using namespace aerie::cluster_test;
using aerie::Array;
using aerie::Value;
using aerie::cluster::Decoded;
using aerie::cluster::RedisRequestType;
using aerie::socketio::ClusterAction;
using aerie::socketio::ClusterMessage;
using aerie::socketio::ClusterResponse;
using aerie::socketio::EventPayload;
namespace cluster = aerie::cluster;

bool is_request(ClusterMessage const& message) {
  return message.action != ClusterAction::broadcast || message.request != 0;
}

std::string uid_of(ClusterMessage const& message) {
  return message.nsp == "/" ? "uamain" : "uachat";
}

// What the official adapter calls the request that these bytes belong to.
std::string id_in(std::string_view bytes) {
  Value message;
  bool const read = bytes.starts_with('{') ? aerie::json::parse(bytes, message).ok()
                                           : aerie::msgpack::unpack(bytes, message).ok();
  if (!read || !message["requestId"].is_string()) return {};
  return std::string(message["requestId"].as_string());
}

std::string encode(ClusterMessage const& message, std::string_view id) {
  return is_request(message) ? cluster::encode_request(uid_of(message), id, message)
                             : cluster::encode_broadcast(uid_of(message), message);
}

std::string channel_of(std::string_view key, ClusterMessage const& message) {
  return is_request(message) ? aerie::emitter::request_channel(key, message.nsp)
                             : aerie::emitter::broadcast_channel(key, message.nsp, message.target.rooms);
}

TEST(RedisCodec, WritesWhatTheOfficialAdapterWrites) {
  for (auto const& [flavour, key] : {std::pair("default", "socket.io"), std::pair("specific", "k")}) {
    for (auto const& operation : operations(EventPayload::Form::msgpack)) {
      auto const channel = channel_of(key, operation.message);
      auto const lines = golden("redis", flavour, operation.name, channel);
      ASSERT_EQ(lines.size(), 1U) << flavour << ", " << operation.name << ", " << channel;
      EXPECT_EQ(lines[0].channel, channel) << operation.name;
      EXPECT_EQ(shown(encode(operation.message, id_in(lines[0].payload))), shown(lines[0].payload))
          << operation.name;
    }
  }
}

TEST(RedisCodec, AnswersAsTheOfficialAdapter) {
  std::multiset<std::string> used;
  for (auto const& answer : answers()) {
    auto const lines = golden("redis", "default", answer.operation, "socket.io-response#/chat#");
    auto const which = used.count(answer.operation);
    used.insert(answer.operation);
    ASSERT_GT(lines.size(), which) << answer.operation;
    auto const& line = lines[which];
    EXPECT_EQ(shown(cluster::encode_response(id_in(line.payload), answer.response)), shown(line.payload))
        << answer.operation;
  }
  auto const lines = golden("redis", "default", "all rooms", "socket.io-response#/chat#");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(cluster::encode_names(RedisRequestType::all_rooms, id_in(lines[0].payload),
                                  {"socket-of-b-00000000", "room1", "room6"}),
            lines[0].payload);
}

// What is read and written again is what it was: so everything in it was understood. A flag that says what is
// so anyway is not kept, and some requests are answered otherwise than they are asked.
TEST(RedisCodec, ReadsEverythingThatTheOfficialAdapterWrites) {
  std::set<std::string> const not_kept{"broadcast: compressed", "all rooms"};
  for (auto const& line : golden("redis")) {
    auto const where = line.flavour + ", " + line.operation + ": " + shown(line.payload);
    std::string const key = line.flavour == "default" ? "socket.io" : "k";
    std::string const nsp = line.operation == "broadcast: to the default namespace" ? "/" : "/chat";
    std::string again;
    if (line.channel.starts_with(key + "#")) {
      ClusterMessage message;
      ASSERT_EQ(cluster::decode_broadcast(line.payload, "nobody", nsp, message), Decoded::message) << where;
      again = cluster::encode_broadcast(uid_of(message), message);
    } else if (line.channel.starts_with(key + "-request#")) {
      auto const request = cluster::decode_request(line.payload, nsp);
      ASSERT_TRUE(request.has_value()) << where;
      EXPECT_EQ(request->uid, "uachat") << where;
      again = cluster::encode_request(request->uid, request->id, request->message);
    } else {
      auto const id = cluster::request_of_response(line.payload);
      ASSERT_TRUE(id.has_value()) << where;
      if (line.operation == "all rooms") continue;
      auto const response = cluster::decode_response(line.payload);
      ASSERT_TRUE(response.has_value()) << where;
      again = cluster::encode_response(*id, *response);
    }
    if (not_kept.contains(line.operation)) continue;
    EXPECT_EQ(shown(again), shown(line.payload)) << where;
  }
}

TEST(RedisCodec, ReadsEverythingThatTheOfficialEmitterSends) {
  for (auto const& line : golden("emitter")) {
    if (line.channel.starts_with("socket.io-request#")) {
      auto const request = cluster::decode_request(line.payload, "/chat");
      ASSERT_TRUE(request.has_value()) << line.operation;
      EXPECT_TRUE(request->id.empty());
    } else {
      ClusterMessage message;
      auto const* const nsp = line.channel == "socket.io#/#" ? "/" : "/chat";
      EXPECT_EQ(cluster::decode_broadcast(line.payload, "uachat", nsp, message), Decoded::message)
          << line.operation;
      EXPECT_EQ(message.payload.event(), line.operation.ends_with("without arguments") ? "ping" : "said");
    }
  }
}

// A message as JavaScript would write it, in MessagePack.
std::string packed(std::string_view json) {
  Value value;
  EXPECT_TRUE(aerie::json::parse(json, value).ok()) << json;
  return aerie::msgpack::pack(value);
}

Decoded read_broadcast(std::string_view json, ClusterMessage& message) {
  return cluster::decode_broadcast(packed(json), "own", "/", message);
}

TEST(RedisCodec, TakesBroadcastsThatTheOfficialAdapterTakes) {
  std::string_view const whole =
      R"(["a",{"type":2,"data":["e"],"nsp":"/"},{"rooms":[],"except":[],"flags":{}}])";
  std::string_view const cases[] = {
      whole,
      R"(["a",{"data":["e"],"more":[{}],"nsp":"/","type":2},{"flags":{},"other":1,"except":[],"rooms":[]}])",
      R"(["a",{"type":2,"data":["e"]},{}])",
      R"(["a",{"type":2,"data":["e"],"nsp":null},{"rooms":null,"except":null,"flags":null}])",
      R"(["a",{"type":2,"data":["e"]},{"flags":{"volatile":null,"compress":"yes","timeout":"1","local":true}}])",
      R"(["a",{"type":2,"data":["e"]},{},"more",[1]])",
      R"(["a",{"type":2,"data":[7]},{}])",
  };
  for (auto const text : cases) {
    ClusterMessage message;
    EXPECT_EQ(read_broadcast(text, message), Decoded::message) << text;
    EXPECT_EQ(message.nsp, "/") << text;
    EXPECT_TRUE(message.options.compress) << text;
    EXPECT_FALSE(message.options.is_volatile) << text;
    EXPECT_TRUE(message.target.rooms.empty()) << text;
  }
}

TEST(RedisCodec, TakesNumbersAsNamesOfRooms) {
  ClusterMessage message;
  EXPECT_EQ(read_broadcast(R"(["a",{"type":2,"data":["e"]},{"rooms":[1,2.5,-3],"except":[4]}])", message),
            Decoded::message);
  EXPECT_EQ(message.target.rooms, (Texts{"1", "2.5", "-3"}));
  EXPECT_EQ(message.target.except, (Texts{"4"}));
}

TEST(RedisCodec, IgnoresItsOwnBroadcastsAndThoseOfOtherNamespaces) {
  ClusterMessage message;
  EXPECT_EQ(read_broadcast(R"(["own",{"type":2,"data":["e"],"nsp":"/"},{}])", message), Decoded::own);
  EXPECT_EQ(read_broadcast(R"(["a",{"type":2,"data":["e"],"nsp":"/chat"},{}])", message), Decoded::foreign);
}

TEST(RedisCodec, RefusesBroadcastsThatAreNone) {
  std::string_view const cases[] = {
      R"({})",
      R"([])",
      R"([null])",
      R"(["a"])",
      R"([{"uid":"a"},{"type":2,"data":["e"]},{}])",
      R"(["a",null,{}])",
      R"(["a",{"type":2,"data":["e"]}])",
      R"(["a",{"type":2,"data":["e"]},null])",
      R"(["a",{"type":2,"data":["e"]},[]])",
      R"(["a",{"type":2},{}])",
      R"(["a",{"type":2,"data":{}},{}])",
      R"(["a",{"type":2,"data":[]},{}])",
      R"(["a",{"type":2,"data":[null]},{}])",
      R"(["a",{"type":2,"data":["disconnect"]},{}])",
      R"(["a",{"type":99,"data":["e"]},{}])",
      R"(["a",{"type":"2","data":["e"]},{}])",
      R"(["a",{"data":["e"]},{}])",
      R"(["a",{"type":2,"data":["e"],"nsp":{}},{}])",
      R"(["a",{"type":2,"data":["e"]},{"rooms":"lobby"}])",
      R"(["a",{"type":2,"data":["e"]},{"rooms":{}}])",
      // For nobody in the official adapter, so not for everybody here.
      R"(["a",{"type":2,"data":["e"]},{"rooms":[null]}])",
      R"(["a",{"type":2,"data":["e"]},{"except":[[]]}])",
  };
  for (auto const text : cases) {
    ClusterMessage message;
    EXPECT_EQ(read_broadcast(text, message), Decoded::garbage) << text;
  }
}

TEST(RedisCodec, RefusesBroadcastsThatEndTooEarlyOrTooLate) {
  auto const whole = packed(
      R"(["a",{"type":2,"data":["e",{"x":[1]}],"nsp":"/"},{"rooms":["r"],"except":["s"],"flags":{}}])");
  ClusterMessage message;
  ASSERT_EQ(cluster::decode_broadcast(whole, "own", "/", message), Decoded::message);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(cluster::decode_broadcast(whole.substr(0, size), "own", "/", message), Decoded::garbage)
        << size;
  EXPECT_EQ(cluster::decode_broadcast(whole + '\xc0', "own", "/", message), Decoded::garbage);
}

TEST(RedisCodec, RefusesWhatIsNestedTooDeeplyOrClaimsWhatItDoesNotHold) {
  ClusterMessage message;
  std::string const deep =
      "\x93\xa1"
      "a\x82\xa4type\x02\xa4"
      "data" +
      std::string(100'000, '\x91');
  EXPECT_EQ(cluster::decode_broadcast(deep, "own", "/", message), Decoded::garbage);
  std::string const claims =
      "\x93\xa1"
      "a\x82\xa4type\x02\xa4"
      "data\xdd\xff\xff\xff\xff";
  EXPECT_EQ(cluster::decode_broadcast(claims, "own", "/", message), Decoded::garbage);
  EXPECT_FALSE(cluster::decode_request(std::string(100'000, '['), "/"));
  EXPECT_FALSE(cluster::decode_request("{\"type\":6,\"data\":" + std::string(100'000, '['), "/"));
}

TEST(RedisCodec, TakesRequestsInAnyOrderAndOfEarlierVersions) {
  auto const join = cluster::decode_request(R"({"rooms":["a"],"opts":{"rooms":["b"]},"x":1,"type":2})", "/n");
  ASSERT_TRUE(join.has_value());
  EXPECT_EQ(join->message.action, ClusterAction::join);
  EXPECT_EQ(join->message.nsp, "/n");
  EXPECT_EQ(join->message.rooms, (Texts{"a"}));
  EXPECT_EQ(join->message.target.rooms, (Texts{"b"}));

  auto const old = cluster::decode_request(R"({"requestId":"q","type":3,"sid":"s","room":"r"})", "/");
  ASSERT_TRUE(old.has_value());
  EXPECT_EQ(old->message.action, ClusterAction::leave);
  EXPECT_EQ(old->message.target.rooms, (Texts{"s"}));
  EXPECT_EQ(old->message.rooms, (Texts{"r"}));

  auto const ids = cluster::decode_request(R"({"requestId":"q","type":0,"rooms":["r"]})", "/");
  ASSERT_TRUE(ids.has_value());
  EXPECT_EQ(ids->message.target.rooms, (Texts{"r"}));
  EXPECT_EQ(cluster::encode_names(ids->type, ids->id, {"s"}), R"({"requestId":"q","sockets":["s"]})");
}

TEST(RedisCodec, RefusesRequestsThatAreNone) {
  std::string_view const cases[] = {
      R"({})",
      R"({"type":null})",
      R"({"type":-1,"requestId":"q"})",
      R"({"type":1.5,"requestId":"q"})",
      R"({"type":8,"requestId":"q","clientCount":1})",
      R"({"type":99,"requestId":"q"})",
      R"({"type":1})",
      R"({"type":2,"rooms":["a"]})",
      R"({"type":2,"opts":null,"rooms":["a"]})",
      R"({"type":2,"opts":{"rooms":"b"},"rooms":["a"]})",
      R"({"type":2,"opts":{},"rooms":"a"})",
      R"({"type":4,"close":true})",
      R"({"type":5,"opts":{}})",
      R"({"type":5,"requestId":"q"})",
      R"({"type":6})",
      R"({"type":6,"data":"e"})",
      R"({"type":6,"data":[]})",
      R"({"type":7,"requestId":"q","opts":{}})",
      R"({"type":7,"packet":{"type":2,"data":["e"]},"opts":{}})",
      R"({"type":7,"requestId":"q","packet":{"type":2,"data":["e"]}})",
      R"({"type":4,"opts":{}} x)",
      R"({"type":4,"opts":{})",
      "{\"type\":4,\"opts\":{},\"uid\":\"\xff\"}",
      "",
      "\xc1",
  };
  for (auto const text : cases)
    EXPECT_FALSE(cluster::decode_request(text, "/").has_value()) << text;
}

TEST(RedisCodec, RefusesResponsesThatAreNone) {
  std::string_view const without_id[] = {R"({})", R"({"requestId":null})", R"({"requestId":""})", "{", "",
                                         "\x90",  R"({"requestId":"q"}})"};
  for (auto const text : without_id)
    EXPECT_FALSE(cluster::request_of_response(text).has_value()) << text;
  std::string_view const without_body[] = {
      R"({"requestId":"q"})",
      R"({"requestId":"q","rooms":[]})",
      R"({"requestId":"q","type":8})",
      R"({"requestId":"q","type":8,"clientCount":-1})",
      R"({"requestId":"q","type":8,"clientCount":"1"})",
      R"({"requestId":"q","type":5,"sockets":[]})",
      R"({"requestId":"q","sockets":{}})",
      R"({"requestId":"q","sockets":[null]})",
      R"({"requestId":"q","sockets":[{}]})",
      R"({"requestId":"q","sockets":[{"id":"s","rooms":null}]})",
  };
  for (auto const text : without_body) {
    EXPECT_EQ(cluster::request_of_response(text), "q") << text;
    EXPECT_FALSE(cluster::decode_response(text).has_value()) << text;
  }
}

}}  // namespace redis_codec_test
