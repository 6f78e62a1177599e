#include "unit/core/task_fixture.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/runtime.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace aerie::test { namespace {

class AnchorTest : public TaskFixture {
 public:
  std::optional<core::Anchor> anchor{std::in_place, runtime.shard(0)};
  int ran = 0;
};

TEST_F(AnchorTest, RunsWhatIsPostedForAnOwnerWhoIsThere) {
  EXPECT_TRUE(anchor->ref().post([this] { ++ran; }));
  EXPECT_EQ(ran, 0);
  run_ready();
  EXPECT_EQ(ran, 1);
}

TEST_F(AnchorTest, DropsWhatArrivesAfterTheOwnersEnd) {
  int alive = 0;
  auto const ref = anchor->ref();
  EXPECT_TRUE(ref.post([this, counted = Counted(alive)] { ++ran; }));
  anchor.reset();
  EXPECT_FALSE(ref.post([this] { ++ran; }));
  run_ready();
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(alive, 0);
}

TEST_F(AnchorTest, AnOwnerMayEndWithinWorkThatIsForIt) {
  auto const ref = anchor->ref();
  ref.post([this] {
    anchor.reset();
    ++ran;
  });
  ref.post([this] { ++ran; });
  run_ready();
  EXPECT_EQ(ran, 1);
}

TEST_F(AnchorTest, KnowsWhetherItIsHere) {
  auto const ref = anchor->ref();
  EXPECT_EQ(ref.here(), nullptr);
  ref.run([&] {
    EXPECT_EQ(ref.here(), &shard());
    ref.run([this] { ++ran; });
    EXPECT_EQ(ran, 1);
    anchor.reset();
    EXPECT_EQ(ref.here(), nullptr);
  });
  EXPECT_EQ(ran, 0);
  run_ready();
  EXPECT_EQ(ran, 1);
}

TEST_F(AnchorTest, AnEmptyRefIsThatOfAnOwnerWhoIsGone) {
  EXPECT_FALSE(core::AnchorRef().post([this] { ++ran; }));
  EXPECT_EQ(core::AnchorRef().here(), nullptr);
  anchor->cut();
  EXPECT_FALSE(anchor->ref().post([this] { ++ran; }));
}

TEST(Anchor, OutlivesItsRuntime) {
  int alive = 0;
  core::AnchorRef ref;
  std::unique_ptr<core::Anchor> anchor;
  {
    Runtime runtime;
    anchor = std::make_unique<core::Anchor>(runtime.shard(0));
    ref = anchor->ref();
    EXPECT_TRUE(ref.post([counted = Counted(alive)] {}));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_FALSE(ref.post([counted = Counted(alive)] {}));
  EXPECT_EQ(alive, 0);
}

TEST(Anchor, WhatIsUnderWayFollowsAnOwnerWhoMoves) {
  RuntimeOptions options;
  options.threads = 2;
  Runtime runtime(options);
  auto& first = runtime.shard(0);
  auto& second = runtime.shard(1);
  core::Anchor anchor(first);
  auto const ref = anchor.ref();
  core::Shard* ran_on = nullptr;
  ref.post([&] { ran_on = core::Shard::current(); });
  anchor.move_to(second);
  first.run_ready();
  EXPECT_EQ(ran_on, nullptr);
  second.run_ready();
  EXPECT_EQ(ran_on, &second);
}

TEST(Anchor, IsUsedOnAnyThreadWhileItsOwnerMovesAndEnds) {
  RuntimeOptions options;
  options.threads = 2;
  Runtime runtime(options);
  std::atomic<int> ran{0};
  auto anchor = std::make_unique<core::Anchor>(runtime.shard(0));
  auto const ref = anchor->ref();
  std::vector<std::thread> posters;
  for (int t = 0; t < 2; ++t) {
    posters.emplace_back([&ran, ref] {
      for (int i = 0; i < 500; ++i)
        ref.post([&ran] { ++ran; });
    });
  }
  std::thread loops([&] { runtime.run(); });
  ref.post([&] {
    anchor->move_to(runtime.shard(1));
    ref.post([&] {
      anchor.reset();
      runtime.stop();
    });
  });
  for (auto& poster : posters)
    poster.join();
  loops.join();
  EXPECT_FALSE(ref.post([] {}));
  EXPECT_LE(ran, 1000);
}

TEST(Mailbox, BoundsProducersThatAreFasterThanTheShard) {
  RuntimeOptions options;
  options.producer_limit = 100;
  Runtime runtime(options);
  auto& mailbox = runtime.shard(0).mailbox();
  int ran = 0;
  auto const count = [&ran] { ++ran; };
  EXPECT_TRUE(mailbox.try_post(1000, count)) << "one of any size fits";
  EXPECT_FALSE(mailbox.try_post(1, count));
  EXPECT_EQ(mailbox.waiting(), 1U);
  EXPECT_EQ(mailbox.waiting_bytes(), 1000U);
  EXPECT_TRUE(mailbox.post(count)) << "what the framework has promised is not bounded";
  runtime.shard(0).run_ready();
  EXPECT_EQ(ran, 2);
  EXPECT_EQ(mailbox.waiting(), 0U);
  EXPECT_EQ(mailbox.waiting_bytes(), 0U);
  EXPECT_TRUE(mailbox.try_post(1, count));
}

TEST(Mailbox, OutlivesItsShard) {
  std::shared_ptr<core::Mailbox> mailbox;
  {
    Runtime runtime;
    mailbox = runtime.shard(0).mailbox().shared_from_this();
  }
  int ran = 0;
  EXPECT_FALSE(mailbox->post([&ran] { ++ran; }));
  EXPECT_FALSE(mailbox->try_post(1, [&ran] { ++ran; }));
  mailbox->wake();
  EXPECT_EQ(ran, 0);
}

}}  // namespace aerie::test
