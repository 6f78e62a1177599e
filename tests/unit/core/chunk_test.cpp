#include <aerie/core/chunk.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <new>

namespace aerie::core { namespace {

std::string_view bytes_of(Chunk const& chunk) {
  return {chunk.data(), chunk.size()};
}

TEST(Chunk, GrowsAtItsEndWithinItsCapacity) {
  auto const chunk = ChunkRef::make(8);
  EXPECT_EQ(chunk->size(), 0U);
  EXPECT_EQ(chunk->room(), 8U);
  chunk->append("abc");
  std::memcpy(chunk->end(), "de", 2);
  chunk->grow(2);
  EXPECT_EQ(bytes_of(*chunk), "abcde");
  EXPECT_EQ(chunk->room(), 3U);
}

TEST(Chunk, StaysWhereItIsWhileItGrows) {
  auto const chunk = ChunkRef::make(100);
  auto const* const data = chunk->data();
  for (int i = 0; i < 100; ++i)
    chunk->append("x");
  EXPECT_EQ(chunk->data(), data);
  EXPECT_EQ(chunk->room(), 0U);
}

TEST(Chunk, KnowsWhetherItIsShared) {
  auto first = ChunkRef::copy("bytes");
  EXPECT_FALSE(first->shared());
  auto second = first;
  EXPECT_TRUE(first->shared());
  EXPECT_EQ(second.get(), first.get());
  first = {};
  EXPECT_FALSE(second->shared());
  EXPECT_EQ(bytes_of(*second), "bytes");
}

TEST(ChunkRef, MovesWithoutSharing) {
  auto first = ChunkRef::copy("bytes");
  auto const second = std::move(first);
  EXPECT_FALSE(second->shared());
}

TEST(ChunkRef, MayBeAssignedToItself) {
  auto chunk = ChunkRef::copy("bytes");
  auto const& same = chunk;
  chunk = same;
  EXPECT_EQ(bytes_of(*chunk), "bytes");
  EXPECT_FALSE(chunk->shared());
}

TEST(ChunkRef, RefusesCapacitiesThatDoNotFit) {
  EXPECT_THROW(ChunkRef::make(std::size_t{1} << 33U), std::bad_alloc);
}

}}  // namespace aerie::core
