#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"
#include "unit/support/allocated.hpp"

#include <aerie/core/burst.hpp>
#include <aerie/core/chunk.hpp>

#include <algorithm>
#include <cstring>
#include <random>

// What a peer that takes little costs, in allocated bytes, whatever is written to it and how.
namespace aerie::test { namespace {

constexpr std::size_t limit = 1 << 20;
constexpr std::size_t slack = 64 * 1024;

/// A peer; it is replaced by a new one when it is found to be slow, as a server would.
class Peer final : public core::StreamHandler {
 public:
  explicit Peer(core::Shard& shard) : shard_(shard) { connect(); }
  ~Peer() override { drop(); }
  Peer(Peer const&) = delete;
  Peer& operator=(Peer const&) = delete;

  void on_data(std::span<char>) override {}
  void on_closed(std::error_code) override { ADD_FAILURE() << "nothing breaks here"; }
  void on_overflow() override {
    ++overflows;
    drop();
    connect();
  }

  FakeStream& stream() { return *stream_; }
  std::size_t written = 0;  // in this turn
  std::size_t most = 0;     // that waited at the end of a turn
  int overflows = 0;

 private:
  void connect() {
    stream_ = std::make_unique<FakeStream>(shard_);
    stream_->forgets = true;
    stream_->window = 0;
    stream_->set_limit(limit);
    stream_->set_handler(this);
  }
  void drop() {
    stream_->close();
    shard_.retire(std::move(stream_));
  }

  core::Shard& shard_;
  std::unique_ptr<FakeStream> stream_;
};

class StreamMemoryTest : public TaskFixture {
 public:
  /// `most`: the largest single write.
  void churn(std::size_t slow_peers, std::size_t most, unsigned seed, int turns) {
    std::mt19937 random(seed);
    auto const below = [&](std::size_t end) {
      return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    // Sizes of all orders of magnitude.
    auto const size = [&] { return 1 + below(std::min(most, std::size_t{1} << (1 + below(20)))); };

    warm_up();
    std::vector<std::unique_ptr<Peer>> peers;
    for (std::size_t i = 0; i < slow_peers; ++i)
      peers.push_back(std::make_unique<Peer>(shard()));
    std::string const text(most, 'x');
    auto const before = allocated();

    std::vector<std::unique_ptr<core::Burst>> rooms(4);
    for (int turn = 0; turn < turns; ++turn) {
      for (auto& peer : peers)
        peer->written = 0;
      shard().post([&] {
        auto const operations = 1 + below(12);
        for (std::size_t i = 0; i < operations; ++i) {
          auto& peer = *peers[below(peers.size())];
          auto const bytes = size();
          auto const fits = [&](Peer& to) { return to.written + bytes <= limit; };
          if (!fits(peer)) continue;
          auto const kind = below(5);
          if (kind < 3) peer.written += bytes;
          switch (kind) {
            case 0:
              peer.stream().write(std::string_view(text).substr(0, bytes));
              break;
            case 1:
              std::memset(peer.stream().prepare(bytes), 'y', bytes);
              peer.stream().commit(1 + below(bytes));
              break;
            case 2: {
              auto const chunk = core::ChunkRef::copy(std::string_view(text).substr(0, bytes));
              peer.stream().write(chunk);
              for (auto& other : peers) {
                if (other.get() == &peer || !fits(*other)) continue;
                other->written += bytes;
                other->stream().write(chunk);
              }
              break;
            }
            default: {
              // As a room does: small frames of a turn stand in one chunk.
              if (!std::ranges::all_of(peers, [&](auto const& member) { return fits(*member); })) break;
              auto& room = rooms[below(rooms.size())];
              if (!room || !room->has_room_for(bytes)) {
                room = std::make_unique<core::Burst>(shard(), std::max<std::size_t>(2048, bytes));
                for (auto& member : peers)
                  member->stream().join(*room, 0);
              }
              for (auto& member : peers)
                member->written += bytes;
              room->append(std::string_view(text).substr(0, bytes));
            }
          }
        }
      });
      run_ready();
      for (auto& room : rooms)
        room.reset();
      if (below(4) == 0) {
        shard().post([&] { peers[below(peers.size())]->stream().take(size() / 2); });
        run_ready();
      }
      auto const held = allocated() - std::min(before, allocated());
      ASSERT_LE(held, peers.size() * (limit + slack)) << "turn " << turn << ", seed " << seed;
    }
    for (auto const& peer : peers)
      EXPECT_GT(peer->overflows, 0) << "the bound was never reached";
    peers.clear();
    run_ready();
    EXPECT_EQ(shard().account().used(), 0U);
  }

  /// What the shard keeps for all connections is there before anything is counted.
  void warm_up() {
    FakeStream stream(shard());
    stream.forgets = true;
    shard().post([&] {
      for (int i = 0; i < 100; ++i)
        stream.write(std::string(16'000, 'x'));
      std::vector<std::unique_ptr<core::Burst>> bursts;
      for (int i = 0; i < 64; ++i)
        bursts.push_back(std::make_unique<core::Burst>(shard(), 10));
    });
    run_ready();
    stream.close();
    run_ready();
  }
};

TEST_F(StreamMemoryTest, OfOnePeerIsAtMostTheLimitAnd64KiB) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    churn(1, 100, seed, 8000);
    churn(1, 5000, seed, 3000);
    churn(1, 200'000, seed, 1000);
  }
}

TEST_F(StreamMemoryTest, OfManyPeersIsAtMostAsMuchForEach) {
  for (unsigned seed = 0; seed < 2; ++seed) {
    churn(12, 300, seed, 3000);
    churn(12, 200'000, seed, 500);
  }
}

TEST_F(StreamMemoryTest, OfOneSmallBroadcastATurnIsCounted) {
  // The commonest pattern: a number for everybody, again and again, and one who does not read.
  warm_up();
  Peer peer(shard());
  auto const before = allocated();
  while (peer.overflows == 0) {
    shard().post([&] {
      core::Burst room(shard(), 2048);
      peer.stream().join(room, 0);
      room.append("42[\"n\",1]");
    });
    run_ready();
    ASSERT_LE(allocated() - std::min(before, allocated()), limit + slack);
  }
}

TEST_F(StreamMemoryTest, AThousandStalledReadersShareALargeMessage) {
  warm_up();
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 1000; ++i)
    peers.push_back(std::make_unique<Peer>(shard()));
  auto const before = allocated();
  shard().post([&] {
    auto const chunk = core::ChunkRef::copy(std::string(500'000, 'x'));
    for (auto const& peer : peers)
      peer->stream().write(chunk);
  });
  run_ready();
  EXPECT_LE(allocated() - before, 1'500'000U);
  // Each is judged by all of it nevertheless.
  EXPECT_GE(shard().account().used(), 500'000'000U);
}

}}  // namespace aerie::test
