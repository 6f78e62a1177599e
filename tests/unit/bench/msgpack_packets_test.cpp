#include "load/msgpack_packets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace load { namespace {

using namespace std::string_literals;

// What notepack.io gives, which socket.io-msgpack-parser uses.
TEST(MsgpackPackets, AreThoseOfTheOfficialParser) {
  EXPECT_EQ(msgpack_connect("t"),
            "\x83\xa4type\x00\xa4"
            "data\x81\xa5token\xa1t\xa3nsp\xa1/"s);
  EXPECT_EQ(msgpack_event("echo", "hi", 5),
            "\x84\xa4type\x02\xa4"
            "data\x92\xa4"
            "echo\xa2hi\xa2id\x05\xa3nsp\xa1/"s);
  EXPECT_EQ(msgpack_ack("hi", 5),
            "\x84\xa2id\x05\xa4type\x03\xa4"
            "data\x91\xa2hi\xa3nsp\xa1/"s);
}

TEST(MsgpackPackets, SayTheLengthOfATextAsShortlyAsTheyCan) {
  auto const around = msgpack_ack("", 1).size();
  EXPECT_EQ(msgpack_ack(std::string(31, 'x'), 1).size(), around + 31);
  EXPECT_EQ(msgpack_ack(std::string(32, 'x'), 1).size(), around + 1 + 32);
  EXPECT_EQ(msgpack_ack(std::string(255, 'x'), 1).size(), around + 1 + 255);
  EXPECT_EQ(msgpack_ack(std::string(256, 'x'), 1).size(), around + 2 + 256);
  EXPECT_NE(msgpack_ack(std::string(256, 'x'), 1).find("\xda\x01\x00"s), std::string::npos);
}

TEST(MsgpackPackets, AreKnownByTheirId) {
  EXPECT_EQ(msgpack_ack_id(msgpack_ack("hi", 7)), 7U);
  EXPECT_EQ(msgpack_ack_id(msgpack_event("echo", "hi", 7)), std::nullopt);
  EXPECT_EQ(msgpack_ack_id(msgpack_ack("hi", 7).substr(0, 4)), std::nullopt);
  EXPECT_EQ(msgpack_ack_id(""), std::nullopt);
}

}}  // namespace load
