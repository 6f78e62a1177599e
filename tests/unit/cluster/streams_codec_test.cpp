#include "cluster/streams_codec.hpp"

#include "unit/cluster/operations.hpp"

#include <aerie/core/base64.hpp>

#include <gtest/gtest.h>

#include <variant>

namespace streams_codec_test { namespace {

using namespace aerie::cluster_test;
using aerie::cluster::decode_entry;
using aerie::cluster::Decoded;
using aerie::cluster::encode_entry;
using aerie::cluster::Entry;
using aerie::cluster::EntryFields;
using aerie::cluster::stream_of;
using aerie::redis::Reply;
using Form = EventPayload::Form;

Reply reply(std::vector<std::string> const& fields) {
  std::vector<Reply> elements;
  for (auto const& field : fields)
    elements.push_back(Reply::string(field));
  return Reply::array(std::move(elements));
}

Reply reply(EntryFields const& fields) {
  return reply(std::vector<std::string>(fields.begin(), fields.end()));
}

TEST(StreamsCodec, WritesTheFieldsOfTheOfficialAdapter) {
  auto const said_hello = said(event(Form::json, "said", "hello"), {"room1"});
  EXPECT_EQ(encode_entry("0123456789abcdef", said_hello),
            (EntryFields{"uid", "0123456789abcdef", "nsp", "/chat", "type", "3", "data",
                         R"({"packet":{"type":2,"data":["said","hello"]},)"
                         R"("opts":{"rooms":["room1"],"except":[],"flags":{}}})"}));
  EXPECT_EQ(encode_entry("me", moving(ClusterAction::join, {"a"}, {"b"}))[7],
            R"({"opts":{"rooms":["b"],"except":[],"flags":{}},"rooms":["a"]})");
  EXPECT_EQ(encode_entry("me", disconnecting(true))[5], "6");
}

TEST(StreamsCodec, WritesBinaryDataAsMessagePackInBase64) {
  auto const fields = encode_entry("me", said(event(Form::msgpack, "said", bytes("ab"))));
  auto const data = aerie::base64::decode(fields[7]);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->front(), '\x82');
  Entry entry;
  ASSERT_EQ(decode_entry(reply(fields), entry), Decoded::message);
  auto const values = std::get<ClusterMessage>(entry.message.body).payload.values();
  EXPECT_EQ(values.at(1), aerie::Value(bytes("ab")));
}

TEST(StreamsCodec, ReadsWhatItWritesWhateverTheOrderOfTheFields) {
  auto const fields = encode_entry("others", said(event(Form::json, "said", 1), {"a"}, {"b"}));
  std::vector<std::string> turned;
  for (std::size_t i = fields.size(); i > 0; i -= 2) {
    turned.push_back(fields[i - 2]);
    turned.push_back(fields[i - 1]);
  }
  Entry entry;
  ASSERT_EQ(decode_entry(reply(turned), entry), Decoded::message);
  EXPECT_EQ(entry.nsp, "/chat");
  EXPECT_EQ(entry.message.uid, "others");
  EXPECT_TRUE(entry.message.id.empty());
  auto const& message = std::get<ClusterMessage>(entry.message.body);
  EXPECT_EQ(message.target.rooms, Texts{"a"});
  EXPECT_EQ(message.target.except, Texts{"b"});
}

TEST(StreamsCodec, RefusesWhatIsNoMessage) {
  std::string const good = R"({"packet":{"type":2,"data":["a"]},"opts":{"rooms":[],"except":[]}})";
  struct {
    std::vector<std::string> fields;
    Decoded result;
  } const cases[] = {
      {{"uid", "a", "nsp", "/", "type", "3", "data", good}, Decoded::message},
      {{}, Decoded::foreign},
      {{"uid", "a", "type", "3", "data", good}, Decoded::foreign},
      {{"uid", "a", "nsp", "/", "type", "", "data", good}, Decoded::foreign},
      {{"uid", "a", "nsp", "/", "type", "0", "data", good}, Decoded::foreign},
      {{"uid", "a", "nsp", "/", "type", "14", "data", good}, Decoded::foreign},
      {{"uid", "a", "nsp", "/", "type", "3x", "data", good}, Decoded::foreign},
      {{"uid", "a", "nsp", "/", "type", "3", "data"}, Decoded::garbage},
      {{"uid", "a", "nsp", "/", "type", "3", "data", "{"}, Decoded::garbage},
      {{"uid", "a", "nsp", "/", "type", "3", "data", good + "}"}, Decoded::garbage},
      {{"uid", "a", "nsp", "/", "type", "3", "data", R"({"packet":{"type":2,"data":["a"]}})"},
       Decoded::garbage},
      {{"uid", "a", "nsp", "/", "type", "3", "data", "!!!"}, Decoded::garbage},
      {{"uid", "\xFF", "nsp", "/", "type", "3", "data", good}, Decoded::garbage},
      {{"uid", "a", "nsp", "/\xC3", "type", "3", "data", good}, Decoded::garbage},
  };
  for (auto const& each : cases) {
    Entry entry;
    EXPECT_EQ(decode_entry(reply(each.fields), entry), each.result)
        << (each.fields.empty() ? "nothing" : each.fields.back());
  }
  Entry entry;
  EXPECT_EQ(decode_entry(Reply::integer(1), entry), Decoded::foreign);
}

// The numbers are those of `hashCode` in JavaScript, the negative ones too.
TEST(StreamsCodec, FindsTheStreamOfANamespace) {
  EXPECT_EQ(stream_of("/chat", "socket.io", 1), "socket.io");
  EXPECT_EQ(stream_of("/", "socket.io", 4), "socket.io-3");
  EXPECT_EQ(stream_of("/orders", "socket.io", 4), "socket.io-0");
  EXPECT_EQ(stream_of("/news-of-the-day", "socket.io", 7), "socket.io--5");
  EXPECT_EQ(stream_of("/\xC3\xA9\xF0\x9F\x98\x80", "socket.io", 7), "socket.io-1");
}

}}  // namespace streams_codec_test
