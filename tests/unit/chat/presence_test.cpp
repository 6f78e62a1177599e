#include "rooms/presence.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace chat::test { namespace {

using Users = std::vector<User>;

class PresenceTest : public ::testing::Test {
 public:
  std::vector<RoomId> changes;
  Census census{"here"};
  Presence presence{census, [this](Presence const&, RoomId room) { changes.push_back(room); }};
  User const ann{1, "Ann"};
  User const bob{2, "Bob"};
};

TEST_F(PresenceTest, WhoEntersIsOnlineUntilTheStayEnds) {
  {
    auto const stay = presence.enter(5, bob);
    EXPECT_EQ(presence.online(5), Users{bob});
    EXPECT_EQ(changes, (std::vector<RoomId>{5}));
  }
  EXPECT_EQ(presence.online(5), Users{});
  EXPECT_EQ(changes, (std::vector<RoomId>{5, 5}));
}

TEST_F(PresenceTest, TwoTabsAreOneUserUntilTheLastIsClosed) {
  std::optional<Presence::Stay> first(presence.enter(5, ann));
  std::optional<Presence::Stay> second(presence.enter(5, ann));
  EXPECT_EQ(presence.online(5), Users{ann});
  first.reset();
  EXPECT_EQ(presence.online(5), Users{ann});
  EXPECT_EQ(changes.size(), 1U);
  second.reset();
  EXPECT_EQ(presence.online(5), Users{});
  EXPECT_EQ(changes.size(), 2U);
}

TEST_F(PresenceTest, RoomsAreApart) {
  auto const here = presence.enter(5, ann);
  auto const there = presence.enter(6, bob);
  EXPECT_EQ(presence.online(5), Users{ann});
  EXPECT_EQ(presence.online(6), Users{bob});
  EXPECT_EQ(presence.online(7), Users{});
}

TEST_F(PresenceTest, ListsPeopleInTheOrderOfTheirIds) {
  auto const second = presence.enter(5, bob);
  auto const first = presence.enter(5, ann);
  EXPECT_EQ(presence.online(5), (Users{ann, bob}));
}

TEST_F(PresenceTest, AMovedStayEndsOnce) {
  auto stay = presence.enter(5, ann);
  {
    auto const moved = std::move(stay);
    EXPECT_EQ(presence.online(5), Users{ann});
  }
  EXPECT_EQ(presence.online(5), Users{});
}

TEST_F(PresenceTest, TheListenerMayAsk) {
  Users seen;
  Census alone("there");
  Presence asking(alone,
                  [&](Presence const& presence_now, RoomId room) { seen = presence_now.online(room); });
  auto const stay = asking.enter(5, ann);
  EXPECT_EQ(seen, Users{ann});
}

TEST(Presence, CountsRightFromManyThreads) {
  Census census("here");
  Presence presence(census, [](Presence const&, RoomId) {});
  std::vector<std::thread> threads;
  for (UserId id = 1; id <= 4; ++id) {
    threads.emplace_back([&presence, id] {
      for (int i = 0; i < 2000; ++i)
        auto const stay = presence.enter(i % 3, User{id, "somebody"});
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (RoomId room = 0; room < 3; ++room)
    EXPECT_EQ(presence.online(room), Users{});
}

}}  // namespace chat::test
