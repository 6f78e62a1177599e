#include "cluster/census.hpp"

#include "channels/guests.hpp"
#include "rooms/presence.hpp"

#include <aerie/core/clock.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace chat::test { namespace {

using namespace std::chrono_literals;
using Users = std::vector<User>;
using RoomIds = std::vector<RoomId>;

/// An instance with its people, on a bus that the test holds.
class Instance {
 public:
  Instance(std::string id, std::vector<std::unique_ptr<Instance>>& all, aerie::core::ManualClock& clock)
      : all_(all), clock_(clock), census(std::move(id)) {
    census.connect(
        [this](CensusMessage const& message) {
          ++sent;
          if (!is_cut && !loses_next) send(message);
          loses_next = false;
        },
        [this] { is_woken = true; });
  }

  void send(CensusMessage const& message) {
    for (auto const& other : all_)
      if (other.get() != this && !other->is_cut) other->inbox.push_back(message);
  }
  /// True if there was something to do.
  bool turn() {
    auto const had_something = is_woken || !inbox.empty();
    if (std::exchange(is_woken, false)) census.flush();
    for (auto const& message : std::exchange(inbox, {}))
      census.received(message, clock_.now());
    return had_something;
  }

 private:
  std::vector<std::unique_ptr<Instance>>& all_;
  aerie::core::ManualClock& clock_;

 public:
  bool is_cut = false;
  bool loses_next = false;
  bool is_woken = false;
  int sent = 0;
  std::vector<CensusMessage> inbox;
  RoomIds changes;
  Census census;
  Presence presence{census, [this](Presence const&, RoomId room) { changes.push_back(room); }};
  Guests guests{census};
};

class CensusTest : public ::testing::Test {
 public:
  CensusTest() {
    add("A");
    add("B");
    settle();
    for (auto const& each : all)
      each->changes.clear();
  }

  Instance& add(std::string id) {
    all.push_back(std::make_unique<Instance>(std::move(id), all, clock));
    all.back()->census.open(clock.now());
    return *all.back();
  }
  /// Until nobody has anything to say.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (auto const& each : all)
        busy = each->turn() || busy;
    }
  }
  void pass(std::chrono::seconds time) {
    for (; time > 0s; time -= 1s) {
      clock.advance(1s);
      for (auto const& each : all)
        each->census.tick(clock.now());
      settle();
    }
  }
  Instance& a() { return *all[0]; }
  Instance& b() { return *all[1]; }

  aerie::core::ManualClock clock;
  std::vector<std::unique_ptr<Instance>> all;
  User const ann{1, "Ann"};
  User const bob{2, "Bob"};
};

TEST_F(CensusTest, WhoEntersHereIsOnlineThere) {
  std::optional<Presence::Stay> stay(a().presence.enter(5, bob));
  auto const other = b().presence.enter(5, ann);
  settle();
  for (auto const& each : all)
    EXPECT_EQ(each->presence.online(5), (Users{ann, bob}));
  EXPECT_EQ(b().changes, (RoomIds{5, 5}));
  stay.reset();
  settle();
  EXPECT_EQ(b().presence.online(5), Users{ann});
  EXPECT_EQ(b().changes, (RoomIds{5, 5, 5}));
}

TEST_F(CensusTest, ATabOnEachIsOneUserUntilTheLastIsClosed) {
  std::optional<Presence::Stay> here(a().presence.enter(5, ann));
  std::optional<Presence::Stay> there(b().presence.enter(5, ann));
  settle();
  EXPECT_EQ(a().presence.online(5), Users{ann});
  here.reset();
  settle();
  EXPECT_EQ(a().presence.online(5), Users{ann});
  there.reset();
  settle();
  EXPECT_EQ(a().presence.online(5), Users{});
  EXPECT_EQ(b().presence.online(5), Users{});
}

TEST_F(CensusTest, ManyChangesOfAMomentAreOneMessage) {
  a().sent = 0;
  std::vector<Presence::Stay> stays;
  for (UserId id = 1; id <= 100; ++id)
    stays.push_back(a().presence.enter(5, {id, "somebody"}));
  settle();
  EXPECT_EQ(a().sent, 1);
  EXPECT_EQ(b().presence.online(5).size(), 100U);
}

TEST_F(CensusTest, WhatCameAndWentBetweenTwoMessagesIsNoNews) {
  a().sent = 0;
  { auto const stay = a().presence.enter(5, ann); }
  settle();
  EXPECT_EQ(a().sent, 0);
}

TEST_F(CensusTest, ANewInstanceLearnsWhoIsThereAndIsLearntOf) {
  auto const stay = a().presence.enter(5, ann);
  settle();
  auto& c = add("C");
  auto const other = c.presence.enter(6, bob);
  settle();
  EXPECT_EQ(c.presence.online(5), Users{ann});
  EXPECT_EQ(a().presence.online(6), Users{bob});
  EXPECT_EQ(b().presence.online(6), Users{bob});
}

TEST_F(CensusTest, AnInstanceThatSaysGoodbyeTakesItsPeopleAlong) {
  auto const stay = a().presence.enter(5, ann);
  settle();
  b().changes.clear();
  a().census.close();
  settle();
  EXPECT_EQ(b().presence.online(5), Users{});
  EXPECT_EQ(b().changes, RoomIds{5});
  EXPECT_EQ(b().census.peers(), 0U);
}

TEST_F(CensusTest, AnInstanceThatDiesWithoutAWordIsForgottenInTime) {
  auto const stay = a().presence.enter(5, ann);
  settle();
  a().is_cut = true;
  pass(7s);
  EXPECT_EQ(b().presence.online(5), Users{ann});
  b().changes.clear();
  pass(2s);
  EXPECT_EQ(b().presence.online(5), Users{});
  EXPECT_EQ(b().changes, RoomIds{5});
}

TEST_F(CensusTest, AnInstanceThatWasAwayIsKnownAgainWithAllThatChangedMeanwhile) {
  auto const stay = a().presence.enter(5, ann);
  settle();
  a().is_cut = true;
  pass(20s);
  auto const late = a().presence.enter(6, bob);
  settle();
  a().is_cut = false;
  pass(3s);
  EXPECT_EQ(b().presence.online(5), Users{ann});
  EXPECT_EQ(b().presence.online(6), Users{bob});
}

TEST_F(CensusTest, AMessageThatWasLostIsMadeUpForWithTheNextOrTheNextBeat) {
  a().loses_next = true;
  auto const stay = a().presence.enter(5, ann);
  settle();
  EXPECT_EQ(b().presence.online(5), Users{});
  auto const next = a().presence.enter(6, bob);
  settle();
  EXPECT_EQ(b().presence.online(5), Users{ann});

  pass(2s);
  a().loses_next = true;
  auto const lost = a().presence.enter(7, bob);
  settle();
  EXPECT_EQ(b().presence.online(7), Users{});
  pass(3s);
  EXPECT_EQ(b().presence.online(7), Users{bob});
}

TEST_F(CensusTest, WordsThatAreNotUnderstoodAreNobody) {
  CensusMessage strange{CensusNews::all, "X", 1, "", {}};
  strange.entries.emplace("room:5", aerie::Value("everybody"));
  strange.entries.emplace("room:x", aerie::Value(7));
  strange.entries.emplace("/channel-a", aerie::Value(-1));
  strange.entries.emplace("nonsense", aerie::Value(true));
  b().census.received(strange, clock.now());
  EXPECT_EQ(b().presence.online(5), Users{});
  EXPECT_EQ(b().guests.count("/channel-a"), 0U);
}

TEST_F(CensusTest, GuestsOfAChannelAreCountedOnAllInstances) {
  auto const here = a().guests.enter("/channel-a");
  auto const there = b().guests.enter("/channel-a");
  settle();
  EXPECT_NE(here, there);
  EXPECT_EQ(a().guests.count("/channel-a"), 2U);
  EXPECT_EQ(b().guests.count("/channel-a"), 2U);
  EXPECT_EQ(b().guests.count_here("/channel-a"), 1U);
  EXPECT_EQ(a().guests.count("/channel-b"), 0U);
  a().guests.leave("/channel-a", here);
  a().guests.leave("/channel-a", here);
  settle();
  EXPECT_EQ(b().guests.count("/channel-a"), 1U);
}

TEST_F(CensusTest, WithoutOthersNothingIsSaid) {
  Census alone("alone");
  Presence presence(alone, [](Presence const&, RoomId) {});
  auto const stay = presence.enter(5, ann);
  alone.flush();
  alone.tick(clock.now());
  alone.close();
  EXPECT_EQ(presence.online(5), Users{ann});
}

/// Chance decides who comes, goes, is cut off, dies or starts; when all are connected again, all agree.
class CensusChanceTest : public CensusTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(CensusChanceTest, AllAgreeOnceAllAreConnected) {
  std::mt19937 random(GetParam());
  auto const pick = [&](std::size_t size) {
    return std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
  };
  struct There {
    std::size_t instance;
    RoomId room;
    UserId user;
    Presence::Stay stay;
  };
  std::vector<std::unique_ptr<There>> there;
  add("C");
  for (int step = 0; step < 300; ++step) {
    auto const instance = pick(all.size());
    switch (pick(8)) {
      case 0:
      case 1:
      case 2: {
        auto const room = static_cast<RoomId>(1 + pick(3));
        auto const user = static_cast<UserId>(1 + pick(5));
        there.push_back(std::make_unique<There>(
            There{instance, room, user, all[instance]->presence.enter(room, {user, "somebody"})}));
        break;
      }
      case 3:
      case 4:
        if (!there.empty()) {
          std::swap(there[pick(there.size())], there.back());
          there.pop_back();
        }
        break;
      case 5:
        all[instance]->loses_next = true;
        break;
      case 6:
        all[instance]->is_cut = pick(2) == 0;
        break;
      default:
        pass(std::chrono::seconds(pick(12)));
    }
    if (pick(2) == 0) settle();
  }
  for (auto const& each : all)
    each->is_cut = each->loses_next = false;
  pass(6s);
  for (RoomId room = 1; room <= 3; ++room) {
    std::map<UserId, User> expected;
    for (auto const& one : there)
      if (one->room == room) expected[one->user] = {one->user, "somebody"};
    Users users;
    for (auto const& [id, user] : expected)
      users.push_back(user);
    for (auto const& each : all)
      EXPECT_EQ(each->presence.online(room), users) << "room " << room;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CensusChanceTest, ::testing::Range(0U, 50U));

}}  // namespace chat::test
