#include <aerie/core/owned.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace aerie::core { namespace {

// Counts those that live.
struct Counted {
  explicit Counted(int& alive) : alive(alive) { ++alive; }
  virtual ~Counted() { --alive; }
  int& alive;
};
struct Derived : Counted {
  using Counted::Counted;
};

TEST(Owned, IsNothingAtFirst) {
  Owned<Counted> const none;
  EXPECT_FALSE(none);
  EXPECT_TRUE(none == nullptr);
  EXPECT_EQ(none.get(), nullptr);
}

TEST(Owned, DestroysWhatItOwnsOnce) {
  int alive = 0;
  {
    Owned<Counted> first = std::make_unique<Derived>(alive);
    Owned<Counted> second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_EQ(&second->alive, &alive);
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST(Owned, DestroysWhatItOwnedWhenGivenAnother) {
  int alive = 0;
  Owned<Counted> owned = std::make_unique<Counted>(alive);
  owned = std::make_unique<Counted>(alive);
  EXPECT_EQ(alive, 1);
  owned = nullptr;
  EXPECT_EQ(alive, 0);
  EXPECT_FALSE(owned);
}

TEST(Owned, KeepsWhatIsMovedToItself) {
  int alive = 0;
  Owned<Counted> owned = std::make_unique<Counted>(alive);
  auto& same = owned;
  owned = std::move(same);
  EXPECT_EQ(alive, 1);
  EXPECT_TRUE(owned);
}

TEST(Owned, TurnsIntoAUniquePointer) {
  int alive = 0;
  Owned<Counted> owned = std::make_unique<Counted>(alive);
  std::unique_ptr<Counted> const taken = std::move(owned);
  EXPECT_FALSE(owned);
  EXPECT_EQ(alive, 1);
  EXPECT_NE(taken, nullptr);
}

TEST(Owned, HasItsNewObjectWhenTheOldOneEnds) {
  struct Looking {
    Looking(Owned<Looking>& owner, bool& saw_another) : owner(owner), saw_another(saw_another) {}
    ~Looking() { saw_another = owner.get() != this; }
    Owned<Looking>& owner;
    bool& saw_another;
  };
  bool first_saw = false;
  bool second_saw = false;
  Owned<Looking> owned;
  owned = std::make_unique<Looking>(owned, first_saw);
  owned = std::make_unique<Looking>(owned, second_saw);
  EXPECT_TRUE(first_saw);
}

}}  // namespace aerie::core
