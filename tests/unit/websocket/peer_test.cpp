#include "frames.hpp"

#include <aerie/websocket/peer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace aerie::websocket;
using namespace aerie::websocket::test;
using aerie::core::TimePoint;
using Strings = std::vector<std::string>;

static_assert(sizeof(Peer) <= 72, "every connection holds one");

// A transport in miniature: keeps what the peer makes of its input, and sends output at once unless clogged.
struct Transport {
  explicit Transport(PeerOptions const& options = {}, std::unique_ptr<Deflate> deflate = nullptr)
      : peer(options, std::move(deflate)) {}

  void read(std::string_view bytes) {
    std::vector<char> memory(bytes.begin(), bytes.end());
    std::span<char> input(memory);
    while (true) {
      auto const event = peer.receive(input, now);
      if (event.kind == PeerEvent::Kind::need_more) break;
      std::string payload(event.payload.begin(), event.payload.end());
      if (event.kind == PeerEvent::Kind::text) seen.push_back("text " + payload);
      if (event.kind == PeerEvent::Kind::binary) seen.push_back("binary " + payload);
      if (event.kind == PeerEvent::Kind::closed) {
        seen.push_back("closed " + std::to_string(static_cast<int>(event.code)) + payload);
        error = event.error;
      }
      if (!clogged) flush();
    }
    if (!clogged) flush();
  }

  // Appends what the other end reads.
  void flush(Mask mask = 0) {
    char frame[max_control_frame];
    while (auto const size = peer.take_output(frame, mask))
      feed(other_end, {frame, size}, sent);
  }

  Peer peer;
  FrameDecoder other_end{{.role = Role::client}};
  TimePoint now{1h};
  bool clogged = false;
  Strings seen;
  Error error = Error::none;
  std::vector<Seen> sent;
};

using Sent = std::vector<Seen>;

TEST(Peer, PassesMessagesOn) {
  Transport transport;
  transport.read(text_frame("a") + wire({.first = 0x02, .payload = "b"}) +
                 wire({.first = 0x80, .payload = "c"}));
  EXPECT_EQ(transport.seen, (Strings{"text a", "binary bc"}));
  EXPECT_TRUE(transport.sent.empty());
  EXPECT_EQ(transport.peer.state(), Peer::State::open);
}

TEST(Peer, AnswersEachPingWithItsBytes) {  // F10
  Transport transport;
  std::string const longest(125, '\xff');
  transport.read(ping_frame("one") + text_frame("a") + ping_frame("") + ping_frame(longest));
  EXPECT_EQ(transport.sent, (Sent{seen_pong("one"), seen_pong(""), seen_pong(longest)}));
  EXPECT_EQ(transport.seen, Strings{"text a"});
}

TEST(Peer, KeepsOnlyTheLastPongWhileItCannotSend) {  // F39
  Transport transport;
  transport.clogged = true;
  for (int i = 0; i < 50; ++i)
    transport.read(ping_frame(std::to_string(i)));
  EXPECT_TRUE(transport.peer.has_output());
  transport.flush();
  EXPECT_EQ(transport.sent, Sent{seen_pong("49")});
  EXPECT_FALSE(transport.peer.has_output());
}

TEST(Peer, IgnoresPongs) {
  Transport transport;
  transport.read(wire({.first = 0x8A, .payload = "unasked"}));
  EXPECT_TRUE(transport.sent.empty());
  EXPECT_TRUE(transport.seen.empty());
}

TEST(Peer, RefusesAFloodOfControlFrames) {  // F39
  for (auto const& frame : {ping_frame("x"), wire({.first = 0x8A})}) {
    Transport transport;
    for (int second = 0; second < 3; ++second, transport.now += 1s)
      for (int i = 0; i < 100; ++i)
        transport.read(frame);
    EXPECT_TRUE(transport.seen.empty());
    for (int i = 0; i < 101; ++i)
      transport.read(frame);
    EXPECT_EQ(transport.seen, Strings{"closed 1008"});
    EXPECT_EQ(transport.error, Error::too_many_control_frames);
    EXPECT_EQ(transport.sent.back(), seen_close(1008));
  }
}

TEST(Peer, EchoesTheCodeOfAClose) {  // F21-23
  for (unsigned const code : {1000u, 3000u, 4999u}) {
    Transport transport;
    transport.read(close_frame(code, " bye") + text_frame("late") + ping_frame("late"));
    EXPECT_EQ(transport.seen, Strings{"closed " + std::to_string(code) + " bye"});
    EXPECT_EQ(transport.sent, Sent{seen_close(code)});
    EXPECT_EQ(transport.error, Error::none);
    EXPECT_EQ(transport.peer.state(), Peer::State::closed);
    EXPECT_TRUE(transport.peer.has_heard_close());
  }
}

TEST(Peer, AnswersACloseWithoutCodeByOneWithoutCode) {
  Transport transport;
  transport.read(wire({.first = 0x88}));
  EXPECT_EQ(transport.seen, Strings{"closed 1005"});
  EXPECT_EQ(transport.sent, Sent{seen_close(1005)});
}

TEST(Peer, IgnoresWhatFollowsAClose) {  // F41
  Transport transport;
  transport.read(close_frame(1000));
  transport.read(text_frame("late") + ping_frame("") + wire({.first = 0xFF}));
  transport.peer.close(CloseCode::going_away);
  transport.flush();
  EXPECT_EQ(transport.seen, Strings{"closed 1000"});
  EXPECT_EQ(transport.sent, Sent{seen_close(1000)});
}

TEST(Peer, ClosesWithTheCodeOfTheBrokenRule) {
  struct Line {
    std::string bytes;
    unsigned code;
  };
  std::vector<Line> const lines{
      {wire({.payload = "x", .masked = false}), 1002},
      {text_frame("\xff"), 1007},
      {header(0x82, 1'000'001), 1009},
      {wire({.first = 0x88, .payload = "x"}), 1002},
      {close_frame(1005), 1002},
      {close_frame(1000, "\xff"), 1007},
      {wire({.first = 0xC1, .payload = "x"}), 1002},
  };
  for (auto const& [bytes, code] : lines) {
    Transport transport;
    transport.read(text_frame("before") + bytes + text_frame("after"));
    EXPECT_EQ(transport.seen, (Strings{"text before", "closed " + std::to_string(code)}));
    EXPECT_EQ(transport.sent, Sent{seen_close(code)});
    EXPECT_NE(transport.error, Error::none);
    EXPECT_FALSE(transport.peer.has_heard_close());
  }
}

TEST(Peer, ClosesFromOurSide) {
  Transport transport;
  transport.peer.close(CloseCode::going_away, "restart");
  transport.peer.close(CloseCode::normal, "only the first counts");
  EXPECT_EQ(transport.peer.state(), Peer::State::closing);
  transport.read(text_frame("dropped") + ping_frame("unanswered") + close_frame(1001));
  EXPECT_EQ(transport.sent, Sent{seen_close(1001, "restart")});
  EXPECT_EQ(transport.seen, Strings{"closed 1001"});
  EXPECT_EQ(transport.peer.state(), Peer::State::closed);
}

TEST(Peer, StillJudgesWhatComesWhileClosing) {
  Transport transport;
  transport.peer.close();
  transport.read(text_frame("\xff"));
  EXPECT_EQ(transport.seen, Strings{"closed 1007"});
  EXPECT_EQ(transport.sent, Sent{seen_close(1005)});
}

TEST(Peer, SendsAWaitingPongBeforeTheClose) {
  Transport transport;
  transport.clogged = true;
  transport.read(ping_frame("p") + close_frame(1000));
  transport.flush();
  EXPECT_EQ(transport.sent, (Sent{seen_pong("p"), seen_close(1000)}));
}

TEST(Peer, MasksAsAClient) {
  Transport transport({.role = Role::client});
  transport.other_end = FrameDecoder();
  transport.clogged = true;
  transport.read(wire({.first = 0x89, .payload = "from the server", .masked = false}));
  transport.peer.close(CloseCode::normal, "bye");
  transport.flush(0xCAFED00D);
  EXPECT_EQ(transport.sent, (Sent{seen_pong("from the server"), seen_close(1000, "bye")}));
}

TEST(Peer, HoldsNothingWhileIdle) {
  Transport transport;
  auto const bytes = text_frame("split over reads");
  transport.read(bytes.substr(0, 10));
  EXPECT_GT(transport.peer.buffered_bytes(), 0u);
  EXPECT_FALSE(transport.peer.idle());
  transport.read(bytes.substr(10));
  EXPECT_EQ(transport.peer.buffered_bytes(), 0u);
  EXPECT_TRUE(transport.peer.idle());
}

TEST(Peer, CanBeMoved) {
  Transport transport;
  transport.clogged = true;
  transport.read(ping_frame("p") + wire({.first = 0x01, .payload = "a"}));
  auto moved = std::move(transport.peer);
  transport.peer = std::move(moved);
  transport.clogged = false;
  transport.read(wire({.first = 0x80, .payload = "b"}));
  EXPECT_EQ(transport.seen, Strings{"text ab"});
  EXPECT_EQ(transport.sent, Sent{seen_pong("p")});
}

std::unique_ptr<Deflate> deflate(Role role) {
  return std::make_unique<Deflate>(role, DeflateParameters{}, DeflateOptions{});
}

struct CompressingClient {
  std::string payload(std::string_view message) {
    std::string out;
    context->compress(message, out);
    return out;
  }
  std::string frame(std::string_view message, unsigned first = 0xC1) {
    return wire({.first = first, .payload = payload(message)});
  }
  std::unique_ptr<Deflate> context = deflate(Role::client);
};

TEST(Peer, InflatesCompressedMessagesAndTakesPlainOnesToo) {
  Transport transport({}, deflate(Role::server));
  CompressingClient client;
  auto bytes = client.frame("hello hello");
  bytes += text_frame("plain");
  bytes += client.frame("hello hello", 0xC2);
  auto const payload = client.payload("in fragments");
  bytes += wire({.first = 0x41, .payload = payload.substr(0, 3)}) + ping_frame("") +
           wire({.first = 0x80, .payload = payload.substr(3)});
  transport.read(bytes);
  EXPECT_EQ(transport.seen,
            (Strings{"text hello hello", "text plain", "binary hello hello", "text in fragments"}));
  EXPECT_EQ(transport.peer.buffered_bytes(), 0u);
}

TEST(Peer, ChecksTheTextInsideACompressedMessage) {
  Transport transport({}, deflate(Role::server));
  CompressingClient client;
  transport.read(client.frame("\xff", 0xC2));
  transport.read(client.frame("\xff"));
  EXPECT_EQ(transport.seen, (Strings{"binary \xff", "closed 1007"}));
  EXPECT_EQ(transport.error, Error::invalid_utf8);
}

TEST(Peer, ClosesOnCompressedGarbage) {  // F31
  Transport transport({}, deflate(Role::server));
  transport.read(wire({.first = 0xC2, .payload = "\xff\xff\xff\xff"}));
  EXPECT_EQ(transport.seen, Strings{"closed 1007"});
  EXPECT_EQ(transport.error, Error::invalid_compressed_data);
}

TEST(Peer, ClosesOnABombAlsoWhenItComesInAThousandFragments) {  // F30, F32
  CompressingClient client;
  auto const bomb = client.payload(std::string(50'000'000, '\0'));
  Transport whole({}, deflate(Role::server));
  whole.read(wire({.first = 0xC2, .payload = bomb}));
  EXPECT_EQ(whole.seen, Strings{"closed 1009"});

  Transport split({}, deflate(Role::server));
  auto const size = bomb.size() / 1000 + 1;
  for (std::size_t at = 0; at < bomb.size(); at += size) {
    auto const last = at + size >= bomb.size();
    split.read(
        wire({.first = (at == 0 ? 0x42u : 0x00u) | (last ? 0x80u : 0u), .payload = bomb.substr(at, size)}));
  }
  EXPECT_EQ(split.seen, Strings{"closed 1009"});
  EXPECT_EQ(split.peer.buffered_bytes(), 0u);
}

TEST(Peer, GivesItsCompressionToTheSender) {
  EXPECT_EQ(Transport().peer.deflate(), nullptr);
  Transport const transport({}, deflate(Role::server));
  ASSERT_NE(transport.peer.deflate(), nullptr);
  std::string payload;
  transport.peer.deflate()->compress("Hello", payload);
  EXPECT_EQ(payload, "\xf2\x48\xcd\xc9\xc9\x07\0"s);
}

TEST(Peer, SeesTheSameSessionWhereverItIsSplit) {  // F44
  auto const bytes = text_frame("caf\xc3\xa9") + ping_frame("one") +
                     wire({.first = 0x01, .payload = "\xe2\x82"}) + ping_frame("two") +
                     wire({.first = 0x80, .payload = "\xac"}) + binary_frame(std::string(200, 'x')) +
                     close_frame(4000, "done") + "ignored";
  Transport whole;
  whole.read(bytes);
  ASSERT_EQ(whole.seen.size(), 4u);
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    Transport transport;
    transport.read(std::string_view(bytes).substr(0, split));
    transport.read(std::string_view(bytes).substr(split));
    EXPECT_EQ(transport.seen, whole.seen) << split;
    EXPECT_EQ(transport.sent, whole.sent) << split;
  }
}

}  // namespace
