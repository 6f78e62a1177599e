#include "unit/support/read_packets.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/engineio/packet_v3.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::engineio { namespace {

using namespace std::string_literals;
using Form = protocol3::PayloadDecoder::Form;

std::string read_v3(std::string_view payload, Form form) {
  return aerie::test::shown(aerie::test::read_packets(protocol3::PayloadDecoder(payload, form)));
}

struct PayloadRow {
  std::string bytes;
  std::string packets;
};

TEST(PayloadOfProtocol3, ReadsAsTextCountedInUtf16CodeUnits) {
  PayloadRow const table[] = {
      {"6:4hello", "4hello"},
      {"1:2", "2"},
      {"6:2probe", "2probe"},
      {"2:4a1:22:4b", "4a 2 4b"},
      {"2:4\xc3\xa9", "4\xc3\xa9"},
      {"2:4\xe4\xb8\xad"
       "1:3",
       "4\xe4\xb8\xad 3"},
      {"3:4\xf0\x9f\x98\x80"
       "1:3",
       "4\xf0\x9f\x98\x80 3"},
      {"4:4\xf0\x9f\x98\x80"
       "a1:3",
       "4\xf0\x9f\x98\x80"
       "a 3"},
      {"5:4a:1:", "4a:1:"},
      {"10:b4AQIDBA==", "4<\1\2\3\4>"},
      {"2:b4", "4<>"},
      {"4:b4AQ2:4a", "4<\1> 4a"},
      {"0:", ""},
      {"0:2:4a0:", "4a"},
      {"06:4hello", "4hello"},
      // What is none:
      {"", "!"},
      {":", "!"},
      {"4hello", "!"},
      {"abc", "!"},
      {"5:4hello", "4hell !"},
      {"7:4hello", "!"},
      {"2:4\xf0\x9f\x98\x80", "!"},
      {"2:4a2", "4a !"},
      {"2:4a:", "4a !"},
      {"-1:4", "!"},
      {" 1:2", "!"},
      {"1e0:2", "!"},
      {"1:7", "!"},
      {"1:b", "!"},
      {"2:b7", "!"},
      {"2:bb", "!"},
      {"99999999999999999999999999:4", "!"},
      {"18446744073709551616:4", "!"},
      {"18446744073709551615:4", "!"},
      {std::string(100'000, '1'), "!"},
  };
  for (auto const& [bytes, packets] : table)
    EXPECT_EQ(read_v3(bytes, Form::text), packets) << bytes.substr(0, 100);
}

TEST(PayloadOfProtocol3, ReadsAsFramesCountedInBytes) {
  PayloadRow const table[] = {
      {"", ""},
      {"\0\6\xff"
       "4hello"s,
       "4hello"},
      {"\0\6\xff"
       "4hello\1\5\xff\4\1\2\3\4"s,
       "4hello 4<\1\2\3\4>"},
      {"\0\3\xff"
       "4\xc3\xa9"s,
       "4\xc3\xa9"},
      {"\1\1\xff\4"s, "4<>"},
      {"\1\1\2\xff\4"
       "0123456789a"s,
       "4<0123456789a>"},
      {"\0\1\0\xff"
       "b4AQIDBA=="s,
       "4<\1\2\3\4>"},
      {"\1\2\xff\4\xff"s, "4<\xff>"},
      {"\0\0\1\xff"
       "2"s,
       "2"},
      // What is none:
      {"\0"s, "!"},
      {"\0\xff"s, "!"},
      {"\0\6"s, "!"},
      {"\0\6\xff"
       "4hell"s,
       "!"},
      {"\1\5\xff\4\1\2\3"s, "!"},
      {"\2\1\xff"
       "2"s,
       "!"},
      {"6:4hello", "!"},
      {"\0\x0a\xff"
       "4hello6789"s,
       "!"},
      {"\0\0\xff"s, "!"},
      {"\1\0\xff"s, "!"},
      {"\1\1\xff\7"s, "!"},
      {"\1\1\xff"
       "4"s,
       "!"},
      {"\0\2\xff"
       "4\xff"s,
       "!"},
      {"\0\4\xff"
       "4\xed\xa0\x80"s,
       "!"},
      {"\0\1\xff"
       "2\0"s,
       "2 !"},
      {std::string(100'000, '\1'), "!"},
      {"\0" + std::string(19, '\x09') +
           "\xff"
           "4"s,
       "!"},
  };
  for (auto const& [bytes, packets] : table)
    EXPECT_EQ(read_v3(bytes, Form::binary), packets) << base64::encode(bytes.substr(0, 100));
}

TEST(PayloadOfProtocol3, IsWalkedThroughWithoutRecursion) {
  std::string text;
  std::string binary;
  for (int i = 0; i < 100'000; ++i) {
    text += "1:2";
    binary +=
        "\0\1\xff"
        "2"s;
  }
  for (auto const form : {Form::text, Form::binary}) {
    protocol3::PayloadDecoder decoder(form == Form::text ? text : binary, form);
    Packet packet;
    std::size_t count = 0;
    while (decoder.next(packet) == PayloadDecoder::Result::packet)
      ++count;
    EXPECT_EQ(count, 100'000U);
  }
}

TEST(PayloadOfProtocol3, IsWrittenInBothForms) {
  std::string const texts[] = {"hello", "", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "a:1"};
  std::string const bytes[] = {"\1\2\3"s, "", "\xff\0"s, std::string(1000, '\4')};
  std::string text_form;
  std::string binary_form;
  std::string expected;
  for (auto const& text : texts) {
    protocol3::append_packet(text_form, PacketType::message, text);
    protocol3::append_packet_framed(binary_form, PacketType::message, text);
    expected += "4" + text + " ";
  }
  for (auto const& each : bytes) {
    protocol3::append_base64(text_form, each);
    protocol3::append_binary_framed(binary_form, each);
    expected += "4<" + each + "> ";
  }
  expected.pop_back();
  EXPECT_EQ(read_v3(text_form, Form::text), expected);
  EXPECT_EQ(read_v3(binary_form, Form::binary), expected);
  EXPECT_TRUE(
      text_form.starts_with("6:4hello1:42:4\xc3\xa9"
                            "2:4\xe4\xb8\xad"
                            "3:4\xf0\x9f\x98\x80"
                            "4:4a:1"
                            "6:b4AQID"))
      << text_form;
  EXPECT_TRUE(
      binary_form.starts_with("\0\6\xff"
                              "4hello\0\1\xff"
                              "4\0\3\xff"
                              "4\xc3\xa9"s));
}

TEST(PacketOfProtocol3, HasItsTypeBeforeItsBytes) {
  Packet packet;
  auto const message = "\4\1\2"s;
  ASSERT_TRUE(protocol3::decode_binary_packet(message, packet));
  EXPECT_EQ(packet.type, PacketType::message);
  EXPECT_TRUE(packet.binary);
  EXPECT_EQ(packet.data, "\1\2");
  for (auto const& bytes : {""s, "\7"s, "4hello"s, "\xff"s})
    EXPECT_FALSE(protocol3::decode_binary_packet(bytes, packet)) << base64::encode(bytes);
}

}}  // namespace aerie::engineio
