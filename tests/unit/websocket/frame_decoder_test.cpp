#include "frames.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace std::string_literals;
using namespace aerie::websocket;
using namespace aerie::websocket::test;
using Kind = FrameEvent::Kind;
using Events = std::vector<Seen>;

static_assert(sizeof(FrameDecoder) <= 40, "every connection holds one");

// The same table for all that a client may not send; each line is read whole and byte by byte.
struct BadInput {
  std::string what;
  std::string bytes;
  Error error;
  unsigned code;
};

std::vector<BadInput> bad_inputs() {
  std::vector<BadInput> all{
      {"F1 unmasked", wire({.payload = "hi", .masked = false}), Error::missing_mask, 1002},
      {"F2 RSV1 without extension", wire({.first = 0xC1, .payload = "hi"}), Error::unexpected_compression,
       1002},
      {"F3 RSV2", wire({.first = 0xA1, .payload = "hi"}), Error::reserved_bits, 1002},
      {"F3 RSV3", wire({.first = 0x91, .payload = "hi"}), Error::reserved_bits, 1002},
      {"CVE-2022-21676 RSV2 and RSV3", "test", Error::reserved_bits, 1002},
      {"F6 continuation first", wire({.first = 0x80, .payload = "hi"}), Error::unexpected_continuation, 1002},
      {"F6 continuation after the end", text_frame("a") + wire({.first = 0x80}),
       Error::unexpected_continuation, 1002},
      {"F7 text within a text", wire({.first = 0x01, .payload = "a"}) + text_frame("b"),
       Error::expected_continuation, 1002},
      {"F7 binary within an empty text", wire({.first = 0x01}) + binary_frame("b"),
       Error::expected_continuation, 1002},
      {"F8 fragmented ping", wire({.first = 0x09, .payload = "hi"}), Error::fragmented_control, 1002},
      {"F8 fragmented pong", wire({.first = 0x0A}), Error::fragmented_control, 1002},
      {"F8 fragmented close", wire({.first = 0x08}), Error::fragmented_control, 1002},
      {"F9 ping of 126 bytes", ping_frame(std::string(126, 'x')), Error::control_too_long, 1002},
      {"F9 close of 65536 bytes", wire({.first = 0x88, .payload = std::string(65536, 'x')}),
       Error::control_too_long, 1002},
      {"F11 close with half a code", wire({.first = 0x88, .payload = "\x03"}), Error::bad_close_body, 1002},
      {"F24 close reason", close_frame(1000, "\xff"), Error::invalid_utf8, 1007},
      {"F25 text", text_frame("caf\xe9"), Error::invalid_utf8, 1007},
      {"F25 overlong", text_frame("\xc0\xaf"), Error::invalid_utf8, 1007},
      {"F25 surrogate", text_frame("\xed\xa0\x80"), Error::invalid_utf8, 1007},
      {"F25 above U+10FFFF", text_frame("\xf4\x90\x80\x80"), Error::invalid_utf8, 1007},
      {"F25 cut at the end", text_frame("\xe2\x82"), Error::invalid_utf8, 1007},
      {"F25 cut at the end of a fragmented text",
       wire({.first = 0x01, .payload = "\xe2"}) + wire({.first = 0x80, .payload = "\x82"}),
       Error::invalid_utf8, 1007},
      {"F25 cut at the end by an empty fragment",
       wire({.first = 0x01, .payload = "\xe2"}) + wire({.first = 0x80}), Error::invalid_utf8, 1007},
      {"F27 top bit of a 64-bit length", header(0x82, std::uint64_t{1} << 63, true, 8),
       Error::message_too_big, 1009},
      {"F27 all bits of a 64-bit length", header(0x82, ~std::uint64_t{0}, true, 8), Error::message_too_big,
       1009},
      {"F28 2^53", header(0x82, std::uint64_t{1} << 53), Error::message_too_big, 1009},
      {"F28 one more than allowed", header(0x81, 1'000'001), Error::message_too_big, 1009},
      {"F28 one more than allowed in all", wire({.first = 0x02, .payload = "a"}) + header(0x80, 1'000'000),
       Error::message_too_big, 1009},
      {"F35 RSV1 on a ping", wire({.first = 0xC9}), Error::unexpected_compression, 1002},
  };
  for (unsigned const opcode : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u})
    all.push_back({"F4-5 opcode " + std::to_string(opcode), wire({.first = 0x80 | opcode}),
                   Error::reserved_opcode, 1002});
  for (unsigned const code :
       {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u})
    all.push_back({"F12-20 close " + std::to_string(code), close_frame(code), Error::bad_close_code, 1002});
  return all;
}

TEST(FrameDecoder, RefusesWhatBreaksTheRules) {
  for (auto const& [what, bytes, error, code] : bad_inputs()) {
    for (auto const& events : {decode(bytes), decode_bytewise(bytes)}) {
      ASSERT_FALSE(events.empty()) << what;
      EXPECT_EQ(events.back(), seen_error(error)) << what;
      EXPECT_EQ(static_cast<unsigned>(events.back().code), code) << what;
    }
  }
}

TEST(FrameDecoder, HandsOutWholeMessagesOfEveryLengthForm) {
  for (std::size_t const size :
       {0u, 1u, 2u, 3u, 4u, 7u, 8u, 31u, 32u, 33u, 63u, 125u, 126u, 127u, 65535u, 65536u, 1'000'000u}) {
    std::string const payload(size, 'x');
    EXPECT_EQ(decode(text_frame(payload)), Events{seen_text(payload)}) << size;
    EXPECT_EQ(decode(binary_frame(payload)), Events{seen_binary(payload)}) << size;
  }
}

TEST(FrameDecoder, AcceptsLengthsThatAreLongerWrittenThanNeeded) {  // F29
  for (unsigned const length_bytes : {2u, 8u}) {
    auto const bytes = wire({.first = 0x82, .payload = "abc", .length_bytes = length_bytes});
    EXPECT_EQ(decode(bytes), Events{seen_binary("abc")});
  }
}

TEST(FrameDecoder, RefusesLongLengthFormsOfControlFrames) {
  auto const bytes = wire({.first = 0x89, .payload = "abc", .length_bytes = 2});
  EXPECT_EQ(decode(bytes), Events{seen_error(Error::control_too_long)});
}

TEST(FrameDecoder, PassesControlFramesOfUpTo125Bytes) {  // F10
  std::string const payload(125, 'p');
  auto const bytes = ping_frame(payload) + wire({.first = 0x8A, .payload = payload});
  EXPECT_EQ(decode(bytes), (Events{seen_ping(payload), seen_pong(payload)}));
  EXPECT_EQ(decode_bytewise(bytes), (Events{seen_ping(payload), seen_pong(payload)}));
}

TEST(FrameDecoder, ReadsCloseFrames) {  // F21-23
  for (unsigned const code : {1000u, 1001u, 1002u, 1003u, 1007u, 1011u, 1014u, 3000u, 4999u})
    EXPECT_EQ(decode(close_frame(code, "bye \xe2\x82\xac")), Events{seen_close(code, "bye \xe2\x82\xac")});
  EXPECT_EQ(decode(wire({.first = 0x88})), Events{seen_close(1005)});
  EXPECT_EQ(decode(close_frame(1000, std::string(123, 'r'))),
            Events{seen_close(1000, std::string(123, 'r'))});
}

TEST(FrameDecoder, SwallowsEverythingAfterAClose) {  // F41
  FrameDecoder decoder;
  Events events;
  feed(decoder, close_frame(1000) + text_frame("late"), events);
  feed(decoder, wire({.first = 0xFF}), events);
  EXPECT_EQ(events, Events{seen_close(1000)});
}

TEST(FrameDecoder, SwallowsEverythingAfterAnError) {
  FrameDecoder decoder;
  Events events;
  feed(decoder, wire({.first = 0xFF}) + text_frame("late"), events);
  feed(decoder, text_frame("later"), events);
  EXPECT_EQ(events, Events{seen_error(Error::reserved_bits)});
}

TEST(FrameDecoder, ForgetsTheMessageInProgressOnceClosed) {
  FrameDecoder decoder;
  Events events;
  feed(decoder, wire({.first = 0x02, .payload = "half"}) + close_frame(1000), events);
  EXPECT_EQ(events, Events{seen_close(1000)});
  EXPECT_EQ(decoder.buffered_bytes(), 0u);
}

TEST(FrameDecoder, RefusesByTheFirstTwoBytesAlone) {
  for (auto const& bytes : {header(0xF1, 5), header(0x83, 5), header(0x81, 5, false), header(0x80, 5)})
    EXPECT_EQ(decode(bytes.substr(0, 2)).size(), 1u);
}

TEST(FrameDecoder, RefusesADeclaredLengthBeforeItsPayload) {  // F28
  FrameDecoder decoder({.max_message_size = 100});
  Events events;
  feed(decoder, header(0x82, 101), events);
  EXPECT_EQ(events, Events{seen_error(Error::message_too_big)});
  EXPECT_EQ(decoder.buffered_bytes(), 0u);
  EXPECT_EQ(decode(binary_frame(std::string(100, 'x')), {.max_message_size = 100}).front().kind,
            Kind::binary);
}

TEST(FrameDecoder, ReservesNothingFromADeclaredLength) {  // F43
  FrameDecoder decoder({.max_message_size = std::size_t{1} << 40});
  Events events;
  feed(decoder, header(0x82, std::uint64_t{1} << 39) + "abc", events);
  EXPECT_TRUE(events.empty());
  EXPECT_LT(decoder.buffered_bytes(), 400u);
}

TEST(FrameDecoder, JoinsFragmentsWithControlFramesBetween) {
  auto const bytes = wire({.first = 0x01, .payload = "Hel"}) + ping_frame("are you there") +
                     wire({.first = 0x00, .payload = "lo, "}) + wire({.first = 0x8A}) +
                     wire({.first = 0x00}) + wire({.first = 0x80, .payload = "world"}) + binary_frame("next");
  Events const expected{seen_ping("are you there"), seen_pong(""), seen_text("Hello, world"),
                        seen_binary("next")};
  EXPECT_EQ(decode(bytes), expected);
  EXPECT_EQ(decode_bytewise(bytes), expected);
}

TEST(FrameDecoder, TakesCharactersThatAreSplitOverFragments) {  // F26
  auto const euro = "\xe2\x82\xac"s;
  auto const bytes = wire({.first = 0x01, .payload = euro.substr(0, 1)}) +
                     wire({.first = 0x00, .payload = euro.substr(1, 1)}) + ping_frame("") +
                     wire({.first = 0x80, .payload = euro.substr(2)});
  EXPECT_EQ(decode(bytes), (Events{seen_ping(""), seen_text(euro)}));
}

TEST(FrameDecoder, FailsAtTheFirstBadByteOfAText) {  // Autobahn 6.4
  FrameDecoder decoder;
  Events events;
  auto const bytes = wire({.payload = "good\xff and a long rest"});
  feed(decoder, bytes.substr(0, 6 + 5), events);
  EXPECT_EQ(events, Events{seen_error(Error::invalid_utf8)});
}

TEST(FrameDecoder, LeavesBinaryAndCompressedPayloadsUnchecked) {
  EXPECT_EQ(decode(binary_frame("\xff")), Events{seen_binary("\xff")});
  Seen const compressed{.kind = Kind::text, .payload = "\xff", .compressed = true};
  auto const whole = wire({.first = 0xC1, .payload = "\xff"});
  EXPECT_EQ(decode(whole, {.allow_compressed = true}), Events{compressed});
  EXPECT_EQ(decode_bytewise(whole, {.allow_compressed = true}), Events{compressed});
  auto const bytes = whole + text_frame("plain");
  EXPECT_EQ(decode(bytes, {.allow_compressed = true}), (Events{compressed, seen_text("plain")}));
}

TEST(FrameDecoder, RefusesCompressionBesidesTheFirstFrameOfAMessage) {  // F35
  DecoderOptions const options{.allow_compressed = true};
  auto const start = wire({.first = 0x41, .payload = "a"});
  EXPECT_EQ(decode(start + wire({.first = 0xC0}), options),
            Events{seen_error(Error::unexpected_compression)});
  for (unsigned const first : {0xC8u, 0xC9u, 0xCAu})
    EXPECT_EQ(decode(wire({.first = first}), options), Events{seen_error(Error::unexpected_compression)});
}

TEST(FrameDecoder, CountsFragmentsEvenEmptyOnes) {  // F36, ws#2329
  auto bytes = wire({.first = 0x02, .payload = "a"});
  for (int i = 1; i < 131'071; ++i)
    bytes += wire({.first = 0x00});
  EXPECT_EQ(decode(bytes + wire({.first = 0x80})), Events{seen_binary("a")});
  bytes += wire({.first = 0x00});
  EXPECT_EQ(decode(bytes + wire({.first = 0x80})), Events{seen_error(Error::too_many_fragments)});
}

TEST(FrameDecoder, CountsFragmentsOfEachMessageAnew) {
  auto const message = wire({.first = 0x02, .payload = "a"}) + wire({.first = 0x80, .payload = "b"});
  EXPECT_EQ(decode(message + message + message, {.max_fragments = 2}).size(), 3u);
  EXPECT_EQ(decode(message, {.max_fragments = 1}), Events{seen_error(Error::too_many_fragments)});
}

TEST(FrameDecoder, HoldsNoMoreThanTheLimitHoweverSmallTheFragments) {  // F37, CVE-2026-48779
  FrameDecoder decoder({.max_fragments = 1'000'000});
  Events events;
  feed(decoder, wire({.first = 0x02, .payload = "x"}), events);
  for (int i = 1; i < 999'999; ++i)
    feed(decoder, wire({.first = 0x00, .payload = "x"}), events);
  EXPECT_TRUE(events.empty());
  EXPECT_LE(decoder.buffered_bytes(), 1'001'000u);
  feed(decoder, wire({.first = 0x80, .payload = "x"}), events);
  EXPECT_EQ(events, Events{seen_binary(std::string(1'000'000, 'x'))});
  EXPECT_EQ(decoder.buffered_bytes(), 0u);
}

TEST(FrameDecoder, HoldsNoMoreThanASplitMessageDeclares) {
  FrameDecoder decoder;
  Events events;
  auto const bytes = binary_frame(std::string(1000, 'x'));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    feed(decoder, std::string_view(bytes).substr(i, 1), events);
    EXPECT_LE(decoder.buffered_bytes(), 1200u);
  }
  EXPECT_EQ(events.size(), 1u);
}

TEST(FrameDecoder, HandsOutViewsIntoTheInput) {
  auto bytes = text_frame("hello") + ping_frame("p") + close_frame(1000, "bye");
  std::span<char> input(bytes);
  FrameDecoder decoder;
  EXPECT_EQ(decoder.next(input).payload.data(), bytes.data() + 6);
  EXPECT_EQ(decoder.next(input).payload.data(), bytes.data() + 6 + 5 + 6);
  EXPECT_EQ(decoder.next(input).payload.data(), bytes.data() + 6 + 5 + 6 + 1 + 6 + 2);
  EXPECT_EQ(decoder.buffered_bytes(), 0u);
}

TEST(FrameDecoder, IsIdleBetweenMessagesOnlyAndThenHoldsNothing) {
  FrameDecoder decoder;
  Events events;
  EXPECT_TRUE(decoder.idle());
  std::string const bytes =
      wire({.first = 0x01, .payload = "abc"}) + ping_frame("pp") + wire({.first = 0x80, .payload = "d"});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(decoder.idle(), i == 0) << i;
    feed(decoder, std::string_view(bytes).substr(i, 1), events);
  }
  EXPECT_EQ(events, (Events{seen_ping("pp"), seen_text("abcd")}));
  EXPECT_TRUE(decoder.idle());
  EXPECT_EQ(decoder.buffered_bytes(), 0u);
}

TEST(FrameDecoder, KeepsAMessageInProgressWhileASplitControlFramePasses) {
  FrameDecoder decoder;
  Events events;
  auto const split = ping_frame("ping");
  feed(decoder, wire({.first = 0x02, .payload = "abc"}) + split.substr(0, 8), events);
  feed(decoder, split.substr(8) + split.substr(0, 7), events);
  feed(decoder, split.substr(7) + wire({.first = 0x80, .payload = "d"}), events);
  EXPECT_EQ(events, (Events{seen_ping("ping"), seen_ping("ping"), seen_binary("abcd")}));
}

TEST(FrameDecoder, CanBeMovedWithinAMessage) {
  FrameDecoder first;
  Events events;
  feed(first, wire({.first = 0x02, .payload = "abc"}), events);
  FrameDecoder second(std::move(first));
  FrameDecoder third;
  third = std::move(second);
  feed(third, wire({.first = 0x80, .payload = "d"}), events);
  EXPECT_EQ(events, Events{seen_binary("abcd")});
}

TEST(FrameDecoder, ReadsUnmaskedFramesAsAClient) {
  DecoderOptions const options{.role = Role::client};
  auto const bytes = wire({.payload = "hello", .masked = false}) +
                     wire({.first = 0x88, .payload = close_body(1000), .masked = false});
  EXPECT_EQ(decode(bytes, options), (Events{seen_text("hello"), seen_close(1000)}));
  EXPECT_EQ(decode_bytewise(bytes, options), (Events{seen_text("hello"), seen_close(1000)}));
  EXPECT_EQ(decode(text_frame("hello"), options), Events{seen_error(Error::unexpected_mask)});
}

// About 300 bytes with all that may follow each other.
std::string session() {
  return text_frame("caf\xc3\xa9") + wire({.first = 0x01, .payload = "fragments \xe2\x82"}) +
         ping_frame("first") + wire({.first = 0x00, .payload = "\xac of "}) + wire({.first = 0x00}) +
         ping_frame("") + wire({.first = 0x80, .payload = "a text"}) +
         binary_frame(std::string(126, '\xfe')) + wire({.first = 0x82}) + wire({.first = 0x02}) +
         wire({.first = 0x80, .payload = "late"}) + wire({.first = 0x8A, .payload = "po"}) +
         wire({.first = 0x82, .payload = "8", .length_bytes = 8}) +
         close_frame(4001, "done \xf0\x9f\x8e\x89") + "ignored";
}

TEST(FrameDecoder, GivesTheSameEventsWhereverTheSessionIsSplit) {  // F44
  auto const bytes = session();
  auto const whole = decode(bytes);
  ASSERT_EQ(whole.size(), 10u);
  EXPECT_EQ(whole.back(), seen_close(4001, "done \xf0\x9f\x8e\x89"));
  EXPECT_EQ(decode_bytewise(bytes), whole);
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second) {
      FrameDecoder decoder;
      Events events;
      feed(decoder, std::string_view(bytes).substr(0, first), events);
      feed(decoder, std::string_view(bytes).substr(first, second - first), events);
      feed(decoder, std::string_view(bytes).substr(second), events);
      ASSERT_EQ(events, whole) << "split at " << first << " and " << second;
    }
  }
}

std::string random_payload(std::mt19937& random, bool is_text) {
  static std::string const characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8e\x89"};
  std::string payload;
  auto const size = random() % (random() % 10 == 0 ? 1000 : 30);
  for (std::size_t i = 0; i < size; ++i)
    is_text ? payload += characters[random() % 4] : payload += static_cast<char>(random());
  return payload;
}

// Appends a message in random fragments with control frames between, and what a decoder has to make of it.
void append_random_message(std::mt19937& random, std::string& bytes, Events& expected) {
  auto const is_text = random() % 2 == 0;
  auto const payload = random_payload(random, is_text);
  unsigned opcode = is_text ? 1 : 2;
  for (std::size_t at = 0;;) {
    auto const size = random() % 3 == 0 ? payload.size() - at : random() % (payload.size() - at + 1);
    auto const last = at + size == payload.size() && random() % 4 != 0;
    bytes += wire({.first = (last ? 0x80u : 0u) | opcode, .payload = payload.substr(at, size)});
    if (last) break;
    at += size;
    opcode = 0;
    if (random() % 3 != 0) continue;
    auto const control = random_payload(random, false).substr(0, 125);
    bytes += ping_frame(control);
    expected.push_back(seen_ping(control));
  }
  expected.push_back(is_text ? seen_text(payload) : seen_binary(payload));
}

TEST(FrameDecoder, RestoresRandomMessagesFromRandomFragmentsAndReads) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::string bytes;
    Events expected;
    for (int i = 0; i < 20; ++i)
      append_random_message(random, bytes, expected);
    FrameDecoder decoder;
    Events events;
    for (std::size_t at = 0; at < bytes.size();) {
      auto const size = 1 + random() % (random() % 2 == 0 ? 5 : 500);
      feed(decoder, std::string_view(bytes).substr(at, size), events);
      at += size;
    }
    ASSERT_EQ(events, expected) << "seed " << seed;
    ASSERT_TRUE(decoder.idle());
    ASSERT_EQ(decoder.buffered_bytes(), 0u);
  }
}

TEST(FrameDecoder, SurvivesRandomBytesAlikeHoweverTheyAreSplit) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    auto bytes = session();
    for (int i = 0; i < 4; ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    EXPECT_EQ(decode_bytewise(bytes), decode(bytes)) << "seed " << seed;
  }
}

}  // namespace
