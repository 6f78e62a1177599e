#include <aerie/socketio/memberships.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace aerie::socketio { namespace {

static_assert(sizeof(Memberships) == sizeof(void*), "every socket has them");
static_assert(sizeof(Membership) == 8, "there is one for each room of each socket");

std::vector<std::uint32_t> rooms_of(Memberships const& memberships) {
  std::vector<std::uint32_t> rooms;
  for (auto const& entry : memberships.entries()) {
    if (entry.room != Membership::none) rooms.push_back(entry.room);
  }
  return rooms;
}

/// Adds and removes by chance, around so many rooms at once, and compares with a plain list after each step.
void compare_with_a_list(std::size_t around, int steps) {
  std::mt19937 random(static_cast<unsigned>(around));
  Memberships memberships;
  std::vector<std::uint32_t> expected;
  for (int step = 0; step < steps; ++step) {
    auto const room = static_cast<std::uint32_t>(random() % (2 * around));
    auto* const found = memberships.find(room);
    auto const place = std::ranges::find(expected, room);
    ASSERT_EQ(found != nullptr, place != expected.end());
    if (found == nullptr) {
      memberships.add({.room = room, .index = room + 7});
      expected.push_back(room);
    } else {
      ASSERT_EQ(found->room, room);
      ASSERT_EQ(found->index, room + 7);
      memberships.remove(*found);
      expected.erase(place);
    }
    ASSERT_EQ(memberships.size(), expected.size());
    ASSERT_EQ(rooms_of(memberships), expected);
  }
}

TEST(Memberships, KeepTheOrderOfJoiningWhereTheyAreFew) {
  compare_with_a_list(3, 5'000);
}
TEST(Memberships, KeepTheOrderOfJoiningWhereTheyBecomeManyAndFewAgain) {
  compare_with_a_list(15, 20'000);
}
TEST(Memberships, KeepTheOrderOfJoiningWhereTheyAreMany) {
  compare_with_a_list(200, 20'000);
}

TEST(Memberships, AreFoundAgainAfterAllHaveGone) {
  Memberships memberships;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t room = 0; room < 1'000; ++room)
      memberships.add({.room = room, .index = 0});
    for (std::uint32_t room = 0; room < 1'000; ++room)
      memberships.remove(*memberships.find(room));
    EXPECT_TRUE(memberships.empty());
    EXPECT_EQ(memberships.find(1), nullptr);
  }
  // What was needed for a thousand is not kept for none.
  EXPECT_TRUE(memberships.entries().empty());
}

TEST(Memberships, MayMove) {
  Memberships memberships;
  memberships.add({.room = 4, .index = 2});
  auto const moved = std::move(memberships);
  EXPECT_EQ(rooms_of(moved), std::vector<std::uint32_t>{4});
}

TEST(Memberships, HaveNothingAtFirst) {
  Memberships memberships;
  EXPECT_TRUE(memberships.empty());
  EXPECT_TRUE(memberships.entries().empty());
  EXPECT_EQ(memberships.find(0), nullptr);
}

}}  // namespace aerie::socketio
