#include "engineio/jsonp_transport.hpp"

#include "unit/engineio/engine_fixture.hpp"

#include <aerie/http/cors.hpp>

namespace aerie::engineio::test { namespace {

struct FormRow {
  std::string_view body;
  std::optional<std::string> payload;
};

TEST(PayloadOfForm, IsItsOneFieldWithItsLineEnds) {
  FormRow const table[] = {
      {"d=4hello", "4hello"},          {"d=4a+b%20c", "4a b c"},        {"d=2%3A4a", "2:4a"},
      {"d=4%C3%A9", "4\xc3\xa9"},      {"x=1&d=4a&y=2", "4a"},          {"d=", ""},
      {"d=4a%5Cnb", "4a\nb"},          {"d=4a\\nb", "4a\nb"},           {"d=4a%5C%5Cnb", "4a\\nb"},
      {"d=4a%5C%5C%5Cnb", "4a\\\\nb"}, {"d=4a%5C%5Cb%5C", "4a\\\\b\\"}, {"", std::nullopt},
      {"4hello", std::nullopt},        {"D=4a", std::nullopt},          {"d=4a&d=4b", std::nullopt},
  };
  for (auto const& [body, payload] : table)
    EXPECT_EQ(payload_of_form(body), payload) << body;
}

class Jsonp : public EngineFixture {
 protected:
  static constexpr std::string_view form_type = "application/x-www-form-urlencoded";
  PollingClient client{world};
};

TEST_F(Jsonp, AnswersPollsWithAScript) {
  start();
  auto const script = client.open("&j=7");
  EXPECT_TRUE(script.starts_with("___eio[7](\"0{\\\"sid\\\":\\\"")) << script;
  EXPECT_TRUE(script.ends_with("}\");"));
  EXPECT_EQ(client.opened.header("Content-Type"), "text/plain; charset=UTF-8");
}

TEST_F(Jsonp, WritesWhatIsAStringInEveryJavaScript) {
  start();
  client.open("&j=0");
  client.sid = session->id();
  send("\"\\/\b\f\n\r\t\x01\x7f<\xc3\xa9>\xf0\x9f\x98\x80\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa");
  world.in_turn([&] { session->send_binary("\1\2\3"); });
  EXPECT_EQ(
      client.poll(),
      "___eio[0](\"4\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f<\xc3\xa9>\xf0\x9f\x98\x80\\u2028\\u2029\xe2\x80\xaa"
      "\\u001ebAQID\");");
}

TEST_F(Jsonp, TakesFormsAndIgnoresThoseWithoutAPayload) {
  start();
  client.open("&j=0");
  client.sid = session->id();
  take_events();
  EXPECT_EQ(client.post("d=4hello%5Cnworld", form_type).body, "ok");
  EXPECT_EQ(client.post("x=4hello", form_type).body, "ok");
  EXPECT_EQ(client.post("d=4b%1EbAQID", form_type).body, "ok");
  EXPECT_EQ(take_events(), (Strings{"text hello\nworld", "text b", "binary \1\2\3"}));
  client.post("d=nonsense", form_type);
  EXPECT_EQ(take_events(), Strings{"closed: parse error"});
}

TEST_F(Jsonp, SpeaksProtocol3) {
  start({.allow_eio3 = true});
  client.version = "3";
  auto const script = client.open("&j=12");
  EXPECT_TRUE(script.starts_with("___eio[12](\"")) << script;
  EXPECT_NE(script.find(":0{\\\"sid\\\""), std::string::npos) << script;
  client.sid = session->id();
  take_events();
  client.post("d=3:4%C3%A9a", form_type);
  EXPECT_EQ(take_events(), Strings{"text \xc3\xa9"
                                   "a"});
  send("\xc3\xa9");
  world.in_turn([&] { session->send_binary("\1\2\3"); });
  EXPECT_EQ(client.poll(),
            "___eio[12](\"2:4\xc3\xa9"
            "6:b4AQID\");")
      << "it takes no bytes";
  client.begin_poll();
  client.post("d=1:1", form_type);
  EXPECT_EQ(client.polled(), "___eio[12](\"1:6\");");
}

TEST_F(Jsonp, LetsNobodyWriteScriptsOfHisOwn) {
  start();
  for (auto const* const function : {"alert(1)//", "1](alert(1));a[2", "%5D(alert(1))%3B//", "", "abc"}) {
    PollingClient each(world);
    auto const script = each.open("&j=" + std::string(function));
    auto const head = script.substr(0, script.find('"'));
    EXPECT_TRUE(head == "___eio[1](" || head == "___eio[112](" || head == "___eio[](") << script;
  }
}

TEST_F(Jsonp, OfPagesOfOtherOriginsIsRefusedWhereOriginsAreChecked) {
  http::CorsOptions cors;
  cors.origin = "http://good.example";
  start({.cors = cors});
  for (auto const* const site : {"cross-site", "same-site"})
    EXPECT_EQ(get("EIO=4&transport=polling&j=0", "Sec-Fetch-Site: " + std::string(site) + "\r\n").status, 403)
        << site;
  for (auto const* const site : {"same-origin", "none"})
    EXPECT_EQ(get("EIO=4&transport=polling&j=0", "Sec-Fetch-Site: " + std::string(site) + "\r\n").status, 200)
        << site;
  EXPECT_EQ(get("EIO=4&transport=polling&j=0").status, 200) << "an old browser";
  EXPECT_EQ(get("EIO=4&transport=polling", "Sec-Fetch-Site: cross-site\r\n").status, 200)
      << "the browser sees to it";
}

TEST_F(Jsonp, IsCompressedAsTheScriptThatItIs) {
  start();
  client.open("&j=0");
  client.sid = session->id();
  send(std::string(2000, 'a'));
  client.begin_poll("Accept-Encoding: gzip\r\n");
  auto const answer = client.answer();
  EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
  EXPECT_LT(answer.body.size(), 200U);
}

}}  // namespace aerie::engineio::test
