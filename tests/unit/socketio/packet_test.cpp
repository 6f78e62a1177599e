#include <aerie/socketio/packet.hpp>

#include <gtest/gtest.h>

#include <string>

namespace aerie::socketio { namespace {

TEST(ReservedEvents, AreTheOfficialOnes) {
  for (auto const* const name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_TRUE(is_reserved_event(name)) << name;
  for (auto const* const name : {"connection", "message", "", "Connect", "error"})
    EXPECT_FALSE(is_reserved_event(name)) << name;
}

TEST(EncodedPackets, BeginAnewWhereTheyAreUsedAgain) {
  EncodedPacket packet;
  packet.begin(FrameKind::text) = "old";
  packet.add(FrameKind::binary, Bytes("older"));
  EXPECT_EQ(packet.frame_count(), 2U);
  EXPECT_EQ(packet.size(), 8U);
  packet.begin(FrameKind::binary).push_back('n');
  packet.add(FrameKind::text, Bytes("ew"));
  std::string frames;
  packet.each([&](Frame const& frame) {
    frames += frame.kind == FrameKind::text ? "text " : "binary ";
    frames += std::string(frame.data) + ",";
  });
  EXPECT_EQ(frames, "binary n,text ew,");
}

}}  // namespace aerie::socketio
