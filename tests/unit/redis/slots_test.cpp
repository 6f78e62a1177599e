#include "redis/slots.hpp"

#include <gtest/gtest.h>

namespace aerie::redis { namespace {

Reply node(std::string host, std::int64_t port) {
  return Reply::array({Reply::string(std::move(host)), Reply::integer(port), Reply::string("id")});
}

Reply range(std::int64_t first, std::int64_t last, Reply master) {
  return Reply::array({Reply::integer(first), Reply::integer(last), std::move(master), node("replica", 1)});
}

core::Address const asked{.host = "asked", .port = 7000};

TEST(SlotOf, IsThatOfRedis) {
  // As CLUSTER KEYSLOT answers.
  struct {
    std::string_view key;
    int slot;
  } const cases[] = {
      {"", 0},
      {"123456789", 12739},
      {"foo", 12182},
      {"bar", 5061},
      {"{user1000}.following", 3443},
      {"user1000", 3443},
      {"foo{}{bar}", 8363},
      {"foo{{bar}}zap", 4015},
      {"{bar", 4015},
      {"foo{bar}{zap}", 5061},
      {"socket.io#/#", 13868},
  };
  for (auto const& [key, slot] : cases)
    EXPECT_EQ(slot_of(key), slot) << key;
}

TEST(SlotMap, KnowsTheOwnerOfEachSlot) {
  auto const map = SlotMap::parse(Reply::array({range(0, 99, node("a", 1)), range(100, 16382, node("b", 2)),
                                                range(16383, 16383, node("a", 1))}),
                                  asked);
  ASSERT_TRUE(map);
  EXPECT_TRUE(map->complete());
  EXPECT_EQ(map->nodes().size(), 2U);
  EXPECT_EQ(map->owner(99)->text(), "a:1");
  EXPECT_EQ(map->owner(100)->text(), "b:2");
  EXPECT_EQ(map->owner(16383)->text(), "a:1");
  EXPECT_EQ(map->owner(-1), nullptr);
}

TEST(SlotMap, ANodeWithoutANameIsTheOneThatWasAsked) {
  for (auto const* const name : {"", "?"}) {
    auto const map = SlotMap::parse(Reply::array({range(0, 16383, node(name, 7001))}), asked);
    ASSERT_TRUE(map);
    EXPECT_EQ(map->owner(0)->text(), "asked:7001");
  }
}

TEST(SlotMap, SaysWhenSlotsHaveNoOwner) {
  EXPECT_FALSE(SlotMap().complete());
  EXPECT_FALSE(SlotMap::parse(Reply::array({}), asked)->complete());
  auto map = SlotMap::parse(Reply::array({range(0, 16382, node("a", 1))}), asked);
  ASSERT_TRUE(map);
  EXPECT_FALSE(map->complete());
  EXPECT_EQ(map->owner(16383), nullptr);
  map->set_owner(16383, {.host = "b", .port = 2});
  EXPECT_TRUE(map->complete());
}

TEST(SlotMap, RefusesWhatIsNone) {
  EXPECT_FALSE(SlotMap::parse(Reply::error("ERR"), asked));
  for (auto const& bad : {Reply::integer(1), Reply::array({}), range(-1, 5, node("a", 1)),
                          range(5, 4, node("a", 1)), range(0, 16384, node("a", 1)), range(0, 1, node("a", 0)),
                          range(0, 1, node("a", 70000)), range(0, 1, Reply::string("a")),
                          Reply::array({Reply::string("0"), Reply::integer(1), node("a", 1)})}) {
    EXPECT_FALSE(SlotMap::parse(Reply::array({bad}), asked));
  }
}

TEST(Redirection, SaysWhereToGo) {
  auto const moved = Redirection::parse(Reply::error("MOVED 3999 127.0.0.1:6381"), asked);
  ASSERT_TRUE(moved);
  EXPECT_FALSE(moved->ask);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->address.text(), "127.0.0.1:6381");
  auto const ask = Redirection::parse(Reply::error("ASK 1 ::1:6381"), asked);
  ASSERT_TRUE(ask);
  EXPECT_TRUE(ask->ask);
  EXPECT_EQ(ask->address.text(), "[::1]:6381");
  EXPECT_EQ(Redirection::parse(Reply::error("MOVED 1 :6381"), asked)->address.text(), "asked:6381");
}

TEST(Redirection, RefusesWhatIsNone) {
  for (auto const* const text : {"ERR", "MOVED", "MOVED 1", "MOVED x a:1", "MOVED -1 a:1", "MOVED 16384 a:1",
                                 "MOVED 1 a", "MOVED 1 a:x", "MOVED 1 a:0", "MOVED 1 a:70000", "ASK"}) {
    EXPECT_FALSE(Redirection::parse(Reply::error(text), asked)) << text;
  }
  EXPECT_FALSE(Redirection::parse(Reply::status("MOVED 1 a:1"), asked));
}

}}  // namespace aerie::redis
