#include "tracing/otlp_json.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace aerie::tracing { namespace {

using namespace std::chrono_literals;

Value parsed(std::string const& text) {
  Value value;
  EXPECT_TRUE(json::parse(text, value)) << text;
  return value;
}

SpanRecord example() {
  auto const context = *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1");
  SpanRecord span{.name = "say \"hello\"", .kind = SpanKind::consumer, .context = context};
  span.parent = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-0102030405060708-01")->span_id;
  span.has_remote_parent = true;
  span.begin = core::WallTime{1'700'000'000s};
  span.end = span.begin + 1500us;
  span.attributes = {{"text", std::string("a")},
                     {"whole", std::int64_t{9'007'199'254'740'993}},
                     {"part", 0.5},
                     {"yes", true}};
  span.events = {{"halfway", span.begin + 1ms, {{"n", std::int64_t{1}}}}};
  span.failed = true;
  span.error = "no";
  return span;
}

TEST(OtlpJson, IsWhatTheSpecificationSays) {
  std::vector<SpanRecord> const spans{example()};
  auto const text = otlp_json({{"service.name", std::string("chat")}}, spans);
  EXPECT_EQ(
      text,
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"chat"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"aerie"},"spans":[{)"
      R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","traceState":"a=1",)"
      R"("parentSpanId":"0102030405060708","flags":769,"name":"say \"hello\"","kind":5,)"
      R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001500000",)"
      R"("attributes":[{"key":"text","value":{"stringValue":"a"}},)"
      R"({"key":"whole","value":{"intValue":"9007199254740993"}},)"
      R"({"key":"part","value":{"doubleValue":0.5}},{"key":"yes","value":{"boolValue":true}}],)"
      R"("events":[{"timeUnixNano":"1700000000001000000","name":"halfway",)"
      R"("attributes":[{"key":"n","value":{"intValue":"1"}}]}],)"
      R"("status":{"message":"no","code":2}}]}]}]})");
}

TEST(OtlpJson, LeavesOutWhatASpanHasNot) {
  auto span = example();
  span.parent = {};
  span.has_remote_parent = false;
  span.context.state.clear();
  span.events.clear();
  span.failed = false;
  std::vector<SpanRecord> const spans{span};
  auto const document = parsed(otlp_json({}, spans));
  auto const& written = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  for (auto const* const name : {"parentSpanId", "traceState", "events", "droppedAttributesCount"})
    EXPECT_TRUE(written[name].is_undefined()) << name;
  EXPECT_EQ(written["flags"].as_double(), 0x101);
  EXPECT_TRUE(written["status"]["code"].is_undefined());
}

TEST(OtlpJson, IsValidWhateverTheTextsAre) {
  auto span = example();
  span.name = "\xff\xfe \x01";
  span.attributes = {{"\xc3", std::string("\xed\xa0\x80")}};
  std::vector<SpanRecord> const spans{span};
  parsed(otlp_json({}, spans));
}

TEST(OtlpAnswers, TellHowManySpansWereRejected) {
  struct Case {
    char const* answer;
    std::size_t rejected;
  };
  for (auto const& [answer, rejected] :
       {Case{R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}})", 3},
        {R"({"partialSuccess":{"rejectedSpans":2}})", 2},
        {R"({"partialSuccess":{}})", 0},
        {R"({"partialSuccess":{"rejectedSpans":"x"}})", 0},
        {R"({"partialSuccess":{"rejectedSpans":-1}})", 0},
        {R"({"partialSuccess":null})", 0},
        {"{}", 0},
        {"", 0},
        {"[1]", 0},
        {"{", 0},
        {"\xff", 0}})
    EXPECT_EQ(rejected_spans(answer), rejected) << answer;
}

}}  // namespace aerie::tracing
