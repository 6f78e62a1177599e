#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"

#include <aerie/core/burst.hpp>

#include <algorithm>
#include <cstring>
#include <random>

namespace aerie::test { namespace {

class BurstTest : public TaskFixture {
 public:
  std::unique_ptr<core::Burst> burst_to(std::string_view first, std::vector<FakeStream*> const& receivers) {
    auto burst = std::make_unique<core::Burst>(shard(), 1024);
    burst->append(first);
    for (auto* receiver : receivers)
      receiver->join(*burst, 0);
    return burst;
  }

  FakeStream a{shard()};
  FakeStream b{shard()};
};

TEST_F(BurstTest, ReachesEverybodyWhoHasJoinedWithOneTransmissionEach) {
  shard().post([&] {
    auto const burst = burst_to("one ", {&a, &b});
    burst->append("two ");
    burst->append("three");
  });
  run_ready();
  EXPECT_EQ(a.wire, "one two three");
  EXPECT_EQ(b.wire, "one two three");
  EXPECT_EQ(a.transmissions, 1);
}

TEST_F(BurstTest, KeepsTheOrderWithOtherWritesToOneReceiver) {
  shard().post([&] {
    a.write("[before]");
    auto const burst = burst_to("one ", {&a, &b});
    a.write("[between]");
    burst->append("two ");
    burst->append("three ");
    a.write("[after]");
  });
  run_ready();
  EXPECT_EQ(a.wire, "[before]one [between]two three [after]");
  EXPECT_EQ(b.wire, "one two three ");
}

TEST_F(BurstTest, IsClosedByTheEndOfTheTurn) {
  std::unique_ptr<core::Burst> burst;
  shard().post([&] {
    burst = burst_to("one", {&a});
    EXPECT_TRUE(burst->open());
    EXPECT_TRUE(burst->has_room_for(1021));
    EXPECT_FALSE(burst->has_room_for(1022));
  });
  run_ready();
  EXPECT_FALSE(burst->open());
  EXPECT_FALSE(burst->has_room_for(1));
}

TEST_F(BurstTest, ClosedByHandAndDestroyedWithinTheTurnItIsForgotten) {
  shard().post([&] {
    auto burst = burst_to("one", {&a});
    burst->close();
    burst.reset();
    auto const reuses_the_memory = std::make_unique<std::string>(sizeof(core::Burst) * 2, 'x');
  });
  run_ready();
  EXPECT_EQ(a.wire, "one");
}

TEST_F(BurstTest, JoinedBeforeAnythingWasAppendedSendsWhatComesLater) {
  shard().post([&] {
    core::Burst burst(shard(), 100);
    a.join(burst, 0);
    b.join(burst, 0);
    b.write("direct ");
    burst.append("late");
  });
  run_ready();
  EXPECT_EQ(a.wire, "late");
  EXPECT_EQ(b.wire, "direct late");
}

TEST_F(BurstTest, WithoutAnythingAppendedSendsNothingAndBlocksNobody) {
  shard().post([&] {
    core::Burst const burst(shard(), 100);
    a.join(const_cast<core::Burst&>(burst), 0);
  });
  run_ready();
  EXPECT_TRUE(a.idle());
  EXPECT_FALSE(a.watched);
}

TEST_F(BurstTest, ClosedReceiversAreLeftAlone) {
  shard().post([&] {
    auto const burst = burst_to("one ", {&a, &b});
    a.close();
    burst->append("two");
  });
  run_ready();
  EXPECT_EQ(a.wire, "");
  EXPECT_EQ(b.wire, "one two");
}

TEST_F(BurstTest, BlockedReceiversGetItLater) {
  a.window = 2;
  shard().post([&] {
    auto const burst = burst_to("one ", {&a, &b});
    burst->append("two");
  });
  run_ready();
  EXPECT_EQ(a.wire, "on");
  EXPECT_EQ(b.wire, "one two");
  a.take(100);
  EXPECT_EQ(a.wire, "one two");
}

/// A room as an adapter sees it, with a plain string per member that says what the member must receive.
class Model {
 public:
  Model(core::Shard& shard, unsigned seed) : shard_(shard), random_(seed) {
    for (auto& member : members_) {
      member.stream = std::make_unique<FakeStream>(shard);
      member.stream->set_limit(std::size_t{1} << 30U);
    }
  }

  void step() {
    auto& member = members_[pick(members_.size())];
    switch (pick(12)) {
      case 0:
        return write(member, text(pick(200)));
      case 1:
        return write(member, text(pick(3000)));
      case 2:
        return write_chunk(member);
      case 3:
        return write_in_place(member);
      case 4:
        return pick(20) == 0 ? write(member, text(300'000)) : void();
      case 5:
        member.stream->window = pick(2000);
        return;
      case 6:
        member.stream->take(pick(2) == 0 ? pick(5000) : FakeStream::unlimited);
        return;
      case 7:
        member.invited = !member.invited;
        burst_.reset();
        return;
      case 8:
        return pick(40) == 0 ? close(member) : void();
      default:
        return broadcast(text(1 + pick(300)));
    }
  }

  void end_turn() { burst_.reset(); }

  void check() {
    for (auto& member : members_) {
      member.stream->take(FakeStream::unlimited);
      if (!member.stream->closed()) {
        ASSERT_EQ(member.stream->wire, member.expected);
        ASSERT_TRUE(member.stream->idle());
        ASSERT_EQ(member.stream->unsent(), 0U);
      }
      ASSERT_TRUE(std::string_view(member.expected).starts_with(member.stream->wire));
    }
  }

 private:
  struct Member {
    std::unique_ptr<FakeStream> stream;
    std::string expected;
    bool invited = true;
  };

  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string text(std::size_t size) {
    std::string result = std::to_string(++messages_);
    result.resize(std::max(result.size(), size), static_cast<char>('a' + messages_ % 26));
    return result;
  }

  void write(Member& to, std::string const& bytes) {
    to.expected += bytes;
    to.stream->write(bytes);
  }
  void write_chunk(Member& to) {
    auto const bytes = text(pick(500));
    to.expected += bytes;
    to.stream->write(core::ChunkRef::copy(bytes));
  }
  void write_in_place(Member& to) {
    auto const bytes = text(pick(500));
    to.expected += bytes;
    std::memcpy(to.stream->prepare(bytes.size() + 10), bytes.data(), bytes.size());
    to.stream->commit(bytes.size());
  }
  void close(Member& member) { member.stream->close(); }

  void broadcast(std::string const& bytes) {
    for (auto& member : members_) {
      if (member.invited) member.expected += bytes;
    }
    if (burst_ && burst_->has_room_for(bytes.size())) {
      burst_->append(bytes);
      return;
    }
    burst_ = std::make_unique<core::Burst>(shard_, 2000);
    burst_->append(bytes);
    for (auto& member : members_) {
      if (member.invited) member.stream->join(*burst_, 0);
    }
  }

  core::Shard& shard_;
  std::mt19937 random_;
  unsigned messages_ = 0;
  std::array<Member, 5> members_;
  std::unique_ptr<core::Burst> burst_;
};

TEST_F(BurstTest, GivesEachReceiverItsBytesInOrderWhateverHappensBetween) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Model model(shard(), seed);
    for (int turn = 0; turn < 60; ++turn) {
      shard().post([&] {
        for (unsigned i = 0; i < 1 + seed % 40; ++i)
          model.step();
        if (turn % 2 == 0) model.end_turn();
      });
      run_ready();
    }
    model.end_turn();
    shard().post([&] { model.check(); });
    run_ready();
    ASSERT_FALSE(HasFatalFailure());
  }
}

}}  // namespace aerie::test
