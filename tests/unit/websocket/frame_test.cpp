#include "frames.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace {

using namespace aerie::websocket;

std::string encoded(Opcode opcode, std::uint64_t size, FrameFlags flags = {}) {
  char out[max_unmasked_header_size];
  return {out, encode_header(out, opcode, size, flags)};
}

TEST(Frame, EncodesHeadersInTheShortestForm) {
  for (std::uint64_t const size : {0ull, 1ull, 125ull, 126ull, 65535ull, 65536ull, 0x0102030405060708ull}) {
    EXPECT_EQ(encoded(Opcode::text, size), test::header(0x81, size, false)) << size;
    EXPECT_EQ(encoded(Opcode::text, size).size(), header_size(size)) << size;
  }
}

TEST(Frame, EncodesOpcodesAndFlags) {
  EXPECT_EQ(encoded(Opcode::binary, 1), "\x82\x01");
  EXPECT_EQ(encoded(Opcode::continuation, 1, {.final = false}), std::string("\0\x01", 2));
  EXPECT_EQ(encoded(Opcode::text, 1, {.final = false, .compressed = true}), "\x41\x01");
  EXPECT_EQ(encoded(Opcode::close, 2), "\x88\x02");
}

TEST(Frame, EncodesWhatADecoderReads) {
  for (std::size_t const size : {0u, 1u, 5u, 126u, 70'000u}) {
    std::string payload(size, 'x');
    char head[max_header_size];
    auto bytes = std::string(head, encode_masked_header(head, Opcode::text, size, 0xDEADBEEF));
    auto masked = payload;
    apply_mask(masked, 0xDEADBEEF);
    EXPECT_EQ(test::decode(bytes + masked), std::vector{test::seen_text(payload)}) << size;
    EXPECT_EQ(test::decode(encoded(Opcode::text, size) + payload, {.role = Role::client}),
              std::vector{test::seen_text(payload)});
  }
}

TEST(Frame, MasksEveryLengthAtEveryAlignmentAsTheRuleSays) {
  char const key[] = {'\x37', '\xfa', '\x21', '\x3d'};
  Mask mask;
  std::memcpy(&mask, key, sizeof mask);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    for (std::size_t size = 0; size < 100; ++size) {
      std::string buffer(offset + size + 1, '\0');
      std::iota(buffer.begin(), buffer.end(), '\0');
      auto expected = buffer;
      for (std::size_t i = 0; i < size; ++i)
        expected[offset + i] = static_cast<char>(expected[offset + i] ^ key[i % 4]);
      apply_mask(std::span(buffer).subspan(offset, size), mask);
      ASSERT_EQ(buffer, expected) << offset << " " << size;
    }
  }
}

TEST(Frame, ContinuesAMaskWhereItStopped) {
  std::string const whole = "a payload that is masked in three parts, each of its own length";
  auto at_once = whole;
  apply_mask(at_once, 0x12345678);
  for (std::size_t first = 0; first < 20; ++first) {
    auto in_parts = whole;
    auto mask = apply_mask(std::span(in_parts).first(first), 0x12345678);
    mask = apply_mask(std::span(in_parts).subspan(first, 13), mask);
    apply_mask(std::span(in_parts).subspan(first + 13), mask);
    EXPECT_EQ(in_parts, at_once) << first;
  }
}

std::string close_payload(CloseCode code, std::string_view reason) {
  char out[max_control_payload];
  return {out, encode_close_payload(out, code, reason)};
}

TEST(Frame, EncodesClosePayloads) {
  EXPECT_EQ(close_payload(CloseCode::no_status, "dropped"), "");
  EXPECT_EQ(close_payload(CloseCode::normal, ""), "\x03\xe8");
  EXPECT_EQ(close_payload(CloseCode(4999), "bye"),
            "\x13\x87"
            "bye");
}

TEST(Frame, CutsALongCloseReasonBetweenCharacters) {
  auto const reason = std::string(122, 'x') + "\xe2\x82\xac";
  EXPECT_EQ(close_payload(CloseCode::normal, reason), "\x03\xe8" + std::string(122, 'x'));
  EXPECT_EQ(close_payload(CloseCode::normal, std::string(123, 'x')).size(), max_control_payload);
  EXPECT_EQ(close_payload(CloseCode::normal, std::string(300, '\x80')), "\x03\xe8");
}

TEST(Frame, ReadsBackTheClosePayloadsItWrites) {
  for (unsigned code = 0; code <= 0xFFFF; ++code) {
    auto const body = test::close_body(code, "why");
    auto const parsed = parse_close_payload(body);
    EXPECT_EQ(parsed.error == Error::none, may_be_sent(CloseCode(code))) << code;
    if (parsed.error != Error::none) continue;
    EXPECT_EQ(static_cast<unsigned>(parsed.code), code);
    EXPECT_EQ(parsed.reason, "why");
  }
}

}  // namespace
