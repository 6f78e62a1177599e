#include "offered_events.hpp"
#include "temporary_folder.hpp"
#include "terminal.hpp"
#include "typed_line.hpp"

#include <aerie/schema/codec.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace aerie::cli { namespace {

TEST(TypedLineTest, IsAnEventWithItsArguments) {
  struct Case {
    std::string line;
    std::string event;
    std::string args;
    bool wants_ack;
  };
  for (auto const& [line, event, args, wants_ack] : std::vector<Case>{
           {"", "", "[]", false},
           {"   ", "", "[]", false},
           {"ping", "ping", "[]", false},
           {"  say   hello there  ", "say", R"(["hello there"])", false},
           {R"(say "hello")", "say", R"(["hello"])", false},
           {R"(say "hello", {"a":[1,null]}, 2.5)", "say", R"(["hello",{"a":[1,null]},2.5])", false},
           {"say hello, you", "say", R"(["hello, you"])", false},
           {"say 1,", "say", R"(["1,"])", false},
           {"say ],[", "say", R"(["],["])", false},
           {"?join 7", "join", "[7]", true},
           {"? join lobby", "join", R"(["lobby"])", true},
           {"?", "", "[]", true},
       }) {
    auto const typed = TypedLine::parse(line);
    EXPECT_EQ(typed.event, event) << line;
    EXPECT_EQ(json::stringify(Value(Array(typed.args.begin(), typed.args.end()))), args) << line;
    EXPECT_EQ(typed.wants_ack, wants_ack) << line;
  }
}

TEST(OfferedEventsTest, AreWhatClientsMaySendInTheNamespace) {
  Value document;
  ASSERT_TRUE(json::parse(R"({
    "asyncapi": "3.0.0",
    "channels": {
      "Main": {"address": "/", "messages": {"ping": {"name": "ping"}, "ping.ack": {"name": "ping"}}},
      "Chat": {"address": "/chat", "messages": {
        "say": {"name": "say"}, "typing_": {"name": "typing…"}, "said": {"name": "said"}}}},
    "operations": {
      "Main.receive.ping": {"action": "receive", "channel": {"$ref": "#/channels/Main"},
                            "messages": [{"$ref": "#/channels/Main/messages/ping"}]},
      "Chat.receive.typing_": {"action": "receive", "channel": {"$ref": "#/channels/Chat"},
                            "messages": [{"$ref": "#/channels/Chat/messages/typing_"}]},
      "Chat.receive.say": {"action": "receive", "channel": {"$ref": "#/channels/Chat"},
                            "messages": [{"$ref": "#/channels/Chat/messages/say"}]},
      "Chat.send.said": {"action": "send", "channel": {"$ref": "#/channels/Chat"},
                            "messages": [{"$ref": "#/channels/Chat/messages/said"}]}}})",
                          document)
                  .ok());
  EXPECT_EQ(offered_events(document, "/chat"), (std::vector<std::string>{"say", "typing…"}));
  EXPECT_EQ(offered_events(document, "/"), std::vector<std::string>{"ping"});
  EXPECT_TRUE(offered_events(document, "/other").empty());
  for (auto const* const text : {"null", "[]", R"({"operations":[1]})", R"({"operations":{"a":1}})"}) {
    ASSERT_TRUE(json::parse(text, document).ok());
    EXPECT_TRUE(offered_events(document, "/").empty()) << text;
  }
}

TEST(HistoryTest, IsKeptForOneReader) {
  TemporaryFolder folder;
  auto const file = folder.path() / "state/aerie/history";
  EXPECT_TRUE(read_history(file).empty());
  write_history(file, {"say hello", "?join 1"});
  EXPECT_EQ(read_history(file), (std::vector<std::string>{"say hello", "?join 1"}));
  auto const all = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(file).permissions() & all, std::filesystem::perms::none);
  write_history({}, {"nowhere"});
}

}}  // namespace aerie::cli
