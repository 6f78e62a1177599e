#include "unit/websocket/frames.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/websocket/link.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace aerie::websocket::test { namespace {

/// Answers each text with `answer`, and notes what happens.
class Echo final : public Link {
 public:
  explicit Echo(std::unique_ptr<core::Stream> stream, std::size_t limit = 10'000)
      : Link({.max_message_size = 1000}) {
    attach(std::move(stream), limit);
  }

  std::vector<std::string> events;
  std::string answer;

 private:
  void on_message(PeerEvent const& event) override {
    events.emplace_back(event.payload.data(), event.payload.size());
    if (!answer.empty()) write(Opcode::text, {}, answer);
  }
  void on_ended(LinkEnd end) override {
    events.push_back(end == LinkEnd::closed      ? "closed"
                     : end == LinkEnd::violation ? "violation"
                     : end == LinkEnd::lost      ? "lost"
                                                 : "overflowed");
    finish();
  }
};

class Links : public testing::Test {
 protected:
  void say(std::string_view bytes) {
    client.write(bytes);
    shard.run_ready();
  }

  core::ManualClock clock;
  Runtime runtime{{.threads = 1, .clock = &clock}};
  core::Shard& shard = runtime.shard(0);
  core::MemoryPair pair = core::memory_pair(shard);
  core::MemoryClient& client = pair.client;
  Echo link{std::move(pair.server)};
};

std::string server_text(std::size_t size) {
  std::string frame("\x81\x7e\0\0", 4);
  frame[2] = static_cast<char>(size >> 8U);
  frame[3] = static_cast<char>(size & 255U);
  return frame.append(size, 'x');
}

TEST_F(Links, AnswerPingsBehindWhateverATurnHasWritten) {
  for (std::size_t const size : {200U, 1048U, 1100U, 60'000U}) {
    link.answer = std::string(size, 'x');
    say(text_frame("give") + ping_frame("p"));
    EXPECT_EQ(client.take(), server_text(size) + "\x8a\x01p") << size;
  }
}

TEST_F(Links, AnswerTheLastPingAsSoonAsThereIsRoomAgain) {
  client.set_window(0);
  link.answer = "x";
  say(text_frame("give"));
  for (int i = 0; i < 50; ++i)
    say(ping_frame("old"));
  EXPECT_EQ(link.stream()->unsent(), 3U) << "a flood of pings fills no queue";
  say(ping_frame("last"));
  client.set_window(1000);
  shard.run_ready();
  EXPECT_EQ(client.take(), "\x81\x01x\x8a\x04last");
  say(ping_frame("next"));
  EXPECT_EQ(client.take(), "\x8a\x04next");
}

TEST_F(Links, SendAPongThatWaitsBeforeTheCloseFrame) {
  client.set_window(0);
  link.answer = "x";
  say(text_frame("give"));
  say(ping_frame("p"));
  say(close_frame(1000));
  client.set_window(1000);
  shard.run_ready();
  EXPECT_EQ(client.take(), std::string("\x81\x01x\x8a\x01p\x88\x02\x03\xe8"));
  EXPECT_EQ(link.events, (std::vector<std::string>{"give", "closed"}));
  EXPECT_FALSE(link.attached());
}

TEST_F(Links, TellHowTheyEnd) {
  struct Case {
    std::string bytes;
    std::string event;
  };
  Case const table[] = {{close_frame(1000), "closed"},
                        {wire({.payload = "a", .masked = false}), "violation"},
                        {text_frame(std::string(1001, 'x')), "violation"}};
  for (auto const& [bytes, event] : table) {
    auto other = core::memory_pair(shard);
    Echo echo(std::move(other.server));
    other.client.write(bytes);
    shard.run_ready();
    EXPECT_EQ(echo.events, std::vector<std::string>{event});
    EXPECT_TRUE(other.client.ended());
  }
  client.reset();
  shard.run_ready();
  EXPECT_EQ(link.events, std::vector<std::string>{"lost"});
}

TEST_F(Links, AreDroppedAboveTheirLimit) {
  client.set_window(0);
  link.answer = std::string(6000, 'x');
  for (int i = 0; i < 4; ++i)
    say(text_frame("give"));
  EXPECT_EQ(link.events.back(), "overflowed");
  EXPECT_TRUE(client.closed());
}

TEST_F(Links, CloseWithACodeAndTakeNoMoreMessages) {
  link.close(CloseCode(4000), "enough");
  shard.run_ready();
  EXPECT_EQ(client.take(),
            "\x88\x08\x0f\xa0"
            "enough");
  EXPECT_TRUE(link.attached());
  EXPECT_FALSE(link.is_open());
  say(text_frame("late"));
  EXPECT_EQ(link.events, std::vector<std::string>{});
  say(close_frame(4000));
  EXPECT_EQ(link.events, std::vector<std::string>{"closed"});
}

}}  // namespace aerie::websocket::test
