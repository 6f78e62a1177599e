#include "unit/gateway/ws_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace aerie::gateway::ws_cases {

TEST(WsMessages, SendsWhatHandlersReturn) {
  auto app = start();
  auto client = app.connect_websocket();
  ASSERT_TRUE(client.is_open());
  EXPECT_EQ(answers(client, R"({"event":"mirror","data":{"x":1,"y":2}})"), Texts{R"({"x":2,"y":1})"});
  EXPECT_EQ(answers(client, R"({"data":{"x":1,"y":2},"event":"created","more":1})"),
            Texts{R"({"event":"made","data":{"x":1,"y":2}})"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":[1,2]})"), Texts{"[1,2]"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":false})"), Texts{"false"});
}

TEST(WsMessages, SendsNothingForNothing) {
  auto app = start();
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, R"({"event":"nothing"})"), Texts{});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":null})"), Texts{});
  EXPECT_EQ(answers(client, R"({"event":"echo"})"), Texts{});
}

TEST(WsMessages, SendsLaterWhatComesLater) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("later", "here");
  client.send_event("numbers");
  EXPECT_EQ(client.expect_event("number"), Value(1));
  client.expect_nothing();
  app.advance(2s);
  EXPECT_EQ(client.received(),
            (Texts{R"("here")", R"({"event":"number","data":2})", R"({"event":"number","data":3})"}));
}

TEST(WsMessages, TellsErrorsAsExceptionEvents) {
  auto app = start();
  auto client = app.connect_websocket();
  EXPECT_EQ(
      answers(client, R"({"event":"fail"})"),
      Texts{R"({"event":"exception","data":{"status":"error","message":"no","cause":{"pattern":"fail"}}})"});
  EXPECT_EQ(answers(client, R"({"event":"crash","data":1})"),
            Texts{R"({"event":"exception","data":{"status":"error","message":"Internal server error",)"
                  R"("cause":{"pattern":"crash","data":1}}})"});
  EXPECT_TRUE(app.has_logged("secret"));
}

TEST(WsMessages, DropsWhatIsNoMessage) {
  static constexpr std::string_view texts[] = {"",
                                               "{",
                                               "null",
                                               "[]",
                                               "1",
                                               R"("mirror")",
                                               R"({"event":1,"data":{}})",
                                               R"({"data":{}})",
                                               R"({"event":"unknown"})",
                                               R"({"event":null})",
                                               R"({"event":"mirror","data":{"x":1,"y":2}}})"};
  auto app = start();
  auto client = app.connect_websocket();
  for (auto const text : texts)
    EXPECT_EQ(answers(client, text), Texts{}) << text;
  EXPECT_EQ(answers(client, std::string(2000, '[')), Texts{});
  EXPECT_TRUE(client.is_open());
  EXPECT_TRUE(app.has_logged("has sent what is no message; it is dropped"));
  client.send_binary("\xff\xfe");
  client.expect_nothing();
  client.send_binary(R"({"event":"echo","data":"bytes"})");
  EXPECT_EQ(client.received(), Texts{R"("bytes")"});
}

TEST(WsMessages, TakesAParserOfTheApplicationsOwn) {
  auto app = start({.message_parser = [](std::string_view frame, bool) -> std::optional<WsMessage> {
    if (frame == "throw") throw 1;
    if (!frame.starts_with('!')) return std::nullopt;
    return WsMessage{"echo", Value(frame.substr(1))};
  }});
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, "!hello"), Texts{R"("hello")"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":1})"), Texts{});
  EXPECT_EQ(answers(client, "throw"), Texts{});
  EXPECT_TRUE(client.is_open());
}

}  // namespace aerie::gateway::ws_cases
