#include <aerie/schema/codec.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/json_parser.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace aerie::socketio { namespace {

std::string json_frames(OutgoingPacket const& packet) {
  EncodedPacket encoded;
  encoded.begin(FrameKind::binary) = "old";
  encoded.add(FrameKind::binary, Bytes("old"));
  json_parser()->encode(packet, encoded);
  std::string all;
  encoded.each([&](Frame const& frame) {
    all += frame.kind == FrameKind::text ? std::string(frame.data) : " <" + std::string(frame.data) + ">";
  });
  return all;
}

template <class... Ts>
std::string json_event(std::string_view nsp, std::optional<std::uint64_t> id, Ts const&... args) {
  EncodableList const list(args...);
  return json_frames({.nsp = nsp, .id = id, .data = PacketData("e", list)});
}

TEST(JsonParser, WritesEventsAsTheOfficialEncoderDoes) {
  EXPECT_EQ(json_event("/", std::nullopt), R"(2["e"])");
  EXPECT_EQ(json_event("/", std::nullopt, 1, "two", true, nullptr, 1.5), R"(2["e",1,"two",true,null,1.5])");
  EXPECT_EQ(json_event("/chat", std::nullopt, std::string("x")), R"(2/chat,["e","x"])");
  EXPECT_EQ(json_event("/", 0, Value()), R"(20["e",null])");
  EXPECT_EQ(json_event("/chat", std::numeric_limits<std::uint64_t>::max()),
            R"(2/chat,18446744073709551615["e"])");
  EXPECT_EQ(json_event("/", std::nullopt, Value::object({{"b", 2}, {"a", Value()}})), R"(2["e",{"b":2}])");
}

TEST(JsonParser, PutsBytesBehindTheText) {
  EXPECT_EQ(json_event("/", std::nullopt, Bytes("ab")), R"(51-["e",{"_placeholder":true,"num":0}] <ab>)");
  EXPECT_EQ(json_event("/n", 7, Bytes(), Value::array({1, Bytes("x")})),
            R"(52-/n,7["e",{"_placeholder":true,"num":0},[1,{"_placeholder":true,"num":1}]] <> <x>)");
}

TEST(JsonParser, WritesAcknowledgements) {
  auto const ack = [](std::string_view nsp, ArgsRef args) {
    return json_frames({.type = PacketType::ack, .nsp = nsp, .id = 456, .data = PacketData(args)});
  };
  EXPECT_EQ(ack("/", EncodableList()), "3456[]");
  EXPECT_EQ(ack("/n", EncodableList(1, Bytes("ab"))), R"(61-/n,456[1,{"_placeholder":true,"num":0}] <ab>)");
}

TEST(JsonParser, WritesComingAndGoing) {
  ConnectReply const reply{"abc"};
  Value const data(7);
  Refusal const plain{"no \"entry\""};
  Refusal const more{"no", &data};
  EXPECT_EQ(json_frames({.type = PacketType::connect, .data = PacketData(EncodableRef(reply))}),
            R"(0{"sid":"abc"})");
  EXPECT_EQ(json_frames({.type = PacketType::connect_error, .nsp = "/n", .data = PacketData(plain)}),
            R"(4/n,{"message":"no \"entry\""})");
  EXPECT_EQ(json_frames({.type = PacketType::connect_error, .data = PacketData(more)}),
            R"(4{"message":"no","data":7})");
  EXPECT_EQ(json_frames({.type = PacketType::disconnect, .nsp = "/n"}), "1/n,");
}

/// What a parser makes of frames, each with "t" or "b" in front.
std::string read_frames(std::vector<std::string> const& frames, ParserLimits const& limits = {}) {
  std::unique_ptr<PartialPacket> begun;
  std::string all;
  for (auto const& frame : frames) {
    IncomingPacket packet;
    auto const kind = frame.front() == 't' ? FrameKind::text : FrameKind::binary;
    auto data = frame.substr(1);
    auto const result = json_parser()->decode({kind, data}, begun, limits, packet);
    if (result.kind == ParseResult::Kind::malformed) return all + "! " + std::string(result.why);
    EXPECT_EQ(begun != nullptr, result.kind == ParseResult::Kind::incomplete);
    if (begun) continue;
    // What is put together of several frames needs none of them.
    if (packet.whole) data.assign(data.size(), '?');
    all += std::to_string(static_cast<int>(packet.type)) + " " + std::string(packet.nsp) + " " +
           (packet.id ? std::to_string(*packet.id) : "-");
    if (frames.size() == 1 || packet.whole) all += " " + json::stringify(Value(packet.payload.values()));
    all += ";";
  }
  return all;
}

TEST(JsonParser, ReadsWhatATypeMayCarry) {
  struct {
    char const* frame;
    char const* read;
  } const table[] = {
      {"t2[\"a\",1]", "2 / - [\"a\",1];"},
      {"t2", "2 / - [];"},
      {"t2[1,2]", "2 / - [1,2];"},
      {"t2/n,12[\"a\"] ", "2 /n 12 [\"a\"];"},
      {"t2[\"a\",{\"_placeholder\":true,\"num\":0}]", "2 / - [\"a\",{\"_placeholder\":true,\"num\":0}];"},
      {"t2[]", "! invalid payload"},
      {"t2null", "! invalid payload"},
      {"t2 [\"a\"]", "! invalid payload"},
      {"t2[\"a\"]x", "! invalid payload"},
      {"t2{}", "! invalid payload"},
      {"t31[]", "3 / 1 [];"},
      {"t3abc", "! invalid payload"},
      {"t3", "! invalid payload"},
      {"t0", "0 / - [];"},
      {"t0/n,{\"a\":1}", "0 /n - [{\"a\":1}];"},
      {"t0[]", "! invalid payload"},
      {"t0null", "! invalid payload"},
      {"t0{\"a\":}", "! invalid payload"},
      {"t1/n,", "1 /n - [];"},
      {"t1{}", "! invalid payload"},
      {"t4\"no\"", "4 / - [\"no\"];"},
      {"t47", "4 / 7 [];"},
      {"t4[]", "! invalid payload"},
      {"t7", "! unknown packet type"},
      {"t", "! empty packet"},
      {"bx", "! got binary data when not reconstructing a packet"},
  };
  for (auto const& [frame, expected] : table)
    EXPECT_EQ(read_frames({frame}), expected) << frame;
}

TEST(JsonParser, PutsAPacketTogetherOfItsFrames) {
  auto const event = R"(t52-/n,7["e",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])";
  EXPECT_EQ(read_frames({event, "bab", "bc"}),
            R"(2 /n 7 ["e",{"type":"Buffer","data":[99]},{"type":"Buffer","data":[97,98]}];)");
  EXPECT_EQ(read_frames({R"(t61-3[{"_placeholder":true,"num":0}])", "ba", "t1"}),
            R"(3 / 3 [{"type":"Buffer","data":[97]}];1 / -;)");
  EXPECT_EQ(read_frames({event, "bab", "t1"}), "! got plaintext data when reconstructing a packet");
  EXPECT_EQ(read_frames({R"(t51-["e",{"_placeholder":true,"num":1}])", "ba"}), "! illegal attachments");
  EXPECT_EQ(read_frames({R"(t51-)", "ba"}), "! invalid payload");
}

TEST(JsonParser, KeepsToItsLimits) {
  EXPECT_EQ(read_frames({"t53-[\"e\"]"}, {.max_attachments = 2}), "! too many attachments");
  EXPECT_EQ(read_frames({"t52-[\"e\"]", "babc", "bde"}, {.max_attachments_size = 4}),
            "! the attachments of a packet are too large together");
  EXPECT_EQ(read_frames({"t2[[[\"e\"]]]"}, {.max_depth = 2}), "! invalid payload");
  EXPECT_EQ(read_frames({"t0{\"a\":[[]]}"}, {.max_depth = 2}), "! invalid payload");
}

TEST(JsonParser, SaysWhatItHoldsOfAPacket) {
  std::unique_ptr<PartialPacket> begun;
  IncomingPacket packet;
  json_parser()->decode({FrameKind::text, "52-[\"e\"]"}, begun, {}, packet);
  auto const before = begun->memory();
  json_parser()->decode({FrameKind::binary, std::string(1000, 'x')}, begun, {}, packet);
  EXPECT_GE(begun->memory(), before + 1000);
}

TEST(JsonParser, ShowsThePayloadThatItHasWritten) {
  auto const payload = [](std::string_view nsp, ArgsRef args) {
    EncodedPacket encoded;
    json_parser()->encode({.nsp = nsp, .id = 7, .data = PacketData("e", args)}, encoded);
    return std::string(json_parser()->json_payload(encoded, nsp));
  };
  EXPECT_EQ(payload("/", EncodableList(1)), "[\"e\",1]");
  EXPECT_EQ(payload("/a[b", EncodableList(1)), "[\"e\",1]");
  EXPECT_EQ(payload("/", EncodableList(Bytes("x"))), "");
}

}}  // namespace aerie::socketio
