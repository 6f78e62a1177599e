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
