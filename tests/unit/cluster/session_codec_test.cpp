#include "cluster/session_codec.hpp"

#include <aerie/core/base64.hpp>

#include <gtest/gtest.h>

#include <string>

namespace session_codec_test { namespace {

using aerie::cluster::decode_session;
using aerie::cluster::encode_session;
using aerie::socketio::LogPosition;
using aerie::socketio::SessionRecord;

SessionRecord record() {
  return {.pid = "the pid",
          .sid = "the sid",
          .nsp = "/chat",
          .rooms = {"the sid", "room"},
          .data = aerie::Object{{"name", "Alice"}},
          .had = {1, 2},
          .seen = {3, 4},
          .stays = {{"room", {1, 3}, LogPosition{2, 0}}, {"room", {2, 5}, std::nullopt}}};
}

TEST(SessionCodec, ReadsWhatItWrites) {
  auto const read = decode_session(encode_session(record()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pid, "the pid");
  EXPECT_EQ(read->sid, "the sid");
  EXPECT_EQ(read->nsp, "/chat");
  EXPECT_EQ(read->rooms, record().rooms);
  EXPECT_EQ(read->data, record().data);
  EXPECT_EQ(read->had, (LogPosition{1, 2}));
  EXPECT_EQ(read->seen, (LogPosition{3, 4}));
  EXPECT_EQ(read->stays, record().stays);
  EXPECT_FALSE(read->is_official());
}

TEST(SessionCodec, KeepsTheEventsThatWereNotAnswered) {
  auto with_events = record();
  auto const add = [&](aerie::socketio::UnansweredEvent event) {
    with_events.unanswered.push_back(
        std::make_shared<aerie::socketio::UnansweredEvent const>(std::move(event)));
  };
  using aerie::socketio::EventPayload;
  std::vector<aerie::Value> const binary{"file", aerie::Bytes{0x00, 0xFF}};
  add({.server = "one", .request = ~0ULL, .until = 1'800'000'000'000, .payload = EventPayload({"ask", 1.5})});
  add({.server = "two",
       .request = 1,
       .until = 1,
       .compress = false,
       .payload = EventPayload(EventPayload::Form::json, "file", aerie::socketio::EncodableList(binary[1]))});
  auto const read = decode_session(encode_session(with_events));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->unanswered.size(), 2U);
  EXPECT_EQ(read->unanswered[0]->server, "one");
  EXPECT_EQ(read->unanswered[0]->request, ~0ULL);
  EXPECT_EQ(read->unanswered[0]->until, 1'800'000'000'000);
  EXPECT_TRUE(read->unanswered[0]->compress);
  EXPECT_EQ(read->unanswered[0]->payload.values(), (std::vector<aerie::Value>{"ask", 1.5}));
  EXPECT_FALSE(read->unanswered[1]->compress);
  EXPECT_EQ(read->unanswered[1]->payload.values(), binary);
  EXPECT_EQ(read->stays, record().stays);
}

TEST(SessionCodec, ReadsTheAnswersThatItWrites) {
  using aerie::socketio::ClusterResponse;
  ClusterResponse response{.type = ClusterResponse::Type::ack, .request = ~0ULL};
  response.answer = std::vector<aerie::Value>{"fine", aerie::Bytes{0x00}};
  auto const bytes = aerie::cluster::encode_answer(response);
  auto const read = aerie::cluster::decode_answer(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->type, ClusterResponse::Type::ack);
  EXPECT_EQ(read->request, response.request);
  EXPECT_EQ(read->error, aerie::AckError::none);
  EXPECT_EQ(read->answer, response.answer);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_FALSE(aerie::cluster::decode_answer(bytes.substr(0, i))) << i;
  EXPECT_FALSE(aerie::cluster::decode_answer(bytes + "x"));
  response.error = aerie::AckError::disconnected;
  EXPECT_EQ(aerie::cluster::decode_answer(aerie::cluster::encode_answer(response))->error,
            aerie::AckError::disconnected);
}

// {sid: "s", pid: "p", rooms: ["s"], data: {}} and one without data, as @msgpack/msgpack writes them.
TEST(SessionCodec, ReadsTheRecordsOfOfficialServers) {
  for (std::string const data : {"\x80", "\xC0"}) {
    auto const text = aerie::base64::encode(
        "\x84\xA3sid\xA1s\xA3pid\xA1p\xA5rooms\x91\xA1s\xA4"
        "data" +
        data);
    auto const read = decode_session(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->sid, "s");
    EXPECT_EQ(read->pid, "p");
    EXPECT_EQ(read->rooms, std::vector<std::string>{"s"});
    EXPECT_TRUE(read->is_official());
    EXPECT_TRUE(read->had.is_begin());
  }
}

TEST(SessionCodec, RefusesEverythingElse) {
  auto const whole = *aerie::base64::decode(encode_session(record()));
  for (std::size_t i = 0; i < whole.size(); ++i)
    EXPECT_FALSE(decode_session(aerie::base64::encode(whole.substr(0, i)))) << i;
  EXPECT_FALSE(decode_session(aerie::base64::encode(whole + "x")));
  for (auto const* const text : {"", "!", "gA==", "oA==", "{\"sid\":\"s\",\"pid\":\"p\"}"})
    EXPECT_FALSE(decode_session(text)) << text;
}

}}  // namespace session_codec_test
