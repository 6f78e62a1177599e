#include "load/websocket_frames.hpp"

#include <gtest/gtest.h>

#include <string>

namespace load { namespace {

/// A server's frame of that text, by RFC 6455 §5.2.
std::string server_frame(std::string const& text) {
  std::string frame("\x81");
  if (text.size() < 126) return frame + static_cast<char>(text.size()) + text;
  frame += '\x7e';
  frame += static_cast<char>(text.size() >> 8);
  frame += static_cast<char>(text.size() & 0xff);
  return frame + text;
}

TEST(ClientFrame, IsMaskedAndCarriesItsLength) {
  for (std::size_t const size : {0U, 1U, 125U, 126U, 65535U, 65536U}) {
    SCOPED_TRACE(size);
    auto const frame = text_frame(std::string(size, 'a'));
    auto const header = size < 126 ? 6U : size < 65536 ? 8U : 14U;
    ASSERT_EQ(frame.size(), header + size);
    EXPECT_EQ(frame[0], '\x81');
    EXPECT_NE(frame[1] & 0x80, 0);
    for (std::size_t i = 0; i < size; ++i)
      ASSERT_EQ(frame[header + i] ^ frame[header - 4 + i % 4], 'a') << i;
  }
}

TEST(ClientFrame, SaysWhatItCarries) {
  EXPECT_EQ(text_frame("a")[0], '\x81');
  EXPECT_EQ(binary_frame("a")[0], '\x82');
  EXPECT_EQ(binary_frame("a").substr(1), text_frame("a").substr(1));
  EXPECT_EQ(close_frame()[0], '\x88');
  EXPECT_EQ(pong_frame("")[0], '\x8a');
}

TEST(ServerFrame, IsTakenWholeOrNotAtAll) {
  for (std::size_t const size : {0U, 5U, 125U, 126U, 1000U}) {
    auto const bytes = server_frame(std::string(size, 'b'));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      std::string_view input = std::string_view(bytes).substr(0, cut);
      ASSERT_FALSE(take_frame(input)) << size << " bytes cut at " << cut;
      ASSERT_EQ(input.size(), cut);
    }
    auto const two = bytes + "rest";
    std::string_view input = two;
    auto const frame = take_frame(input);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 1U);
    EXPECT_EQ(frame->payload, std::string(size, 'b'));
    EXPECT_EQ(input, "rest");
  }
}

TEST(ServerFrame, SaysWhetherItIsCompressed) {
  for (bool const compressed : {false, true}) {
    auto bytes = server_frame("abc");
    if (compressed) bytes[0] = '\xc1';
    std::string_view input = bytes;
    auto const frame = take_frame(input);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 1U);
    EXPECT_EQ(frame->compressed, compressed);
  }
}

}}  // namespace load
