#include <aerie/core/keyed_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::core { namespace {

struct Named {
  std::string name;
};

struct NameOf {
  std::string_view operator()(Named const& named) const noexcept { return named.name; }
};

// A hash of a user's making, with a state of its own.
struct Salted {
  std::size_t salt = 0;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>()(text) ^ salt;
  }
};

struct AllAlike {
  std::size_t operator()(std::string_view) const noexcept { return 7; }
};

template <class Hash>
using Names = KeyedTable<std::unique_ptr<Named>, NameOf, Hash>;

std::unique_ptr<Named> named(std::string name) {
  return std::make_unique<Named>(Named{std::move(name)});
}

template <class Hash>
std::vector<std::string> content(Names<Hash> const& table) {
  std::vector<std::string> names;
  table.for_each([&](Named const& each) { names.push_back(each.name); });
  std::ranges::sort(names);
  return names;
}

// Does to the table and to a std::set the same at random, few names or many, and compares them all the way.
template <class Hash>
void compare_with_a_set(Names<Hash> table, unsigned names, int steps) {
  std::mt19937 random(names);
  std::set<std::string> model;
  for (int step = 0; step < steps; ++step) {
    auto const name = std::to_string(random() % names);
    // Phases in which the table fills, and phases in which it empties.
    bool const fills = (step / static_cast<int>(names)) % 2 == 0;
    if (random() % 4 < (fills ? 3U : 1U)) {
      ASSERT_EQ(table.insert(named(name)), model.insert(name).second) << name;
    } else {
      auto const taken = table.take(name);
      ASSERT_EQ(taken != nullptr, model.erase(name) == 1) << name;
      if (taken) {
        ASSERT_EQ(taken->name, name);
      }
    }
    auto const other = std::to_string(random() % names);
    auto const* const found = table.find(std::string_view(other));
    ASSERT_EQ(found != nullptr, model.contains(other)) << other;
    if (found != nullptr) {
      ASSERT_EQ(found->name, other);
    }
    ASSERT_EQ(table.size(), model.size());
  }
  EXPECT_EQ(content(table), (std::vector<std::string>(model.begin(), model.end())));
}

TEST(KeyedTable, HoldsWhatASetWouldHold) {
  compare_with_a_set(Names<Salted>(), 5, 2000);
  compare_with_a_set(Names<Salted>(), 100, 20000);
  compare_with_a_set(Names<Salted>(), 3000, 60000);
}

TEST(KeyedTable, IsRightWithAHashThatTellsNothingApart) {
  compare_with_a_set(Names<AllAlike>(), 100, 10000);
}

TEST(KeyedTable, AsksTheHashThatItIsGiven) {
  compare_with_a_set(Names<Salted>(Salted{0x123456789ABCDEF0U}), 100, 2000);
}

TEST(KeyedTable, FindsAndTakesNothingWhileItIsEmpty) {
  Names<Salted> table;
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.find("a"), nullptr);
  EXPECT_EQ(table.take("a"), nullptr);
  table.insert(named("a"));
  table.take("a");
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.find("a"), nullptr);
}

TEST(KeyedTable, LeavesARefusedElementToItsOwner) {
  Names<Salted> table;
  table.insert(named("a"));
  auto second = named("a");
  EXPECT_FALSE(table.insert(std::move(second)));
  EXPECT_NE(second, nullptr);
}

TEST(KeyedTable, StaysAsLargeAsItIsWhileElementsComeAndGo) {
  std::size_t hashed = 0;
  struct Counting {
    std::size_t* count = nullptr;
    std::size_t operator()(std::string_view text) const noexcept {
      ++*count;
      return std::hash<std::string_view>()(text);
    }
  };
  Names<Counting> table(Counting{&hashed});
  for (int i = 0; i < 800; ++i)
    table.insert(named(std::to_string(i)));
  hashed = 0;
  constexpr int rounds = 100000;
  for (int i = 800; i < 800 + rounds; ++i) {
    table.insert(named(std::to_string(i)));
    table.take(std::to_string(i - 800));
  }
  // Three for each round, and the rest for clearing away the places of those that have gone. A table that did
  // so in each round would hash 800 more.
  EXPECT_LT(hashed, rounds * 20U);
  EXPECT_EQ(table.size(), 800U);
}

}}  // namespace aerie::core
