// What a message is part of, in the formats of the cluster.

#include "cluster/redis_codec.hpp"
#include "cluster/sharded_codec.hpp"
#include "unit/support/collected_spans.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/schema/value.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace aerie::cluster { namespace {

using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::EventPayload;
using socketio::MessageTrace;

ClusterMessage event(bool traced) {
  ClusterMessage message{.nsp = "/"};
  message.payload = *EventPayload::of_json(R"(["e",1])");
  if (traced) {
    message.trace = std::make_shared<MessageTrace const>(
        MessageTrace{.context = *TraceContext::parse(test::example_trace, "a=1")});
  }
  return message;
}

void expect_same(std::shared_ptr<MessageTrace const> const& trace) {
  ASSERT_NE(trace, nullptr);
  EXPECT_EQ(trace->context.traceparent(), test::example_trace);
  EXPECT_EQ(trace->context.state, "a=1");
}

TEST(TraceOfAMessage, IsAFlagOfTheRedisAdapter) {
  ClusterMessage read;
  ASSERT_EQ(decode_broadcast(encode_broadcast("a", event(true)), "b", "/", read), Decoded::message);
  expect_same(read.trace);
  EXPECT_EQ(read.payload.event(), "e");
}

TEST(TraceOfAMessage, IsAFlagOfARequestOfTheRedisAdapter) {
  auto message = event(true);
  message.request = 7;
  auto const read = decode_request(encode_request("a", "id", message), "/");
  ASSERT_TRUE(read);
  expect_same(read->message.trace);
}

TEST(TraceOfAMessage, IsAFlagOfTheShardedAdapter) {
  for (auto const action : {ClusterAction::broadcast, ClusterAction::join, ClusterAction::leave,
                            ClusterAction::disconnect, ClusterAction::server_side}) {
    auto message = event(true);
    message.action = action;
    ShardedMessage read{.type = sharded_type(action), .uid = "a"};
    ASSERT_EQ(decode_sharded_data(encode_sharded_data(message), "/", read), Decoded::message)
        << static_cast<int>(action);
    ASSERT_TRUE(std::holds_alternative<ClusterMessage>(read.body)) << static_cast<int>(action);
    expect_same(std::get<ClusterMessage>(read.body).trace);
  }
}

ClusterMessage server_side_event(bool traced) {
  auto message = event(traced);
  message.action = ClusterAction::server_side;
  return message;
}

TEST(TraceOfAMessage, IsBesideWhatServersTellEachOther) {
  for (std::string const id : {"", "0123456789abcdef"}) {
    auto const redis = encode_request("a", id, server_side_event(true));
    EXPECT_NE(redis.find(R"("opts":{"flags":{"traceparent":")"), std::string::npos) << redis;
    auto const request = decode_request(redis, "/");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->message.action, ClusterAction::server_side);
    EXPECT_EQ(request->message.payload.event(), "e");
    EXPECT_EQ(request->id, id);
    expect_same(request->message.trace);
    for (auto const form : {ShardedForm::as_needed, ShardedForm::msgpack}) {
      ShardedMessage read;
      ASSERT_EQ(decode_sharded(encode_sharded("a", id, server_side_event(true), form), "b", "/", read),
                Decoded::message);
      EXPECT_EQ(read.id, id);
      ASSERT_TRUE(std::holds_alternative<ClusterMessage>(read.body));
      EXPECT_EQ(std::get<ClusterMessage>(read.body).payload.event(), "e");
      expect_same(std::get<ClusterMessage>(read.body).trace);
    }
  }
}

TEST(TraceOfAMessage, ChangesNoByteWhereThereIsNone) {
  auto const plain = encode_broadcast("a", event(false));
  EXPECT_EQ(plain.find("trace"), std::string::npos);
  ClusterMessage read;
  ASSERT_EQ(decode_broadcast(plain, "b", "/", read), Decoded::message);
  EXPECT_EQ(read.trace, nullptr);
  EXPECT_EQ(encode_request("a", "", server_side_event(false)), R"({"uid":"a","type":6,"data":["e",1]})");
}

TEST(TraceOfAMessage, ThatIsNoneIsNotBelieved) {
  for (std::string const flags :
       {R"({"traceparent":"nonsense"})", R"({"traceparent":7})", R"({"traceparent":null})",
        R"({"tracestate":"a=1"})", R"({"traceparent":{"a":[1]}})"}) {
    Value value;
    ASSERT_TRUE(json::parse(
        R"(["a",{"type":2,"data":["e"],"nsp":"/"},{"rooms":[],"except":[],"flags":)" + flags + "}]", value));
    ClusterMessage read;
    ASSERT_EQ(decode_broadcast(msgpack::pack(value), "b", "/", read), Decoded::message) << flags;
    EXPECT_EQ(read.trace, nullptr) << flags;
  }
}

}}  // namespace aerie::cluster
