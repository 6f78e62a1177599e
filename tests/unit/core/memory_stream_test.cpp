#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>

#include <gtest/gtest.h>

namespace aerie::core { namespace {

struct Reader : StreamHandler {
  void on_data(std::span<char> bytes) override { data.append(bytes.data(), bytes.size()); }
  bool on_end() override { return goes_on; }
  void on_closed(std::error_code reason) override { closed = reason ? reason.message() : "end"; }
  void on_drained() override { ++drained; }
  void on_overflow() override { ++overflows; }

  bool goes_on = false;
  std::string data;
  std::string closed;
  int drained = 0;
  int overflows = 0;
};

class MemoryStreamTest : public testing::Test {
 protected:
  MemoryStreamTest() { pair.server->set_handler(&reader); }
  ~MemoryStreamTest() override {
    pair.server->close();
    shard.retire(std::move(pair.server));
    shard.run_ready();
  }

  ManualClock clock;
  Runtime runtime{RuntimeOptions{.clock = &clock}};
  Shard& shard = runtime.shard(0);
  Reader reader;
  MemoryPair pair = memory_pair(shard);
};

TEST_F(MemoryStreamTest, CarriesBytesBothWays) {
  pair.client.write("ping");
  EXPECT_EQ(reader.data, "");
  shard.run_ready();
  EXPECT_EQ(reader.data, "ping");
  pair.server->write("pong");
  shard.run_ready();
  EXPECT_EQ(pair.client.take(), "pong");
}

TEST_F(MemoryStreamTest, TellsOfTheEndBehindTheData) {
  pair.client.write(std::string(200'000, 'x'));
  pair.client.close();
  shard.run_ready();
  EXPECT_EQ(reader.data.size(), 200'000U);
  EXPECT_EQ(reader.closed, "end");
  EXPECT_TRUE(pair.client.closed());
}

TEST_F(MemoryStreamTest, IsConnectedToAnotherOneByCarrying) {
  Reader other_reader;
  auto other = memory_pair(shard);
  other.server->set_handler(&other_reader);
  EXPECT_FALSE(pair.client.carry_to(other.client));
  pair.server->write("from one to the other");
  shard.run_ready();
  EXPECT_TRUE(pair.client.carry_to(other.client));
  EXPECT_FALSE(pair.client.carry_to(other.client));
  shard.run_ready();
  EXPECT_EQ(other_reader.data, "from one to the other");
  pair.server->close();
  EXPECT_TRUE(pair.client.carry_to(other.client));
  EXPECT_FALSE(pair.client.carry_to(other.client)) << "an end is carried once";
  shard.run_ready();
  EXPECT_EQ(other_reader.closed, "end");
  shard.retire(std::move(other.server));
}

TEST_F(MemoryStreamTest, StillReachesAClientThatHasEndedItsDirection) {
  reader.goes_on = true;
  pair.client.write("question");
  pair.client.close();
  shard.run_ready();
  EXPECT_EQ(reader.closed, "");
  pair.server->write("answer");
  shard.run_ready();
  EXPECT_EQ(pair.client.take(), "answer");
  pair.client.reset();
  shard.run_ready();
  EXPECT_EQ(reader.closed, std::error_code(ECONNRESET, std::system_category()).message());
}

TEST_F(MemoryStreamTest, TellsOfAResetAtOnceEvenWhileNotReading) {
  pair.server->pause_reading();
  pair.client.write("lost");
  pair.client.reset();
  shard.run_ready();
  EXPECT_EQ(reader.data, "");
  EXPECT_EQ(reader.closed, std::error_code(ECONNRESET, std::system_category()).message());
}

TEST_F(MemoryStreamTest, KeepsBytesWhileReadingIsPaused) {
  pair.server->pause_reading();
  pair.client.write("later");
  shard.run_ready();
  EXPECT_EQ(reader.data, "");
  EXPECT_TRUE(pair.client.paused());
  pair.server->resume_reading();
  shard.run_ready();
  EXPECT_EQ(reader.data, "later");
}

TEST_F(MemoryStreamTest, HoldsBackWhatTheWindowDoesNotTake) {
  pair.client.set_window(4);
  pair.server->write("123456789");
  shard.run_ready();
  EXPECT_EQ(pair.client.received(), "1234");
  EXPECT_FALSE(pair.server->idle());
  EXPECT_EQ(pair.client.take(), "1234");
  shard.run_ready();
  EXPECT_EQ(pair.client.take(), "5678");
  shard.run_ready();
  EXPECT_EQ(pair.client.take(), "9");
  EXPECT_TRUE(pair.server->idle());
  EXPECT_EQ(reader.drained, 1);
}

TEST_F(MemoryStreamTest, LetsASlowPeerOverflow) {
  pair.server->set_limit(10'000);
  pair.client.set_window(0);
  pair.server->write(std::string(9'000, 'x'));
  shard.run_ready();
  EXPECT_EQ(reader.overflows, 0);
  pair.server->write(std::string(9'000, 'x'));
  shard.run_ready();
  EXPECT_EQ(reader.overflows, 1);
}

TEST_F(MemoryStreamTest, EndsInAnOrderlyWay) {
  pair.server->write("bye");
  Stream::finish(std::move(pair.server));
  shard.run_ready();
  EXPECT_EQ(pair.client.take(), "bye");
  EXPECT_TRUE(pair.client.ended());
  EXPECT_FALSE(pair.client.closed());
  pair.client.close();
  shard.run_ready();
  EXPECT_TRUE(pair.client.closed());
  pair = memory_pair(shard);
}

}}  // namespace aerie::core
