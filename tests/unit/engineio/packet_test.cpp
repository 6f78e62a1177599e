#include "unit/support/read_packets.hpp"

#include <aerie/engineio/packet.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::engineio { namespace {

using namespace std::string_literals;

struct Text {
  std::string text;
  char type;
  std::string data;
};

class GoodPacket : public testing::TestWithParam<Text> {};

TEST_P(GoodPacket, IsItsTypeAndItsData) {
  Packet packet;
  ASSERT_TRUE(decode_packet(GetParam().text, packet));
  EXPECT_EQ(static_cast<char>(packet.type), GetParam().type);
  EXPECT_EQ(packet.data, GetParam().data);
  EXPECT_FALSE(packet.binary);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodPacket,
    testing::Values(Text{"0{}", '0', "{}"}, Text{"1", '1', ""}, Text{"2probe", '2', "probe"},
                    Text{"3", '3', ""}, Text{"4hello", '4', "hello"}, Text{"4", '4', ""},
                    Text{"44", '4', "4"}, Text{"4\xf0\x9f\x98\x80", '4', "\xf0\x9f\x98\x80"},
                    Text{"4a\0b"s, '4', "a\0b"s}, Text{"5", '5', ""}, Text{"6", '6', ""}));

TEST(DecodePacket, RefusesWhatDoesNotBeginWithAPacketType) {
  Packet packet;
  for (auto const* const text : {"", "7", "/", "a", "abc", " 4", "b", "-1", "\xff"})
    EXPECT_FALSE(decode_packet(text, packet)) << '"' << text << '"';
}

std::string read(std::string_view payload) {
  return aerie::test::shown(aerie::test::read_packets(PayloadDecoder(payload)));
}

struct Payload {
  std::string bytes;
  std::string packets;
};

class PayloadOf : public testing::TestWithParam<Payload> {};

TEST_P(PayloadOf, ReadsAs) {
  EXPECT_EQ(read(GetParam().bytes), GetParam().packets);
}

INSTANTIATE_TEST_SUITE_P(All, PayloadOf,
                         testing::Values(Payload{"4hello", "4hello"},
                                         Payload{"4a\x1e"
                                                 "2\x1e"
                                                 "4b",
                                                 "4a 2 4b"},
                                         Payload{"bAQIDBA==", "4<\1\2\3\4>"},
                                         Payload{"4a\x1e"
                                                 "bYWI=\x1e"
                                                 "4c",
                                                 "4a 4<ab> 4c"},
                                         Payload{"b", "4<>"}, Payload{"", "!"}, Payload{"\x1e", "!"},
                                         Payload{"4a\x1e", "4a !"},
                                         Payload{"4a\x1e\x1e"
                                                 "4b",
                                                 "4a !"},
                                         Payload{"4a\x1e"
                                                 "abc",
                                                 "4a !"},
                                         Payload{"b====", "4<>"}, Payload{"b*", "4<>"},
                                         Payload{"bAQID\nBA==\n", "4<\1\2\3\4>"},
                                         Payload{"bAQIDBA\x1e"
                                                 "4b",
                                                 "4<\1\2\3\4> 4b"},
                                         Payload{"c4hi", "!"},
                                         Payload{"4a\x1e"
                                                 "9\x1e"
                                                 "4b",
                                                 "4a !"}));

TEST(PayloadDecoder, WalksThroughAHundredThousandPacketsWithoutRecursion) {
  std::string payload = "4";
  for (int i = 0; i < 100'000; ++i)
    payload +=
        "\x1e"
        "4";
  auto const read = aerie::test::read_packets(PayloadDecoder(payload));
  EXPECT_TRUE(read.whole);
  EXPECT_EQ(read.packets.size(), 100'001U);
}

TEST(PayloadDecoder, ReadsWhatWasAppended) {
  std::string payload;
  append_packet(payload, PacketType::message, "one");
  append_binary(payload, "two");
  append_packet(payload, PacketType::noop, "");
  EXPECT_EQ(payload,
            "4one\x1e"
            "bdHdv\x1e"
            "6");
  EXPECT_EQ(read(payload), "4one 4<two> 6");
}

}}  // namespace aerie::engineio
