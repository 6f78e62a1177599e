#include "core/error_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace aerie::core { namespace {

using namespace std::chrono_literals;

class ErrorOutputTest : public testing::Test {
 protected:
  ErrorOutputTest() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~ErrorOutputTest() override {
    stop_reading();
    ::close(ends[1]);
  }
  void stop_reading() {
    if (ends[0] >= 0) ::close(std::exchange(ends[0], -1));
  }
  /// What has arrived by now.
  std::string read() {
    std::string result;
    std::array<char, 65536> buffer;
    pollfd state{ends[0], POLLIN, 0};
    while (::poll(&state, 1, 0) > 0) {
      auto const size = ::read(ends[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      result.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return result;
  }

  std::array<int, 2> ends{-1, -1};
};

TEST_F(ErrorOutputTest, WritesALineAtOnceIfSomebodyReads) {
  ErrorOutput output(ends[1]);
  output.write("first\n");
  output.write("second\n");
  EXPECT_EQ(read(), "first\nsecond\n");
}

TEST_F(ErrorOutputTest, NeverWaitsForAReaderThatHangsAndLosesNothingBeforeItsBound) {
  ErrorOutput output(ends[1]);
  std::string expected;
  // More than a pipe holds, less than may wait: none of these calls blocks, or the test would hang.
  for (int i = 0; i < 2000; ++i) {
    auto const line = std::to_string(i) + std::string(90, 'x') + "\n";
    output.write(line);
    expected += line;
  }
  EXPECT_EQ(output.dropped(), 0U);
  std::string received;
  while (received.size() < expected.size())
    received += read();
  EXPECT_EQ(received, expected);
}

TEST_F(ErrorOutputTest, CountsAndMentionsWhatItHasToDrop) {
  ErrorOutput output(ends[1]);
  for (int i = 0; i < 10'000; ++i)
    output.write(std::string(99, 'x') + "\n");
  auto const dropped = output.dropped();
  EXPECT_GT(dropped, 0U);
  std::string received;
  auto const mention = "aerie: " + std::to_string(dropped) + " lines of the log were dropped";
  while (received.find(mention) == std::string::npos)
    received += read();
  EXPECT_EQ(received.find(mention), (10'000 - dropped) * 100);
  output.write("and on it goes\n");
  while (received.find("and on it goes") == std::string::npos)
    received += read();
}

TEST_F(ErrorOutputTest, LivesOnWhenTheReaderIsGone) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;  // as a runtime does
  ::sigaction(SIGPIPE, &ignore, &before);
  ErrorOutput output(ends[1]);
  stop_reading();
  for (int i = 0; i < 10; ++i)
    output.write("nobody reads this\n");
  EXPECT_EQ(output.dropped(), 10U);
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST_F(ErrorOutputTest, FlushWaitsForWhatWaitsButNotForEver) {
  ErrorOutput output(ends[1]);
  for (int i = 0; i < 1000; ++i)
    output.write(std::string(99, 'x') + "\n");
  output.flush(1ms);
  std::string received = read();
  while (received.size() < 100'000) {
    output.flush(1ms);
    received += read();
  }
  EXPECT_EQ(received.size(), 100'000U);
}

}}  // namespace aerie::core
