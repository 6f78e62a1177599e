#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/parser.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aerie::socketio { namespace {

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (char const c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
    text.push_back(digits[static_cast<unsigned char>(c) & 15U]);
  }
  return text;
}

std::string msgpack_frames(OutgoingPacket const& packet) {
  EncodedPacket encoded;
  msgpack_parser()->encode(packet, encoded);
  EXPECT_EQ(encoded.frame_count(), 1U);
  EXPECT_EQ(encoded.first().kind, FrameKind::binary);
  return hex_of(encoded.first().data);
}

template <class... Ts>
std::string msgpack_event(std::string_view nsp, Ts const&... args) {
  EncodableList const list(args...);
  return msgpack_frames({.nsp = nsp, .data = PacketData("e", list)});
}

// The bytes are those of socket.io-msgpack-parser 3.0.2, for the packets of socket.io 4.8.

TEST(MsgpackParser, WritesThePacketsOfTheOfficialServer) {
  ConnectReply const reply{"abc"};
  EXPECT_EQ(msgpack_frames({.type = PacketType::connect, .data = PacketData(EncodableRef(reply))}),
            "83a47479706500a46461746182a3736964a3616263a3706964d40000a36e7370a12f");
  EXPECT_EQ(msgpack_frames({.type = PacketType::disconnect, .nsp = "/n"}), "82a47479706501a36e7370a22f6e");
  EXPECT_EQ(msgpack_event("/"), "83a47479706502a46461746191a165a36e7370a12f");
  int const number = 1;
  EncodableList const one(number);
  OutgoingPacket asking{.id = 300, .data = PacketData("e", one)};
  EXPECT_EQ(msgpack_frames(asking), "84a47479706502a46461746192a16501a26964cd012ca36e7370a12f");
  asking.is_broadcast = true;
  EXPECT_EQ(msgpack_frames(asking), "84a47479706502a46461746192a16501a36e7370a12fa26964cd012c");
  EXPECT_EQ(msgpack_frames({.type = PacketType::ack, .id = 7, .data = PacketData(ArgsRef())}),
            "84a2696407a47479706503a46461746190a36e7370a12f");
  int const seven = 7;
  std::string const text = "x";
  std::vector<EncodableRef> const numbered{seven, text};
  EXPECT_EQ(msgpack_frames({.data = PacketData(ArgsRef(numbered))}),
            "83a47479706502a4646174619207a178a36e7370a12f");
}

TEST(MsgpackParser, WritesRefusalsOfTheServerAndOfMiddlewares) {
  Value const nothing;
  auto const more = Value::object({{"code", 7}});
  auto const refusal = [](Refusal const& why, std::string_view nsp = "/") {
    return msgpack_frames({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(why)});
  };
  EXPECT_EQ(refusal({"Invalid namespace"}, "/n"),
            "83a47479706504a36e7370a22f6ea46461746181a76d657373616765b1496e76616c6964206e616d657370616365");
  EXPECT_EQ(refusal({"no", &nothing}),
            "83a47479706504a46461746182a76d657373616765a26e6fa464617461d40000a36e7370a12f");
  EXPECT_EQ(refusal({"no", &more}),
            "83a47479706504a46461746182a76d657373616765a26e6fa46461746181a4636f646507a36e7370a12f");
}

TEST(MsgpackParser, WritesValuesAsNotepackDoes) {
  EXPECT_EQ(msgpack_event("/", nullptr, true, false, 0, -1, -33, 200, 70000, 4294967296, -2147483649, 1.5,
                          "é😀", std::string(40, 'x')),
            "83a47479706502a4646174619ea165c0c3c200ffd0dfccc8ce00011170cf0000000100000000d3ffffffff7fffffff"
            "cb3ff8000000000000a6c3a9f09f9880d928787878787878787878787878787878787878787878787878787878787878"
            "78787878787878787878a36e7370a12f");
  EXPECT_EQ(msgpack_event("/", Value(), Value::array({Value()}), Value::object({{"a", Value()}, {"b", 1}})),
            "83a47479706502a46461746194a165d4000091d4000082a161d40000a16201a36e7370a12f");
  EXPECT_EQ(msgpack_event("/", std::optional<int>()), "83a47479706502a46461746192a165d40000a36e7370a12f");
  EXPECT_EQ(msgpack_event("/", Date::from_milliseconds(0), Date::from_milliseconds(1700000000123),
                          Date::from_milliseconds(-1), Date()),
            "83a47479706502a46461746195a165d7000000000000000000d7000000018bcfe5687bd700ffffffffffffffff"
            "d7000000000000000000a36e7370a12f");
  EXPECT_EQ(msgpack_event("/", Bytes{1, 2, 3}, Value::object({{"deep", Value::array({Bytes()})}})),
            "83a47479706502a46461746193a165c40301020381a46465657091c400a36e7370a12f");
}

TEST(MsgpackParser, WritesLargeContainersAsNotepackDoes) {
  std::vector<int> numbers;
  Object members;
  for (int i = 0; i < 17; ++i) {
    numbers.push_back(i);
    members.set("k" + std::to_string(i), i);
  }
  EXPECT_EQ(
      msgpack_event("/chat", numbers, members, Object(), Array()),
      "83a47479706502a46461746195a165dc0011000102030405060708090a0b0c0d0e0f10de0011a26b3000a26b3101a26b32"
      "02a26b3303a26b3404a26b3505a26b3606a26b3707a26b3808a26b3909a36b31300aa36b31310ba36b31320ca36b31330d"
      "a36b31340ea36b31350fa36b3136108090a36e7370a52f63686174");
}

TEST(MsgpackParser, WritesEventsOfOtherServersInItsOwnDialect) {
  // An adapter for Redis carries what notepack 3 writes: a date as a timestamp.
  std::string const carried = msgpack::pack(std::vector<Value>{"e", Date::from_milliseconds(1000)});
  auto const payload = EventPayload::of_msgpack(carried);
  ASSERT_TRUE(payload);
  EXPECT_EQ(msgpack_frames({.data = PacketData(*payload)}),
            "83a47479706502a46461746192a165d70000000000000003e8a36e7370a12f");
}

/// What the parser makes of a message.
std::string read_msgpack(std::string_view message, ParserLimits const& limits = {},
                         FrameKind kind = FrameKind::binary) {
  std::unique_ptr<PartialPacket> begun;
  IncomingPacket packet;
  auto const result = msgpack_parser()->decode({kind, message}, begun, limits, packet);
  EXPECT_EQ(begun, nullptr);
  if (result.kind != ParseResult::Kind::complete) return "! " + std::string(result.why);
  return std::to_string(static_cast<int>(packet.type)) + " " + std::string(packet.nsp) + " " +
         (packet.id ? std::to_string(*packet.id) : "-") + " " +
         json::stringify(Value(packet.payload.values()));
}

/// Members in this order.
std::string message_of(std::vector<std::pair<std::string_view, Value>> const& members) {
  std::string message;
  msgpack::Writer writer(message, msgpack::Dialect::notepack_2);
  writer.begin_object(members.size());
  for (auto const& [key, value] : members) {
    writer.key(key);
    encode(writer, value);
  }
  return message;
}

TEST(MsgpackParser, ReadsMembersInAnyOrder) {
  auto const data = Value::array({"e", Value::array({1}), Bytes("x"), Value()});
  auto const expected = R"(2 /n 300 ["e",[1],{"type":"Buffer","data":[120]},null])";
  EXPECT_EQ(read_msgpack(message_of({{"type", 2}, {"data", data}, {"id", 300}, {"nsp", "/n"}})), expected);
  EXPECT_EQ(read_msgpack(message_of({{"id", 300}, {"nsp", "/n"}, {"data", data}, {"type", 2}})), expected);
  EXPECT_EQ(read_msgpack(message_of(
                {{"data", 1}, {"other", data}, {"data", data}, {"id", 300}, {"nsp", "/n"}, {"type", 2}})),
            expected)
      << "the last of one name counts, and others do not matter";
}

TEST(MsgpackParser, ReadsWhatATypeMayCarry) {
  auto const object = Value::object({{"a", 1}});
  auto const read = [](Value const& type, std::optional<Value> const& data,
                       std::optional<Value> const& id = {}) {
    std::vector<std::pair<std::string_view, Value>> members{{"type", type}, {"nsp", "/"}};
    if (data) members.emplace_back("data", *data);
    if (id) members.emplace_back("id", *id);
    return read_msgpack(message_of(members));
  };
  EXPECT_EQ(read(0, std::nullopt), "0 / - []");
  EXPECT_EQ(read(0, Value()), "0 / - []");
  EXPECT_EQ(read(0, object), "0 / - [{\"a\":1}]");
  EXPECT_EQ(read(1, std::nullopt), "1 / - []");
  EXPECT_EQ(read(2, Value::array({"e"}), Value()), "2 / - [\"e\"]");
  EXPECT_EQ(read(2, Value::array({}), 0), "2 / 0 []");
  EXPECT_EQ(read(3, Value::array({1}), 5), "3 / 5 [1]");
  EXPECT_EQ(read(4, object), "4 / - [{\"a\":1}]");
  EXPECT_EQ(read(4, "no"), "4 / - [\"no\"]");
  for (auto const& data : {Value(nullptr), Value("x"), Value(1), Value::array({}), Value(Date())})
    EXPECT_EQ(read(0, data), "! invalid payload");
  for (auto const& data : {Value(nullptr), object, Value::array({})})
    EXPECT_EQ(read(1, data), "! invalid payload");
  for (auto const& data : {Value(), Value(nullptr), object, Value("e"), Value(Bytes("x"))})
    EXPECT_EQ(read(2, data), "! invalid payload");
  EXPECT_EQ(read(2, std::nullopt), "! invalid payload");
  EXPECT_EQ(read(4, Value::array({})), "! invalid payload");
  for (auto const& type : {Value(), Value(nullptr), Value("2"), Value(5), Value(-1), Value(1.5)})
    EXPECT_EQ(read(type, Value::array({})), "! invalid packet type");
  for (auto const& id : {Value(nullptr), Value("1"), Value(-1), Value(1.5), Value::array({})})
    EXPECT_EQ(read(2, Value::array({"e"}), id), "! invalid packet id");
}

TEST(MsgpackParser, RefusesWhatIsNoPacket) {
  auto const good = message_of({{"type", 2}, {"nsp", "/"}, {"data", Value::array({"e"})}});
  EXPECT_EQ(read_msgpack(good), "2 / - [\"e\"]");
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(read_msgpack(good.substr(0, size)), "! invalid packet") << size;
  EXPECT_EQ(read_msgpack(good + "\xc0"), "! invalid packet");
  EXPECT_EQ(read_msgpack(good, {}, FrameKind::text), "! invalid packet");
  EXPECT_EQ(read_msgpack(msgpack::pack(7)), "! invalid packet");
  EXPECT_EQ(read_msgpack(message_of({})), "! invalid packet type");
  EXPECT_EQ(read_msgpack(message_of({{"type", 2}, {"data", Value::array({"e"})}})), "! invalid namespace");
  EXPECT_EQ(read_msgpack(message_of({{"type", 2}, {"nsp", 1}})), "! invalid namespace");
}

TEST(MsgpackParser, KeepsToTheDepthThatIsAllowed) {
  auto const deep = message_of({{"type", 2}, {"nsp", "/"}, {"data", Value::array({"e", Value::array({1})})}});
  EXPECT_EQ(read_msgpack(deep, {.max_depth = 2}), "2 / - [\"e\",[1]]");
  EXPECT_EQ(read_msgpack(deep, {.max_depth = 1}), "! invalid packet");
}

TEST(MsgpackParser, GivesDatesAndBytesAsWhatTheyAre) {
  std::unique_ptr<PartialPacket> begun;
  IncomingPacket packet;
  auto const message =
      message_of({{"type", 2},
                  {"nsp", "/"},
                  {"data", Value::array({"e", Date::from_milliseconds(5), Bytes("x"), "text"})}});
  ASSERT_EQ(msgpack_parser()->decode({FrameKind::binary, message}, begun, {}, packet).kind,
            ParseResult::Kind::complete);
  auto args = packet.payload;
  args.own();
  EXPECT_EQ(args.get<Date>(1).milliseconds(), 5);
  EXPECT_EQ(args.get<Bytes>(2).view(), "x");
  EXPECT_EQ(args.get<std::string>(3), "text");
  EXPECT_EQ(args[3], Value("text"));
}

}}  // namespace aerie::socketio
