#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/event_payload.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace aerie::socketio::test { namespace {

using Form = EventPayload::Form;

std::string as_json(EventPayload const& payload) {
  std::string text;
  std::vector<Bytes> attachments;
  json::Writer writer(text, &attachments);
  payload.encode(writer);
  return text;
}

EventPayload said(Form form) {
  return EventPayload(form, "said", EncodableList(std::string("hello"), 7, std::vector<double>{1.5, -2}));
}

TEST(EventPayload, IsTheSameArrayInEveryForm) {
  for (auto const form : {Form::values, Form::json, Form::msgpack}) {
    auto const payload = said(form);
    EXPECT_EQ(payload.form(), form);
    EXPECT_EQ(payload.event(), "said");
    EXPECT_EQ(as_json(payload), R"(["said","hello",7,[1.5,-2]])");
    EXPECT_EQ(payload.values(), (std::vector<Value>{"said", "hello", 7, Value::array({1.5, -2})}));
    EXPECT_EQ(msgpack::pack(payload), said(Form::msgpack).msgpack());
  }
}

TEST(EventPayload, CarriesWhatIsBinaryAsMessagePackWhenJsonWasAskedFor) {
  EventPayload const payload(Form::json, "file", EncodableList(Bytes("abc")));
  EXPECT_EQ(payload.form(), Form::msgpack);
  EXPECT_EQ(payload.values().at(1), Value(Bytes("abc")));
}

TEST(EventPayload, WritesWhatWasEmittedAsItsFormHasIt) {
  auto const nothing = std::nan("");
  EXPECT_EQ(EventPayload(Form::json, "n", EncodableList(nothing)).json(), R"(["n",null])");
  EXPECT_TRUE(
      std::isnan(EventPayload(Form::msgpack, "n", EncodableList(nothing)).values().at(1).as_double()));
}

TEST(EventPayload, IsTheSameJsonWithAndWithoutATreeOfValues) {
  std::vector<Value> const elements{
      "e",
      nullptr,
      Value(),
      true,
      -7,
      std::uint64_t{18'446'744'073'709'551'615U},
      1.5,
      std::nan(""),
      "\"\n\xc3\xa9",
      Bytes("ab"),
      Date::from_iso_string("2026-01-02T03:04:05.678Z").value(),
      Value::array({Value::array({}), Value::object({})}),
      Value::object({{"a", Value()}, {"b", nullptr}, {"c", Value::array({1, Bytes("c")})}, {"", "x"}})};
  auto const packed = EventPayload::of_msgpack(msgpack::pack(elements));
  ASSERT_TRUE(packed);
  auto const written = [](EventPayload const& payload) {
    std::pair<std::string, std::vector<Bytes>> result;
    json::Writer writer(result.first, &result.second);
    payload.encode(writer);
    return result;
  };
  auto const streamed = written(*packed);
  auto const from_tree = written(EventPayload(packed->values()));
  EXPECT_EQ(streamed.first, from_tree.first);
  EXPECT_EQ(streamed.second, from_tree.second);
  EXPECT_EQ(streamed.second.size(), 2U);
  // What JavaScript calls undefined, as older writers have it.
  auto const older =
      EventPayload::of_msgpack(std::string("\x92\xa1"
                                           "e\x82\xa1"
                                           "a\xd4\x00\x00\xa1"
                                           "b\x01",
                                           12));
  ASSERT_TRUE(older);
  EXPECT_EQ(written(*older).first, R"(["e",{"b":1}])");
}

TEST(EventPayload, TakesNoGarbageFromOthers) {
  for (auto const* text : {"", "{}", "[]", "7", "null", "[null]", R"([["a"]])", R"(["disconnect"])",
                           R"(["connect_error",1])", R"([{"a":1}])", R"([true])"}) {
    EXPECT_FALSE(EventPayload::of_json(text)) << text;
    Value value;
    if (!json::parse(text, value)) continue;
    EXPECT_FALSE(EventPayload::of_msgpack(msgpack::pack(value))) << text;
    if (!value.is_array()) continue;
    EXPECT_FALSE(EventPayload::of_values(value.as_array())) << text;
  }
  for (auto const* text : {R"(["a")", R"(["a"]])", R"(["a"] x)", "[\"a\xff\"]"})
    EXPECT_FALSE(EventPayload::of_json(text)) << text;
  EXPECT_FALSE(
      EventPayload::of_msgpack("\x91\xa2"
                               "a\xff"));
  auto const whole = std::string(said(Form::msgpack).msgpack());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(EventPayload::of_msgpack(whole.substr(0, size))) << size;
  EXPECT_FALSE(EventPayload::of_msgpack(whole + "x"));
  EXPECT_FALSE(EventPayload::of_msgpack(std::string(100'000, '\x91')));
}

TEST(EventPayload, TakesWhatOthersHaveSentAsItIs) {
  auto const text = std::string(R"([ "a" , {"b":"\u00e9"} ])");
  auto const json = EventPayload::of_json(text);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->json(), text);
  auto const packed = EventPayload::of_msgpack(std::string(said(Form::msgpack).msgpack()));
  ASSERT_TRUE(packed);
  EXPECT_EQ(as_json(*packed), as_json(said(Form::values)));
  auto const numbered = EventPayload::of_json("[1,2]");
  ASSERT_TRUE(numbered);
  EXPECT_EQ(numbered->event(), "");
}

TEST(EventPayload, IsNothingBeforeItIsMade) {
  EventPayload const none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.form(), Form::none);
  EXPECT_EQ(none.event(), "");
  EXPECT_TRUE(none.values().empty());
  EXPECT_EQ(as_json(none), "[]");
}

}}  // namespace aerie::socketio::test
