#include "socketio/event_offset.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::socketio::test { namespace {

TEST(EventOffset, IsReadAsItWasWritten) {
  OffsetSpelling const spelling;
  for (auto const offset : {EventOffset(0, 1), EventOffset(0, 63), EventOffset(0, 64), EventOffset(1, 4096),
                            EventOffset(512, 7), EventOffset(4095, (std::uint64_t{1} << 48U) - 1)}) {
    EXPECT_EQ(spelling.read(spelling.write(offset)), offset) << spelling.write(offset);
  }
}

TEST(EventOffset, HasOneSpellingAndIsOneServersOnly) {
  OffsetSpelling const spelling;
  auto const text = spelling.write(EventOffset(3, 100));
  auto const head = text.substr(0, text.size() - 2);
  auto const another_first = (text.front() == 'x' ? "y" : "x") + text.substr(1);
  for (auto const& other :
       std::vector<std::string>{"", " ", text + " ", text + "=", " " + text, head, head + "0",
                                head + "0" + text.substr(head.size()), text.substr(1), text.substr(4),
                                head + "??", head + "123456789", std::string(1000, 'A'), another_first,
                                text + std::string(1, '\0'), OffsetSpelling().write(EventOffset(3, 100))}) {
    EXPECT_EQ(spelling.read(other), std::nullopt) << other;
  }
}

}}  // namespace aerie::socketio::test
