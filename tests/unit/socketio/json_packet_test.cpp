#include <aerie/socketio/json_packet.hpp>

#include <gtest/gtest.h>

#include <string>

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
                                         Case{"3007[]", "3 0 / 7 []"}, Case{"51-[\"a\"]", "2 1 / - [\"a\"]"},
                                         Case{"510-/n,3[\"a\"]", "2 10 /n 3 [\"a\"]"},
                                         Case{"62-1[]", "3 2 / 1 []"},
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

}}  // namespace aerie::socketio
