#include <aerie/http/server_sent_event.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aerie::http { namespace {

std::string shown(ServerSentEvent const& event) {
  std::string out;
  event.append_to(out);
  return out;
}

TEST(ServerSentEvent, IsWrittenFieldByField) {
  ServerSentEvent event("hello", "greeting", "7");
  event.retry = std::chrono::seconds{3};
  event.comment = "note";
  EXPECT_EQ(shown(event), ": note\nevent: greeting\nid: 7\nretry: 3000\ndata: hello\n\n");
  EXPECT_EQ(shown(ServerSentEvent::only_comment("here")), ": here\n\n");
  EXPECT_EQ(shown(ServerSentEvent("")), "\n");
}

TEST(ServerSentEvent, KeepsTheLinesOfItsData) {
  EXPECT_EQ(shown(ServerSentEvent("a\nb\r\nc\rd")), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(shown(ServerSentEvent("a\n")), "data: a\ndata: \n\n");
  EXPECT_EQ(shown(ServerSentEvent("\n\nid: 9")), "data: \ndata: \ndata: id: 9\n\n") << "nothing is forged";
}

TEST(ServerSentEvent, RefusesNamesThatWouldForgeOthers) {
  for (std::string_view const bad :
       {std::string_view("a\nb"), std::string_view("a\rb"), std::string_view("a\0b", 3)}) {
    EXPECT_THROW(shown(ServerSentEvent("x", std::string(bad))), std::invalid_argument);
    EXPECT_THROW(shown(ServerSentEvent("x", "", std::string(bad))), std::invalid_argument);
  }
}

}}  // namespace aerie::http
