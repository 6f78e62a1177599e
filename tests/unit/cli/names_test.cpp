#include "names.hpp"

#include "command_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aerie::cli { namespace {

std::string error_of(std::string_view text) {
  try {
    static_cast<void>(Name(text));
  } catch (CommandError const& error) {
    return error.what();
  }
  return "no error";
}

TEST(CliName, IsTheSameInEveryWayOfWritingIt) {
  for (auto const* const text :
       {"chat-room", "chat_room", "ChatRoom", "chatRoom", "Chat-Room", "_chat__room_"}) {
    Name const name(text);
    EXPECT_EQ(name.snake(), "chat_room") << text;
    EXPECT_EQ(name.kebab(), "chat-room") << text;
    EXPECT_EQ(name.pascal(), "ChatRoom") << text;
  }
}

TEST(CliName, KeepsAnAbbreviationAndDigitsTogether) {
  EXPECT_EQ(Name("HTTPServer").snake(), "http_server");
  EXPECT_EQ(Name("v2Users").snake(), "v2_users");
}

TEST(CliName, LosesAWordThatSaysWhatItIs) {
  EXPECT_EQ(Name("ChatGateway").without_suffix("gateway").snake(), "chat");
  EXPECT_EQ(Name("gateway").without_suffix("gateway").snake(), "gateway");
}

TEST(CliName, IsRefusedWithTheReason) {
  EXPECT_EQ(error_of("chat room"),
            "\"chat room\" cannot be a name because of \" \"; names are made of letters, digits, - and _: "
            "chat-room");
  EXPECT_EQ(error_of(".."),
            "\"..\" cannot be a name because of \".\"; names are made of letters, digits, - and _: "
            "chat-room");
  EXPECT_EQ(error_of("2chat"),
            "\"2chat\" cannot be a name because it begins with a digit; begin with a letter");
  EXPECT_EQ(error_of("--"), "\"--\" is no name; one that is: chat-room");
  EXPECT_EQ(error_of(""), "\"\" is no name; one that is: chat-room");
}

TEST(CliNearest, FindsWhatWasMeantButDoesNotGuess) {
  std::vector<std::string_view> const candidates = {"gateway", "guard", "new"};
  EXPECT_EQ(nearest("gatway", candidates), "gateway");
  EXPECT_EQ(nearest("gaurd", candidates), "guard");
  EXPECT_EQ(nearest("banana", candidates), "");
  EXPECT_EQ(nearest("x", candidates), "");
}

}}  // namespace aerie::cli
