#include <aerie/core/out_queue.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace aerie::core { namespace {

std::string head(OutQueue const& queue, std::size_t most_parts = 64) {
  std::array<iovec, 64> parts;
  auto const count = queue.gather(std::span(parts).first(most_parts));
  std::string result;
  for (auto const& part : std::span(parts).first(count)) {
    EXPECT_GT(part.iov_len, 0U) << "an empty part would look like a peer that takes nothing";
    result.append(static_cast<char const*>(part.iov_base), part.iov_len);
  }
  return result;
}

TEST(OutQueue, IsEmptyAtFirst) {
  OutQueue const queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
  EXPECT_EQ(head(queue), "");
}

TEST(OutQueue, GivesTheBytesInTheirOrder) {
  CommonChunk common;
  OutQueue queue;
  queue.append("one ", common);
  queue.append(ChunkRef::copy("two "));
  queue.append("three ", common);
  std::memcpy(queue.prepare(100, common), "four", 4);
  queue.commit(4);
  EXPECT_EQ(head(queue), "one two three four");
  EXPECT_EQ(queue.bytes(), 18U);
}

TEST(OutQueue, JoinsSmallWritesInOnePart) {
  CommonChunk common;
  OutQueue queue;
  for (int i = 0; i < 20; ++i)
    queue.append("0123456789", common);
  EXPECT_EQ(head(queue, 1).size(), 200U);
}

TEST(OutQueue, StandsSideBySideWithOthersInOneChunk) {
  CommonChunk common;
  OutQueue first;
  OutQueue second;
  first.append("one ", common);
  second.append("uno ", common);
  second.append("due", common);
  EXPECT_EQ(head(first), "one ");
  EXPECT_EQ(head(second, 1), "uno due");
  // Another has written behind it, and still it is one part.
  first.append("two", common);
  EXPECT_EQ(head(first, 1), "one two");
  EXPECT_EQ(head(second, 1), "uno due");
}

TEST(OutQueue, UsesCommonMemoryAgainOnceItIsSent) {
  CommonChunk common;
  OutQueue queue;
  queue.append("first", common);
  auto const* const memory = common.with_room_for(1)->data();
  queue.consume(5);
  queue.append("next", common);
  EXPECT_EQ(common.with_room_for(1)->data(), memory);
  EXPECT_EQ(head(queue), "next");
}

TEST(OutQueue, KeepsWhatThePeerHasNotTaken) {
  CommonChunk common;
  OutQueue slow;
  OutQueue other;
  slow.append("sent not sent", common);
  slow.consume(5);
  slow.keep();
  other.append("overwrites the common memory", common);
  slow.append(" yet", common);
  EXPECT_EQ(head(slow, 1), "not sent yet");
  EXPECT_EQ(slow.bytes(), 12U);
  EXPECT_EQ(head(other), "overwrites the common memory");
}

TEST(OutQueue, KeepsSmallPartsTogetherAndLargeOnesWhereTheyAre) {
  CommonChunk common;
  OutQueue queue;
  std::string expected;
  auto const large = ChunkRef::copy(std::string(20'000, 'L'));
  auto const mostly_empty = ChunkRef::make(1 << 20);
  mostly_empty->append(std::string(10'000, 'M'));
  for (int turn = 0; turn < 300; ++turn) {
    auto const room = ChunkRef::make(2048);
    room->append("in a room");
    queue.append(room);
    queue.append("alone", common);
    expected += "in a roomalone";
    if (turn % 100 == 50) {
      queue.append(large);
      queue.append(mostly_empty);
      expected += std::string(20'000, 'L') + std::string(10'000, 'M');
    }
    queue.keep();
    EXPECT_EQ(queue.bytes(), expected.size());
    EXPECT_TRUE(turn == 0 || !room->shared());
  }
  EXPECT_TRUE(large->shared());
  EXPECT_FALSE(mostly_empty->shared());
  EXPECT_LE(queue.held(), expected.size() + 20'000);
  std::string taken;
  while (!queue.empty()) {
    auto const part = head(queue, 1).substr(0, 777);
    taken += part;
    queue.consume(part.size());
    queue.keep();
  }
  EXPECT_EQ(taken, expected);
  EXPECT_EQ(queue.held(), 0U);
}

TEST(OutQueue, WorksWhenTheCommonMemoryIsUsedUp) {
  CommonChunk common;
  std::vector<OutQueue> queues(100);
  std::string const packet(10'000, 'x');
  for (int round = 0; round < 3; ++round) {
    for (auto& queue : queues)
      queue.append(packet, common);
  }
  for (auto const& queue : queues)
    EXPECT_EQ(head(queue).size(), 30'000U);
}

TEST(OutQueue, NeverGrowsAChunkThatOthersReferTo) {
  CommonChunk common;
  OutQueue queue;
  auto const shared = ChunkRef::make(100);
  shared->append("shared ");
  queue.append(shared);
  queue.append("own", common);
  EXPECT_EQ(shared->size(), 7U);
  EXPECT_EQ(head(queue), "shared own");
}

TEST(OutQueue, IgnoresWhatIsEmpty) {
  CommonChunk common;
  OutQueue queue;
  queue.append("", common);
  queue.append(ChunkRef::make(10));
  EXPECT_TRUE(queue.empty());
  queue.prepare(10, common);
  queue.commit(0);
  EXPECT_TRUE(queue.empty());
  queue.append("x", common);
  queue.prepare(5000, common);
  queue.commit(0);
  EXPECT_EQ(head(queue), "x");
}

TEST(OutQueue, ConsumesAcrossParts) {
  CommonChunk common;
  OutQueue queue;
  for (auto const* text : {"abc", "def", "ghi"})
    queue.append(ChunkRef::copy(text));
  queue.consume(2);
  EXPECT_EQ(head(queue), "cdefghi");
  queue.consume(2);
  EXPECT_EQ(head(queue), "efghi");
  EXPECT_EQ(queue.bytes(), 5U);
  queue.consume(5);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(OutQueue, AnOpenEntryReachesToTheEndOfItsChunk) {
  CommonChunk common;
  OutQueue queue;
  auto const chunk = ChunkRef::make(100);
  chunk->append("not ours, ");
  queue.append_open(chunk, chunk->size());
  chunk->append("first ");
  chunk->append("second");
  EXPECT_EQ(queue.bytes(), 0U);
  queue.close_open();
  EXPECT_EQ(queue.bytes(), 12U);
  chunk->append(", later");
  EXPECT_EQ(head(queue), "first second");
}

TEST(OutQueue, AnOpenEntryInWhichNothingWasWrittenDisappears) {
  CommonChunk common;
  OutQueue queue;
  auto const chunk = ChunkRef::make(100);
  queue.append_open(chunk, 0);
  queue.close_open();
  EXPECT_TRUE(queue.empty());
  queue.append("x", common);
  queue.append_open(chunk, 0);
  queue.close_open();
  EXPECT_EQ(head(queue), "x");
}

TEST(OutQueue, OpensAnEntryAgainThatNothingHasFollowed) {
  CommonChunk common;
  OutQueue queue;
  auto const chunk = ChunkRef::make(100);
  queue.append_open(chunk, 0);
  chunk->append("one ");
  queue.close_open();
  queue.append_open(chunk, chunk->size());
  chunk->append("two");
  queue.close_open();
  EXPECT_EQ(head(queue, 1), "one two");
  EXPECT_EQ(queue.bytes(), 7U);
}

TEST(OutQueue, MayBeAppendedToWhenAllButItsLastPartIsSent) {
  CommonChunk common;
  OutQueue queue;
  queue.append(ChunkRef::copy("ab"));
  queue.append(ChunkRef::copy("cd"));
  queue.consume(3);
  queue.append("ef", common);
  EXPECT_EQ(head(queue), "def");
}

TEST(OutQueue, ThatIsNeverEmptyKeepsItsOrder) {
  CommonChunk common;
  OutQueue queue;
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    auto const text = std::to_string(i);
    queue.append(ChunkRef::copy(text));
    expected += text;
    if (i < 300) continue;
    queue.consume(text.size());
    expected.erase(0, text.size());
    if (i % 1000 == 0) {
      ASSERT_EQ(head(queue), expected.substr(0, head(queue).size()));
    }
  }
  EXPECT_EQ(queue.bytes(), expected.size());
}

TEST(OutQueue, ClearDropsEverything) {
  CommonChunk common;
  OutQueue queue;
  for (auto const* text : {"abc", "def", "ghi"})
    queue.append(ChunkRef::copy(text));
  queue.consume(4);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
  queue.append("again", common);
  EXPECT_EQ(head(queue), "again");
}

}}  // namespace aerie::core
