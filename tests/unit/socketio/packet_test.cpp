#include <aerie/schema/codec.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/packet.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>

namespace aerie::socketio { namespace {

/// The parts of a packet, or the error, as a text.
std::string read(std::string_view text) {
  PacketHead head;
  auto const error = parse_packet(text, head);
  if (error != PacketError::none) return "! " + std::string(to_string(error));
  auto const id = head.id ? std::to_string(*head.id) : "-";
  return std::to_string(static_cast<int>(head.type)) + " " + std::to_string(head.attachments) + " " +
         std::string(head.nsp) + " " + id + " " + std::string(head.payload);
}

struct Case {
  char const* text;
  char const* parts;  // type, attachments, namespace, id, payload
};

class ParsePacket : public testing::TestWithParam<Case> {};

TEST_P(ParsePacket, TakesItApart) {
  EXPECT_EQ(read(GetParam().text), GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(Good, ParsePacket,
                         testing::Values(Case{"0", "0 0 / - "}, Case{"0{\"a\":1}", "0 0 / - {\"a\":1}"},
                                         Case{"0/chat,", "0 0 /chat - "}, Case{"0/chat", "0 0 /chat - "},
                                         Case{"0/chat,{}", "0 0 /chat - {}"},
                                         Case{"0/a?b=1,{}", "0 0 /a?b=1 - {}"}, Case{"1", "1 0 / - "},
                                         Case{"1/chat,", "1 0 /chat - "}, Case{"2[\"a\"]", "2 0 / - [\"a\"]"},
                                         Case{"20[\"a\"]", "2 0 / 0 [\"a\"]"},
                                         Case{"2/chat,12[\"a\"]", "2 0 /chat 12 [\"a\"]"},
                                         Case{"29223372036854775807[]", "2 0 / 9223372036854775807 []"},
                                         Case{"3007[]", "3 0 / 7 []"}, Case{"51-[\"a\"]", "5 1 / - [\"a\"]"},
                                         Case{"510-/n,3[\"a\"]", "5 10 /n 3 [\"a\"]"},
                                         Case{"62-1[]", "6 2 / 1 []"},
                                         Case{"4{\"message\":\"x\"}", "4 0 / - {\"message\":\"x\"}"},
                                         Case{"2/", "2 0 / - "}, Case{"2/,[\"a\"]", "2 0 / - [\"a\"]"}));

INSTANTIATE_TEST_SUITE_P(
    Bad, ParsePacket,
    testing::Values(Case{"", "! empty packet"}, Case{"7", "! unknown packet type"},
                    Case{"a", "! unknown packet type"}, Case{"/", "! unknown packet type"},
                    Case{"5", "! Illegal attachments"}, Case{"5[]", "! Illegal attachments"},
                    Case{"50-[]", "! Illegal attachments"}, Case{"51", "! Illegal attachments"},
                    Case{"51[]", "! Illegal attachments"}, Case{"5-1-[]", "! Illegal attachments"},
                    Case{"5woooot", "! Illegal attachments"}, Case{"511-[]", "! too many attachments"},
                    Case{"599999999999999999999999-[]", "! too many attachments"},
                    Case{"29223372036854775808[]", "! illegal acknowledgement id"},
                    Case{"299999999999999999999999999[]", "! illegal acknowledgement id"}));

TEST(PacketErrors, AllHaveASentence) {
  for (int i = 1; i <= static_cast<int>(PacketError::attachments_too_large); ++i)
    EXPECT_NE(to_string(static_cast<PacketError>(i)), "") << i;
}

TEST(ReservedEvents, AreTheOfficialOnes) {
  for (auto const* const name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_TRUE(is_reserved_event(name)) << name;
  for (auto const* const name : {"connection", "message", "", "Connect", "error"})
    EXPECT_FALSE(is_reserved_event(name)) << name;
}

template <class... Ts>
std::string event(std::string_view nsp, std::optional<std::uint64_t> id, Ts const&... args) {
  EncodedPacket packet{.text = "old", .attachments = {Bytes("old")}};
  encode_event(packet, nsp, id, "e", EncodableList(args...));
  for (auto const& bytes : packet.attachments)
    packet.text += " <" + std::string(bytes.view()) + ">";
  return packet.text;
}

TEST(EncodeEvent, WritesWhatTheOfficialEncoderDoes) {
  EXPECT_EQ(event("/", std::nullopt), R"(2["e"])");
  EXPECT_EQ(event("/", std::nullopt, 1, "two", true, nullptr, 1.5), R"(2["e",1,"two",true,null,1.5])");
  EXPECT_EQ(event("/chat", std::nullopt, std::string("x")), R"(2/chat,["e","x"])");
  EXPECT_EQ(event("/", 0, Value()), R"(20["e",null])");
  EXPECT_EQ(event("/chat", std::numeric_limits<std::uint64_t>::max()), R"(2/chat,18446744073709551615["e"])");
  EXPECT_EQ(event("/", std::nullopt, Value::object({{"b", 2}, {"a", Value()}})), R"(2["e",{"b":2}])");
}

TEST(EncodeEvent, PutsBytesBehindTheText) {
  EXPECT_EQ(event("/", std::nullopt, Bytes("ab")), R"(51-["e",{"_placeholder":true,"num":0}] <ab>)");
  EXPECT_EQ(event("/n", 7, Bytes(), Value::array({1, Bytes("x")})),
            R"(52-/n,7["e",{"_placeholder":true,"num":0},[1,{"_placeholder":true,"num":1}]] <> <x>)");
}

TEST(EncodeAck, WritesItsArguments) {
  EncodedPacket packet;
  encode_ack(packet, "/", 456, EncodableList());
  EXPECT_EQ(packet.text, "3456[]");
  encode_ack(packet, "/n", 456, EncodableList(1, Bytes("ab")));
  EXPECT_EQ(packet.text, R"(61-/n,456[1,{"_placeholder":true,"num":0}])");
  EXPECT_EQ(packet.attachments.size(), 1U);
}

TEST(EncodeControl, WritesConnectAndDisconnect) {
  EXPECT_EQ(encode_control(PacketType::connect, "/", "{}"), "0{}");
  EXPECT_EQ(encode_control(PacketType::connect_error, "/n", "{}"), "4/n,{}");
  EXPECT_EQ(encode_control(PacketType::disconnect, "/n"), "1/n,");
}

}}  // namespace aerie::socketio
