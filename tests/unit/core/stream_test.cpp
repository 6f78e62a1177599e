#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"

#include <aerie/core/chunk.hpp>
#include <aerie/core/stream.hpp>

#include <cstring>

namespace aerie::test { namespace {

class StreamTest : public TaskFixture {
 public:
  StreamTest() { stream->set_handler(&handler); }

  RecordingHandler handler;
  std::unique_ptr<FakeStream> stream = std::make_unique<FakeStream>(shard());
};

std::string const large(300 * 1024, 'x');

TEST_F(StreamTest, WritesEverythingOfATurnAtItsEndInOneGo) {
  shard().post([&] {
    stream->write("one ");
    stream->write(core::ChunkRef::copy("two "));
    std::memcpy(stream->prepare(10), "three", 5);
    stream->commit(5);
    EXPECT_EQ(stream->transmissions, 0);
    EXPECT_EQ(stream->unsent(), 13U);
    EXPECT_FALSE(stream->idle());
  });
  run_ready();
  EXPECT_EQ(stream->wire, "one two three");
  EXPECT_EQ(stream->transmissions, 1);
  EXPECT_TRUE(stream->idle());
}

TEST_F(StreamTest, WrittenOutsideATurnIsSentInTheNext) {
  stream->write("hello");
  run_ready();
  EXPECT_EQ(stream->wire, "hello");
}

TEST_F(StreamTest, GoesOnWhenABlockedPeerTakesMoreAndTellsWhenDrained) {
  stream->window = 4;
  stream->write("slow peer");
  run_ready();
  EXPECT_EQ(stream->wire, "slow");
  EXPECT_TRUE(stream->watched);
  stream->take(3);
  EXPECT_EQ(stream->wire, "slow pe");
  EXPECT_EQ(handler.drained, 0);
  stream->take(100);
  EXPECT_EQ(stream->wire, "slow peer");
  EXPECT_FALSE(stream->watched);
  EXPECT_EQ(handler.drained, 1);
}

TEST_F(StreamTest, DoesNotSpeakOfDrainingIfItNeverWasBlocked) {
  stream->write("hello");
  run_ready();
  EXPECT_EQ(handler.drained, 0);
}

TEST_F(StreamTest, SendsMuchAtOnceBeforeTheTurnEnds) {
  shard().post([&] {
    stream->write(large);
    EXPECT_EQ(stream->wire.size(), large.size());
  });
  run_ready();
}

TEST_F(StreamTest, OverflowsByWhatIsWrittenToAPeerThatIsBehind) {
  stream->set_limit(100'000);
  stream->window = 10;
  stream->write(core::ChunkRef::copy(std::string(90'000, 'a')));
  run_ready();
  EXPECT_EQ(handler.overflows, 0);
  stream->write(core::ChunkRef::copy(std::string(20'000, 'b')));
  run_ready();
  EXPECT_EQ(handler.overflows, 1);
  EXPECT_TRUE(stream->idle());
  // It costs nothing more.
  stream->write(large);
  EXPECT_TRUE(stream->idle());
}

TEST_F(StreamTest, APeerThatReadsGetsWhateverOneTurnWrites) {
  stream->window = 50'000;
  std::size_t total = 0;
  shard().post([&] {
    for (int i = 0; i < 60; ++i) {
      stream->write(core::ChunkRef::copy(std::string(100'000, 'x')));
      stream->write("a small one between");
      total += 100'000 + 19;
    }
  });
  run_ready();
  while (!stream->idle()) {
    ASSERT_EQ(handler.overflows, 0);
    stream->take(50'000);
    // The other messages of a busy room.
    if (stream->wire.size() % 500'000 < 50'000) {
      stream->write("ping");
      total += 4;
    }
    run_ready();
  }
  EXPECT_EQ(stream->wire.size(), total);
}

TEST_F(StreamTest, APacketOfSeveralLargePartsReachesAPeerThatReads) {
  stream->window = 4'000'000;
  shard().post([&] {
    stream->write("451-[\"files\",...]");
    stream->write(core::ChunkRef::copy(std::string(8 << 20, 'x')));
    stream->write(core::ChunkRef::copy(std::string(8 << 20, 'y')));
  });
  run_ready();
  while (!stream->idle()) {
    stream->take(1'000'000);
    run_ready();
  }
  EXPECT_EQ(handler.overflows, 0);
  EXPECT_EQ(handler.drained, 1);
}

TEST_F(StreamTest, GivesUpAPeerThatTakesNextToNothing) {
  // One byte every 29 seconds keeps no queue alive.
  stream->window = 0;
  stream->write(std::string(200'000, 'x'));
  run_ready();
  for (int i = 0; i < 3 && handler.closed.empty(); ++i) {
    advance(29s);
    if (handler.closed.empty()) stream->take(1);
  }
  ASSERT_EQ(handler.closed.size(), 1U);
  EXPECT_EQ(handler.closed[0], std::errc::timed_out);
}

TEST_F(StreamTest, LooksForWhatAPeerHasTakenBeforeItIsGivenUp) {
  // The kernel says nothing of room before there is much of it.
  stream->window = 0;
  stream->write(std::string(500'000, 'x'));
  run_ready();
  for (int i = 0; i < 5; ++i) {
    stream->window = 50'000;
    advance(60s);
    EXPECT_TRUE(handler.closed.empty()) << i;
  }
  EXPECT_EQ(stream->wire.size(), 250'000U);
}

TEST_F(StreamTest, KeepsAPeerThatTakesLittleButSteadily) {
  stream->window = 0;
  stream->write(std::string(200'000, 'x'));
  run_ready();
  for (int i = 0; i < 9; ++i) {
    advance(30s);
    stream->take(20'000);
  }
  EXPECT_TRUE(handler.closed.empty());
}

TEST_F(StreamTest, TellsTheHandlerNothingFromWithinAWrite) {
  stream->failure = std::make_error_code(std::errc::connection_reset);
  shard().post([&] {
    stream->write(large);
    EXPECT_TRUE(handler.closed.empty());
  });
  run_ready();
  ASSERT_EQ(handler.closed.size(), 1U);
  EXPECT_EQ(handler.closed[0], std::errc::connection_reset);
  EXPECT_TRUE(stream->closed());
}

TEST_F(StreamTest, TellsOfAnOverflowAtTheEndOfTheTurnEvenIfItWroteEarly) {
  stream->window = 0;
  stream->set_limit(1000);
  stream->write(large);
  run_ready();
  shard().post([&] {
    stream->write(large);
    EXPECT_EQ(handler.overflows, 0);
  });
  run_ready();
  EXPECT_EQ(handler.overflows, 1);
}

TEST_F(StreamTest, CloseDropsWhatIsQueuedAndTellsNobody) {
  shard().post([&] {
    stream->write("never sent");
    stream->close();
    stream->write("neither");
  });
  run_ready();
  EXPECT_EQ(stream->wire, "");
  EXPECT_TRUE(stream->released);
  EXPECT_TRUE(stream->idle());
  EXPECT_TRUE(handler.closed.empty());
}

TEST_F(StreamTest, FinishSendsTheRestEndsTheOutputAndWaitsForThePeer) {
  auto* const raw = stream.get();
  raw->window = 3;
  raw->write("goodbye");
  core::Stream::finish(std::move(stream));
  run_ready();
  EXPECT_EQ(raw->wire, "goo");
  EXPECT_FALSE(raw->output_ended);
  raw->take(100);
  EXPECT_EQ(raw->wire, "goodbye");
  EXPECT_TRUE(raw->output_ended);
  EXPECT_FALSE(raw->released);
}

TEST_F(StreamTest, FinishedAndSentIsGivenUpAfterAMomentIfThePeerKeepsQuiet) {
  bool destroyed = false;
  stream->destroyed = &destroyed;
  core::Stream::finish(std::move(stream));
  run_ready();
  advance(1999ms);
  EXPECT_FALSE(destroyed);
  advance(1ms);
  EXPECT_TRUE(destroyed);
}

TEST_F(StreamTest, FinishGivesASlowPeerTimeAsLongAsItTakesSomething) {
  auto* const raw = stream.get();
  raw->window = 0;
  raw->write(std::string(100'000, 'x'));
  core::Stream::finish(std::move(stream));
  run_ready();
  for (int i = 0; i < 9; ++i) {
    advance(9s);
    raw->take(10'000);
  }
  EXPECT_FALSE(raw->released);
  raw->take(10'000);
  EXPECT_EQ(raw->wire.size(), 100'000U);
  EXPECT_TRUE(raw->output_ended);
}

TEST_F(StreamTest, FinishGivesUpAPeerThatTakesNothing) {
  bool destroyed = false;
  stream->destroyed = &destroyed;
  stream->window = 0;
  stream->write("unread");
  core::Stream::finish(std::move(stream));
  run_ready();
  advance(30s);
  EXPECT_TRUE(destroyed);
}

TEST_F(StreamTest, FinishDoesNotWaitForAPeerThatHasEnded) {
  bool destroyed = false;
  std::string wire;
  shard().post([&] {
    auto* const raw = stream.get();
    raw->outlives = true;
    raw->destroyed = &destroyed;
    raw->write("goodbye");
    core::Stream::finish(std::move(stream), true);
    wire = raw->wire;
    EXPECT_TRUE(raw->released);
    EXPECT_FALSE(destroyed);
  });
  run_ready();
  EXPECT_EQ(wire, "goodbye");
  EXPECT_TRUE(destroyed);
}

TEST_F(StreamTest, FinishSendsTheRestToAPeerThatHasEnded) {
  auto* const raw = stream.get();
  raw->outlives = true;
  raw->window = 3;
  raw->write("goodbye");
  core::Stream::finish(std::move(stream), true);
  run_ready();
  EXPECT_FALSE(raw->released);
  raw->take(100);
  EXPECT_EQ(raw->wire, "goodbye");
  EXPECT_TRUE(raw->output_ended);
}

TEST_F(StreamTest, FinishWaitsForAPeerThatHasEndedWhereReleasingWouldLoseTheLastBytes) {
  auto* const raw = stream.get();
  raw->write("goodbye");
  core::Stream::finish(std::move(stream), true);
  run_ready();
  EXPECT_FALSE(raw->released);
  EXPECT_TRUE(raw->output_ended);
}

TEST_F(StreamTest, SendsWhatTheTurnHasQueuedToAPeerThatHasEndedThenSaysThatItIsGone) {
  shard().post([&] {
    stream->write("before");
    stream->end();
    stream->write(" and after");
    EXPECT_TRUE(stream->peer_ended());
    EXPECT_TRUE(handler.closed.empty());
  });
  run_ready();
  EXPECT_EQ(stream->wire, "before and after");
  EXPECT_EQ(handler.ends, 1);
  ASSERT_EQ(handler.closed.size(), 1U);
  EXPECT_FALSE(handler.closed[0]);
}

TEST_F(StreamTest, DoesNotWaitForAPeerThatHasEndedAndTakesNothing) {
  stream->window = 0;
  stream->write("never taken");
  shard().post([&] { stream->end(); });
  run_ready();
  EXPECT_EQ(handler.closed.size(), 1U);
}

TEST_F(StreamTest, GoesOnAfterThePeersEndIfTheHandlerDoes) {
  handler.goes_on = true;
  shard().post([&] { stream->end(); });
  run_ready();
  EXPECT_TRUE(handler.closed.empty());
  stream->write("later");
  run_ready();
  EXPECT_EQ(stream->wire, "later");
  auto* const raw = stream.get();
  bool destroyed = false;
  raw->destroyed = &destroyed;
  core::Stream::finish(std::move(stream));
  shard().post([&] { EXPECT_FALSE(destroyed); });
  // Everything is sent, and nothing can arrive: there is nothing to wait for.
  run_ready();
  EXPECT_TRUE(destroyed);
  EXPECT_TRUE(handler.closed.empty());
}

TEST_F(StreamTest, MayBeFinishedWhileItsHandlerHearsOfThePeersEnd) {
  struct Finishing final : core::StreamHandler {
    void on_data(std::span<char>) override {}
    bool on_end() override {
      core::Stream::finish(std::move(*stream));
      return answer;
    }
    void on_closed(std::error_code) override { FAIL() << "it has left the stream"; }
    void on_overflow() override {}
    std::unique_ptr<FakeStream>* stream = nullptr;
    bool answer = false;
  };
  for (bool const answer : {false, true}) {
    Finishing finishing;
    finishing.stream = &stream;
    finishing.answer = answer;
    bool destroyed = false;
    stream = std::make_unique<FakeStream>(shard());
    stream->destroyed = &destroyed;
    stream->set_handler(&finishing);
    auto* const raw = stream.get();
    raw->window = 3;
    raw->write("goodbye");
    shard().post([&] { raw->end(); });
    run_ready();
    EXPECT_FALSE(destroyed) << "the rest is still to be sent";
    shard().post([&] {
      raw->take(100);
      EXPECT_EQ(raw->wire, "goodbye");
    });
    run_ready();
    EXPECT_TRUE(destroyed);
  }
}

}}  // namespace aerie::test
