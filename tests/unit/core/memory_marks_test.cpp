#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"

#include <aerie/core/holder.hpp>
#include <aerie/core/memory_marks.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie::test { namespace {

using enum MemoryState;

TEST(MemoryMarks, SayWhichStateFollows) {
  core::MemoryMarks const marks(1000);
  struct Case {
    MemoryState before;
    std::size_t used;
    MemoryState after;
  };
  for (auto const& [before, used, after] : {
           Case{normal, 0, normal},
           {normal, 899, normal},
           {normal, 900, refuse},
           {normal, 949, refuse},
           {normal, 950, shed},
           {normal, 5000, shed},
           {refuse, 949, refuse},
           {refuse, 950, shed},
           {refuse, 899, refuse},
           {refuse, 850, refuse},
           {refuse, 849, normal},
           {shed, 949, shed},
           {shed, 900, shed},
           {shed, 899, refuse},
           {shed, 850, refuse},
           {shed, 849, normal},
       }) {
    EXPECT_EQ(to_string(marks.next(before, used)), to_string(after)) << to_string(before) << " with " << used;
  }
}

TEST(MemoryMarks, AreRightForEverySizeOfMemory) {
  for (std::size_t const limit : {std::size_t{16} << 20U, std::size_t{1} << 40U, ~std::size_t{0}}) {
    core::MemoryMarks const marks(limit);
    EXPECT_EQ(marks.next(normal, limit / 100 * 89), normal) << limit;
    EXPECT_EQ(marks.next(normal, limit / 100 * 91), refuse) << limit;
    EXPECT_EQ(marks.next(normal, limit / 100 * 96), shed) << limit;
  }
}

struct Held final : core::Holder {
  Held(core::Holders& all, std::size_t bytes, std::vector<std::size_t>& order)
      : Holder(all), size(bytes), gone(order) {
    hold(bytes);
  }
  void shed() noexcept override { gone.push_back(size); }

  std::size_t size;
  std::vector<std::size_t>& gone;
};

TEST(Holders, LetTheFullestGoFirstUntilThatIsEnough) {
  core::Account above;
  core::Holders holders(above);
  std::vector<std::size_t> gone;
  std::vector<std::unique_ptr<Held>> all;
  for (std::size_t const size : {10U, 400U, 30U, 200U, 0U})
    all.push_back(std::make_unique<Held>(holders, size, gone));
  EXPECT_EQ(above.used(), 640U);
  auto const shed = holders.shed(401);
  EXPECT_EQ(gone, (std::vector<std::size_t>{400, 200}));
  EXPECT_EQ(shed.count, 2U);
  EXPECT_EQ(shed.bytes, 600U);
  EXPECT_EQ(above.used(), 40U);
  EXPECT_EQ(holders.shed(1000).bytes, 40U);
  EXPECT_EQ(gone, (std::vector<std::size_t>{400, 200, 30, 10})) << "each once, none for nothing";
  all.clear();
  EXPECT_EQ(above.used(), 0U);
}

TEST(ProcessMemory, RefusesALimitThatIsNone) {
  for (std::size_t const limit : {std::size_t{1}, core::ProcessMemory::least_limit - 1}) {
    try {
      Runtime const runtime({.memory_limit = limit});
      ADD_FAILURE() << limit;
    } catch (std::invalid_argument const& error) {
      std::string_view const text = error.what();
      EXPECT_NE(text.find("RuntimeOptions::memory_limit"), text.npos) << text;
      EXPECT_NE(text.find("use 16777216 or more, or 0 for no limit"), text.npos) << text;
    }
  }
  EXPECT_NO_THROW(Runtime({.memory_limit = core::ProcessMemory::least_limit}));
}

class ProcessMemoryTest : public ::testing::Test {
 public:
  static constexpr std::size_t limit = core::ProcessMemory::least_limit;
  static constexpr std::size_t percent = limit / 100;

  core::Shard& shard(std::size_t index = 0) { return runtime.shard(index); }
  void run() {
    for (int round = 0; round < 4; ++round) {
      shard(0).run_ready();
      shard(1).run_ready();
    }
  }
  /// Something that is not a slow client's.
  void charge(std::size_t percents, std::size_t index = 0) {
    shard(index).post([this, percents, index] { shard(index).account().charge(percents * percent); });
    run();
  }
  void credit(std::size_t percents, std::size_t index = 0) {
    shard(index).post([this, percents, index] { shard(index).account().credit(percents * percent); });
    run();
  }
  std::size_t lines_about(std::string_view part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(log, [&](auto const& line) { return line.find(part) != line.npos; }));
  }

  struct Peer {
    explicit Peer(core::Shard& shard) : stream(shard) {
      stream.forgets = true;
      stream.window = 0;
      stream.set_limit(limit);
      stream.set_handler(&handler);
    }
    ~Peer() { stream.close(); }
    FakeStream stream;
    RecordingHandler handler;
  };
  std::unique_ptr<Peer> slow_peer(std::size_t percents, std::size_t index = 0) {
    auto peer = std::make_unique<Peer>(shard(index));
    shard(index).post([&] { peer->stream.write(std::string(percents * percent, 'x')); });
    run();
    return peer;
  }

  core::ManualClock clock;
  std::vector<std::string> log;
  Runtime runtime{{.threads = 2,
                   .memory_limit = limit,
                   .log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); },
                   .clock = &clock}};
};

TEST_F(ProcessMemoryTest, GoesThroughItsStatesAndSaysEachChangeOnce) {
  charge(89);
  EXPECT_EQ(runtime.stats().memory_state, normal);
  EXPECT_FALSE(runtime.memory().refuses());
  charge(2);
  EXPECT_EQ(runtime.stats().memory_state, refuse);
  EXPECT_TRUE(runtime.memory().refuses());
  charge(1);
  EXPECT_EQ(lines_about("are answered 503"), 1U);
  credit(6);
  EXPECT_EQ(runtime.stats().memory_state, refuse) << "86 % is not enough to change it back";
  credit(2);
  EXPECT_EQ(runtime.stats().memory_state, normal);
  EXPECT_EQ(lines_about("everybody is let in again"), 1U);
  charge(12);
  EXPECT_EQ(runtime.stats().memory_state, shed) << "although there is nobody to close";
  EXPECT_TRUE(runtime.memory().refuses());
  EXPECT_EQ(lines_about("the fullest first"), 1U);
  credit(96);
  EXPECT_EQ(runtime.stats().memory_state, normal);
  EXPECT_EQ(log.size(), 4U);
}

TEST_F(ProcessMemoryTest, IsThatOfAllShardsAndOfWhatIsPosted) {
  charge(50, 0);
  charge(39, 1);
  EXPECT_EQ(runtime.stats().memory_state, normal);
  shard(0).mailbox().try_post(2 * percent, [] {});
  shard(1).account().charge(1);
  shard(1).turn(core::Milliseconds{0});
  EXPECT_EQ(runtime.stats().memory_state, refuse);
  run();
  credit(50, 0);
  credit(39, 1);
  EXPECT_EQ(runtime.stats().memory_state, normal);
}

TEST_F(ProcessMemoryTest, ClosesTheFullestSlowPeersAndNobodyElse) {
  auto const small = slow_peer(4);
  auto const large = slow_peer(20);
  auto const middle = slow_peer(10);
  Peer healthy(shard());
  healthy.stream.window = FakeStream::unlimited;
  charge(58);
  EXPECT_EQ(runtime.stats().memory_state, refuse);
  EXPECT_EQ(large->handler.overflows + middle->handler.overflows + small->handler.overflows, 0);
  charge(4);
  EXPECT_EQ(large->handler.overflows, 1);
  EXPECT_TRUE(large->stream.shed());
  EXPECT_EQ(middle->handler.overflows + small->handler.overflows + healthy.handler.overflows, 0);
  EXPECT_EQ(runtime.stats().memory_state, normal);
  EXPECT_EQ(runtime.stats().clients_shed, 1U);
  EXPECT_EQ(lines_about("1 clients that have not taken what they were sent"), 1U);
  charge(21);
  EXPECT_EQ(middle->handler.overflows, 1);
  EXPECT_EQ(small->handler.overflows, 0);
  shard().post([&] { healthy.stream.write("still there"); });
  run();
  EXPECT_EQ(healthy.stream.transmissions, 1);
  credit(83);
}

TEST_F(ProcessMemoryTest, ClosesThemOnTheShardThatHoldsMost) {
  auto const here = slow_peer(10, 0);
  auto const there = slow_peer(30, 1);
  charge(56, 0);
  EXPECT_EQ(there->handler.overflows, 1);
  EXPECT_EQ(here->handler.overflows, 0);
  credit(56, 0);
}

TEST_F(ProcessMemoryTest, AStreamThatIsLeftToItselfIsClosedAsWell) {
  auto stream = std::make_unique<FakeStream>(shard());
  bool destroyed = false;
  stream->destroyed = &destroyed;
  stream->forgets = true;
  stream->window = 0;
  shard().post([&] {
    stream->write(std::string(10 * percent, 'x'));
    core::Stream::finish(std::move(stream));
  });
  run();
  EXPECT_FALSE(destroyed);
  charge(86);
  EXPECT_TRUE(destroyed);
  EXPECT_EQ(runtime.stats().shards[0].bytes_held, 86 * percent);
  credit(86);
}

}}  // namespace aerie::test
