#include "unit/core/task_fixture.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/trace.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie { namespace {

using namespace std::chrono_literals;

constexpr std::string_view usual = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// --- Headers

TEST(TraceContextHeader, IsReadAndWritten) {
  auto const context = TraceContext::parse(usual, "vendor=a:1,other@sys=2");
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id.text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->span_id.text(), "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->state, "vendor=a:1,other@sys=2");
  EXPECT_EQ(context->traceparent(), usual);
}

TEST(TraceContextHeader, SaysWhetherItIsRecordedInTheLastBit) {
  struct Case {
    char const* flags;
    bool sampled;
  };
  for (auto const& [flags, sampled] :
       {Case{"00", false}, {"01", true}, {"02", false}, {"03", true}, {"ff", true}}) {
    auto const text = std::string(usual.substr(0, 53)) + flags;
    ASSERT_TRUE(TraceContext::parse(text)) << flags;
    EXPECT_EQ(TraceContext::parse(text)->sampled, sampled) << flags;
  }
}

TEST(TraceContextHeader, IsRefusedIfItIsNotWhatTheStandardSays) {
  for (std::string const text : {
           "",
           "00",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
           "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
       })
    EXPECT_FALSE(TraceContext::parse(text)) << text;
}

TEST(TraceContextHeader, OfALaterVersionIsReadAsFarAsItIsKnown) {
  EXPECT_TRUE(
      TraceContext::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later"));
  EXPECT_TRUE(TraceContext::parse("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
}

TEST(TraceContextHeader, LeavesOutAStateThatIsNone) {
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += "k" + std::to_string(i) + "=v,";
  for (std::string const& state :
       {std::string("no equals"), std::string("=value"), std::string("Key=1"), std::string("key="),
        std::string("key=a=b"), std::string("key=\x01"), many, "k=" + std::string(600, 'v')}) {
    auto const context = TraceContext::parse(usual, state);
    ASSERT_TRUE(context) << state;
    EXPECT_EQ(context->state, "") << state;
  }
  EXPECT_EQ(TraceContext::parse(usual, " a=1 , , b=2 ")->state, "a=1 , , b=2");
}

// --- Sampling

TraceId numbered(unsigned char last_of_eight) {
  TraceId id;
  id.bytes[0] = 1;
  id.bytes[9] = static_cast<char>(last_of_eight);
  return id;
}

TEST(TraceSamplingRule, ChoosesByTheNumberOfTheTrace) {
  TraceSampling const half{.ratio = 0.5};
  EXPECT_TRUE(half(nullptr, numbered(0x00)));
  EXPECT_TRUE(half(nullptr, numbered(0x7f)));
  EXPECT_FALSE(half(nullptr, numbered(0x80)));
  EXPECT_FALSE(half(nullptr, numbered(0xff)));
  EXPECT_FALSE(TraceSampling{.ratio = 0}(nullptr, numbered(0)));
  EXPECT_TRUE(TraceSampling{.ratio = 1}(nullptr, numbered(0xff)));
}

TEST(TraceSamplingRule, FollowsTheOtherServerUnlessItIsTold) {
  auto parent = *TraceContext::parse(usual);
  TraceSampling const none{.ratio = 0};
  TraceSampling const own{.ratio = 0, .parent_based = false};
  EXPECT_TRUE(none(&parent, parent.trace_id));
  EXPECT_FALSE(own(&parent, parent.trace_id));
  parent.sampled = false;
  EXPECT_FALSE(TraceSampling{}(&parent, parent.trace_id));
}

struct Collected final : Tracer {
  using Tracer::Tracer;
  void ended(SpanRecord&& span) override {
    if (throws) throw std::runtime_error("the tracer is broken");
    spans.push_back(std::move(span));
  }
  std::vector<SpanRecord> spans;
  bool throws = false;
};

TEST(TraceSamplingRule, IsCheckedWhereTheTracerIsMade) {
  for (double const ratio : {-0.1, 1.1})
    EXPECT_THROW(Collected({.ratio = ratio}), std::invalid_argument) << ratio;
}

// --- Spans

class Spans : public ::testing::Test {
 protected:
  explicit Spans(TraceSampling const& sampling = {}) : tracer(std::make_shared<Collected>(sampling)) {}

  core::Shard& shard() { return runtime.shard(0); }
  /// In a turn of the shard.
  void run(std::function<void()> work) {
    shard().post(std::move(work));
    shard().run_ready();
  }
  void start(Task<void> task) {
    spawn(shard(), std::move(task));
    shard().run_ready();
  }
  void advance(core::Milliseconds by) {
    clock.advance(by);
    shard().run_ready();
  }

  core::ManualClock clock;
  std::shared_ptr<Collected> tracer;
  std::vector<std::string> lines;
  Runtime runtime{{.log_sink =
                       [this](LogRecord const& record) {
                         lines.push_back(std::string(record.message) + "|" + std::string(record.trace_id) +
                                         "|" + std::string(record.span_id));
                       },
                   .tracer = tracer,
                   .clock = &clock}};
};

TEST_F(Spans, TellWhatTheyWereAndHowLongTheyTook) {
  run([&] {
    auto const span = Span::begin("work", SpanKind::server);
    span.set("text", "a");
    span.set("number", std::int64_t{1});
    span.set("number", std::int64_t{2});
    span.add_event("halfway", {{"what", true}});
    clock.advance(30ms);
    span.fail("no luck");
  });
  ASSERT_EQ(tracer->spans.size(), 1U);
  auto const& span = tracer->spans.front();
  EXPECT_EQ(span.name, "work");
  EXPECT_EQ(span.kind, SpanKind::server);
  EXPECT_TRUE(span.context.trace_id.valid());
  EXPECT_TRUE(span.context.span_id.valid());
  EXPECT_FALSE(span.parent.valid());
  EXPECT_EQ(span.end - span.begin, 30ms);
  ASSERT_EQ(span.attributes.size(), 2U);
  EXPECT_EQ(std::get<std::string>(span.attributes[0].value), "a");
  EXPECT_EQ(std::get<std::int64_t>(span.attributes[1].value), 2);
  ASSERT_EQ(span.events.size(), 1U);
  EXPECT_EQ(span.events[0].name, "halfway");
  EXPECT_TRUE(span.failed);
  EXPECT_EQ(span.error, "no luck");
}

TEST_F(Spans, AreBelowTheOneInWhoseNameTheCodeRuns) {
  run([&] {
    auto const outer = Span::begin("outer");
    SpanScope const scope(outer);
    EXPECT_EQ(Span::current().context(), outer.context());
    {
      SpanScope const inner(Span::begin("inner"));
      EXPECT_NE(Span::current().context(), outer.context());
    }
    EXPECT_EQ(Span::current().context(), outer.context());
  });
  EXPECT_FALSE(Span::current());
  ASSERT_EQ(tracer->spans.size(), 2U);
  auto const& inner = tracer->spans[0];
  auto const& outer = tracer->spans[1];
  EXPECT_EQ(inner.name, "inner");
  EXPECT_EQ(inner.parent, outer.context.span_id);
  EXPECT_EQ(inner.context.trace_id, outer.context.trace_id);
  EXPECT_FALSE(inner.has_remote_parent);
}

TEST_F(Spans, GoOnWhereAnotherServerHasBegun) {
  auto const remote = *TraceContext::parse(usual, "a=1");
  run([&] { Span::begin(shard(), {.name = "here", .remote_parent = &remote}); });
  ASSERT_EQ(tracer->spans.size(), 1U);
  auto const& span = tracer->spans.front();
  EXPECT_EQ(span.context.trace_id, remote.trace_id);
  EXPECT_EQ(span.parent, remote.span_id);
  EXPECT_EQ(span.context.state, "a=1");
  EXPECT_TRUE(span.has_remote_parent);
}

TEST_F(Spans, AreNotRecordedWhereTheOtherServerDoesNot) {
  auto remote = *TraceContext::parse(usual);
  remote.sampled = false;
  run([&] {
    SpanScope const scope(Span::begin(shard(), {.name = "here", .remote_parent = &remote}));
    EXPECT_FALSE(Span::current().recording());
    EXPECT_EQ(Span::current().context().trace_id, remote.trace_id);
    EXPECT_FALSE(Span::begin("below").recording());
  });
  EXPECT_TRUE(tracer->spans.empty());
}

Task<void> nap_in(Span span, std::vector<std::string>& seen) {
  SpanScope const scope(span);
  seen.push_back(Span::current().context().span_id.text());
  co_await sleep_for(10ms);
  seen.push_back(Span::current().context().span_id.text());
}

TEST_F(Spans, AreLaidAsideWhileATaskWaitsAndTakenUpAgain) {
  std::vector<std::string> first;
  std::vector<std::string> second;
  Span one;
  Span two;
  run([&] {
    one = Span::begin("one");
    two = Span::begin("two");
    spawn(shard(), nap_in(one, first));
    spawn(shard(), nap_in(two, second));
    EXPECT_FALSE(Span::current());
  });
  advance(20ms);
  auto const id_of = [](Span const& span) { return span.context().span_id.text(); };
  EXPECT_EQ(first, (std::vector<std::string>{id_of(one), id_of(one)}));
  EXPECT_EQ(second, (std::vector<std::string>{id_of(two), id_of(two)}));
  EXPECT_EQ(shard().active_span(), nullptr);
}

Task<void> ask(std::vector<std::string>& seen) {
  co_await sleep_for(1ms);
  seen.push_back(Span::current().context().span_id.text());
}

Task<void> ask_in_turn(Span span, std::vector<std::string>& seen) {
  SpanScope const scope(span);
  co_await ask(seen);
  seen.push_back(Span::current().context().span_id.text());
}

TEST_F(Spans, AreThoseOfTheTasksThatATaskAwaits) {
  std::vector<std::string> seen;
  Span span;
  run([&] {
    span = Span::begin("outer");
    spawn(shard(), ask_in_turn(span, seen));
  });
  advance(5ms);
  auto const id = span.context().span_id.text();
  EXPECT_EQ(seen, (std::vector<std::string>{id, id}));
}

TEST_F(Spans, EndWithTheLastOfThoseThatHoldThem) {
  run([&] {
    auto const span = Span::begin("held");
    auto first = std::make_unique<core::SpanHold>(span);
    auto second = std::make_unique<core::SpanHold>(span);
    first.reset();
    EXPECT_TRUE(tracer->spans.empty());
    second.reset();
    EXPECT_EQ(tracer->spans.size(), 1U);
    // Nothing more comes of it.
    span.set("late", true);
    span.end();
  });
  ASSERT_EQ(tracer->spans.size(), 1U);
  EXPECT_TRUE(tracer->spans.front().attributes.empty());
}

TEST_F(Spans, AreOfBoundedSize) {
  run([&] {
    auto const span = Span::begin(std::string(5000, 'n'));
    for (int i = 0; i < 100; ++i) {
      span.set("a" + std::to_string(i), std::string(5000, 'v'));
      span.add_event("e");
    }
    // No half of a character.
    span.fail(std::string(1023, 'x') + "\xE2\x82\xAC");
  });
  ASSERT_EQ(tracer->spans.size(), 1U);
  auto const& span = tracer->spans.front();
  EXPECT_EQ(span.name.size(), SpanRecord::longest_text);
  EXPECT_EQ(span.attributes.size(), SpanRecord::most_attributes);
  EXPECT_EQ(std::get<std::string>(span.attributes[0].value).size(), SpanRecord::longest_text);
  EXPECT_EQ(span.events.size(), SpanRecord::most_attributes);
  EXPECT_EQ(span.dropped, 2 * (100 - SpanRecord::most_attributes));
  EXPECT_EQ(span.error, std::string(1023, 'x'));
}

TEST_F(Spans, AreInTheLinesOfTheLog) {
  std::string ids;
  run([&] {
    runtime.log().info("test", "before");
    SpanScope const scope(Span::begin("work"));
    auto const context = Span::current().context();
    ids = context.trace_id.text() + "|" + context.span_id.text();
    runtime.log().info("test", "within");
  });
  EXPECT_EQ(lines, (std::vector<std::string>{"before||", "within|" + ids}));
}

TEST_F(Spans, OfATracerThatThrowsAreLostAndNothingElse) {
  tracer->throws = true;
  run([&] { Span::begin("work"); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("the tracer is broken"), std::string::npos);
}

TEST(SpansOfARuntimeWithoutTracer, AreNone) {
  Runtime runtime;
  auto ran = false;
  runtime.shard(0).post([&] {
    auto const span = Span::begin("work");
    EXPECT_FALSE(span);
    span.set("a", 1.0);
    span.fail("x");
    SpanScope const scope(span);
    EXPECT_FALSE(Span::current());
    EXPECT_FALSE(span.context().trace_id.valid());
    ran = true;
  });
  runtime.shard(0).run_ready();
  EXPECT_TRUE(ran);
}

TEST(SpansOutsideATurn, AreNone) {
  EXPECT_FALSE(Span::begin("work"));
  EXPECT_FALSE(Span::current());
}

}}  // namespace aerie
