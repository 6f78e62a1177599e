// Spans on their way to a collector on this machine: one that answers as the test says.

#include <aerie/core/completion.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/http/server.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/tracing/otlp.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aerie { namespace {

using namespace std::chrono_literals;

/// So long a test waits at most for what has to happen.
constexpr auto patience = 60s;

/// What a thread waits for that others bring about.
class Watched {
 public:
  template <class Change>
  void change(Change change) {
    std::scoped_lock const lock(mutex_);
    change();
    changed_.notify_all();
  }
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, condition);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

class Collector {
 public:
  struct Answer {
    int status = 200;
    std::string retry_after{};
    std::string body = "{}";
    /// It is never given.
    bool never = false;
  };

  explicit Collector(std::uint16_t port = 0) {
    server_.post("/v1/traces",
                 http::AsyncHandler([this](http::Request const& request) { return take(request); }));
    server_.listen(port, "127.0.0.1");
    thread_ = std::thread([this] { server_.run(); });
  }
  ~Collector() {
    server_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return server_.port(); }
  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port()) + "/v1/traces"; }
  /// What the next requests are answered; 200 after that.
  void answer(std::vector<Answer> answers) {
    watched_.change([&] { answers_.assign(answers.begin(), answers.end()); });
  }
  bool wait_for_requests(std::size_t count) {
    return watched_.wait([&] { return requests_ >= count; });
  }
  /// Names of the spans of requests that it has answered with success, in their order.
  bool wait_for_spans(std::vector<std::string> const& names) {
    auto const come = watched_.wait([&] { return names_.size() >= names.size(); });
    EXPECT_EQ(names_, names);
    return come;
  }
  std::map<std::string, std::string> headers() {
    std::map<std::string, std::string> result;
    watched_.change([&] { result = headers_; });
    return result;
  }
  Value last() {
    Value result;
    watched_.change([&] { result = last_; });
    return result;
  }

 private:
  Task<http::Response> take(http::Request const& request) {
    Answer answer;
    watched_.change([&] {
      ++requests_;
      if (!answers_.empty()) {
        answer = answers_.front();
        answers_.pop_front();
      }
      for (auto const* const name : {"content-type", "authorization", "user-agent", "host"})
        headers_[name] = request.header(name);
      if (answer.status >= 300 || answer.never) return;
      EXPECT_TRUE(json::parse(request.body, last_)) << request.body;
      auto const& spans = last_["resourceSpans"][0]["scopeSpans"][0]["spans"];
      for (auto const& span : spans.as_array())
        names_.emplace_back(span["name"].as_string());
    });
    if (answer.never) co_await sleep_for(std::chrono::hours{1});
    auto response = http::Response::json(answer.status, answer.body);
    if (!answer.retry_after.empty()) response.set("Retry-After", answer.retry_after);
    co_return response;
  }

  Watched watched_;
  std::deque<Answer> answers_;
  std::size_t requests_ = 0;
  std::vector<std::string> names_;
  std::map<std::string, std::string> headers_;
  Value last_;
  http::Server server_{{}, {.threads = 1, .log_sink = nullptr}};
  std::thread thread_;
};

SpanRecord span(std::string name) {
  SpanRecord record{.name = std::move(name)};
  record.context = *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  record.begin = core::WallTime{1'700'000'000s};
  record.end = record.begin + 1ms;
  return record;
}

class SpansForACollector : public ::testing::Test {
 protected:
  OtlpOptions options(std::string endpoint) {
    return {.endpoint = std::move(endpoint),
            .service_name = "test",
            .interval = 1h,
            .log_sink = [this](LogRecord const& record) {
              said.change([&] { lines.emplace_back(record.message); });
            }};
  }
  /// Sends what waits; false if that takes for ever.
  bool flush(OtlpTracer& tracer) {
    auto const over = std::make_shared<std::pair<Watched, bool>>();
    tracer.flush([over] { over->first.change([&] { over->second = true; }); });
    return over->first.wait([&] { return over->second; });
  }
  bool logged(std::string const& text) {
    auto found = false;
    said.change([&] {
      for (auto const& line : lines)
        found = found || line.find(text) != std::string::npos;
    });
    return found;
  }

  Watched said;
  std::vector<std::string> lines;
};

TEST_F(SpansForACollector, ArriveWithWhatIsSaidOfTheProgram) {
  Collector collector;
  auto settings = options(collector.endpoint());
  settings.headers = {{"Authorization", "Basic abc"}};
  settings.resource = {{"deployment.environment.name", std::string("test")}};
  OtlpTracer tracer(settings);
  tracer.ended(span("a"));
  tracer.ended(span("b"));
  ASSERT_TRUE(flush(tracer));
  EXPECT_TRUE(collector.wait_for_spans({"a", "b"}));
  auto headers = collector.headers();
  EXPECT_EQ(headers["content-type"], "application/json");
  EXPECT_EQ(headers["authorization"], "Basic abc");
  auto const document = collector.last();
  auto const& attributes = document["resourceSpans"][0]["resource"]["attributes"];
  EXPECT_EQ(attributes[0]["key"].as_string(), "service.name");
  EXPECT_EQ(attributes[0]["value"]["stringValue"].as_string(), "test");
  EXPECT_EQ(attributes[1]["key"].as_string(), "deployment.environment.name");
  EXPECT_EQ(tracer.stats().exported, 2U);
  EXPECT_EQ(tracer.stats().waiting, 0U);
}

TEST_F(SpansForACollector, GoInBatchesOfTheSizeThatWasSaid) {
  Collector collector;
  auto settings = options(collector.endpoint());
  settings.max_batch = 2;
  OtlpTracer tracer(settings);
  for (auto const* const name : {"1", "2", "3", "4", "5"})
    tracer.ended(span(name));
  // Full batches go by themselves.
  EXPECT_TRUE(collector.wait_for_requests(2));
  ASSERT_TRUE(flush(tracer));
  EXPECT_TRUE(collector.wait_for_spans({"1", "2", "3", "4", "5"}));
  EXPECT_EQ(tracer.stats().exported, 5U);
}

TEST_F(SpansForACollector, GoWhenTheFirstOneHasWaitedForTheInterval) {
  Collector collector;
  auto settings = options(collector.endpoint());
  settings.interval = 1ms;
  OtlpTracer tracer(settings);
  tracer.ended(span("a"));
  EXPECT_TRUE(collector.wait_for_spans({"a"}));
  tracer.ended(span("b"));
  EXPECT_TRUE(collector.wait_for_spans({"a", "b"}));
}

TEST_F(SpansForACollector, AreSentWhenTheTracerEnds) {
  Collector collector;
  {
    OtlpTracer tracer(options(collector.endpoint()));
    tracer.ended(span("last"));
  }
  EXPECT_TRUE(collector.wait_for_spans({"last"}));
}

TEST_F(SpansForACollector, AreOfferedAgainToOneThatIsInTrouble) {
  for (int const status : {429, 502, 503, 504}) {
    Collector collector;
    collector.answer({{.status = status}});
    OtlpTracer tracer(options(collector.endpoint()));
    tracer.ended(span("a"));
    ASSERT_TRUE(flush(tracer)) << status;
    EXPECT_TRUE(collector.wait_for_requests(2)) << status;
    EXPECT_TRUE(collector.wait_for_spans({"a"})) << status;
    EXPECT_EQ(tracer.stats().exported, 1U) << status;
  }
}

TEST_F(SpansForACollector, WaitAsLongAsItAsksFor) {
  Collector collector;
  collector.answer({{.status = 429, .retry_after = "1"}});
  OtlpTracer tracer(options(collector.endpoint()));
  tracer.ended(span("a"));
  auto const begun = std::chrono::steady_clock::now();
  ASSERT_TRUE(flush(tracer));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 1s);
  EXPECT_TRUE(collector.wait_for_spans({"a"}));
}

TEST_F(SpansForACollector, AreDroppedIfItAsksForMoreTimeThanTheyHave) {
  Collector collector;
  collector.answer({{.status = 503, .retry_after = "3600"}});
  OtlpTracer tracer(options(collector.endpoint()));
  tracer.ended(span("a"));
  ASSERT_TRUE(flush(tracer));
  EXPECT_EQ(tracer.stats().dropped_unreachable, 1U);
  EXPECT_TRUE(logged("it answers 503; they are dropped"));
  // The next one is not its fault.
  tracer.ended(span("b"));
  ASSERT_TRUE(flush(tracer));
  EXPECT_TRUE(collector.wait_for_spans({"b"}));
}

TEST_F(SpansForACollector, AreDroppedIfItDoesNotWantThem) {
  for (int const status : {400, 401, 413, 500}) {
    Collector collector;
    collector.answer({{.status = status}});
    OtlpTracer tracer(options(collector.endpoint()));
    tracer.ended(span("a"));
    ASSERT_TRUE(flush(tracer)) << status;
    EXPECT_EQ(tracer.stats().dropped_refused, 1U) << status;
    EXPECT_EQ(tracer.stats().exported, 0U) << status;
    EXPECT_TRUE(logged("with the status " + std::to_string(status)));
  }
}

TEST_F(SpansForACollector, CountThoseThatWereRejectedOfARequest) {
  Collector collector;
  collector.answer({{.body = R"({"partialSuccess":{"rejectedSpans":"2"}})"}});
  OtlpTracer tracer(options(collector.endpoint()));
  for (auto const* const name : {"1", "2", "3"})
    tracer.ended(span(name));
  ASSERT_TRUE(flush(tracer));
  EXPECT_EQ(tracer.stats().exported, 1U);
  EXPECT_EQ(tracer.stats().dropped_refused, 2U);
}

TEST_F(SpansForACollector, WaitForOneThatIsAwayAndArriveWhenItComesBack) {
  std::uint16_t port = 0;
  {
    Collector const before;
    port = before.port();
  }
  OtlpTracer tracer(options("http://127.0.0.1:" + std::to_string(port) + "/v1/traces"));
  tracer.ended(span("a"));
  auto const over = std::make_shared<std::pair<Watched, bool>>();
  tracer.flush([over] { over->first.change([&] { over->second = true; }); });
  Collector collector(port);
  EXPECT_TRUE(over->first.wait([&] { return over->second; }));
  EXPECT_TRUE(collector.wait_for_spans({"a"}));
  EXPECT_EQ(tracer.stats().exported, 1U);
}

TEST_F(SpansForACollector, AreDroppedIfItStaysAway) {
  std::uint16_t port = 0;
  {
    Collector const before;
    port = before.port();
  }
  auto settings = options("http://127.0.0.1:" + std::to_string(port) + "/v1/traces");
  settings.retry_for = 0ms;
  OtlpTracer tracer(settings);
  tracer.ended(span("a"));
  ASSERT_TRUE(flush(tracer));
  EXPECT_EQ(tracer.stats().dropped_unreachable, 1U);
  EXPECT_TRUE(logged("does not take spans"));
}

TEST_F(SpansForACollector, AreOfferedAgainToOneThatDoesNotAnswerInTime) {
  Collector collector;
  collector.answer({{.never = true}});
  auto settings = options(collector.endpoint());
  settings.timeout = 50ms;
  OtlpTracer tracer(settings);
  tracer.ended(span("a"));
  tracer.flush();
  EXPECT_TRUE(collector.wait_for_requests(2));
}

TEST_F(SpansForACollector, HoldNoMoreThanTheQueueWhileItIsSlow) {
  Collector collector;
  collector.answer({{.never = true}});
  auto settings = options(collector.endpoint());
  settings.max_queue_bytes = 64 * 1024;
  settings.shutdown_timeout = 0ms;
  OtlpTracer tracer(settings);
  tracer.ended(span("slow"));
  tracer.flush();
  ASSERT_TRUE(collector.wait_for_requests(1));
  constexpr std::size_t many = 10'000;
  for (std::size_t i = 0; i < many; ++i)
    tracer.ended(span("x"));
  auto const now = tracer.stats();
  EXPECT_GT(now.dropped_queue_full, many / 2);
  EXPECT_EQ(now.waiting + now.dropped_queue_full, many);
}

TEST_F(SpansForACollector, DoNotKeepTheProgramFromItsEnd) {
  Collector collector;
  collector.answer({{.never = true}, {.never = true}});
  auto settings = options(collector.endpoint());
  settings.shutdown_timeout = 10ms;
  auto const begun = std::chrono::steady_clock::now();
  {
    OtlpTracer tracer(settings);
    tracer.ended(span("a"));
    tracer.flush();
    ASSERT_TRUE(collector.wait_for_requests(1));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, patience);
  EXPECT_TRUE(logged("spans were not sent in OtlpOptions::shutdown_timeout"));
}

TEST_F(SpansForACollector, ComeFromAllThreads) {
  Collector collector;
  auto settings = options(collector.endpoint());
  settings.max_batch = 7;
  settings.interval = 1ms;
  settings.max_queue_bytes = std::size_t{64} << 20U;
  OtlpTracer tracer(settings);
  constexpr std::uint64_t each = 300;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&tracer] {
      for (std::uint64_t k = 0; k < each; ++k)
        tracer.ended(span("x"));
    });
  }
  for (auto& thread : threads)
    thread.join();
  ASSERT_TRUE(flush(tracer));
  EXPECT_EQ(tracer.stats().exported, 3 * each);
}

TEST_F(SpansForACollector, AreOnThePageOfMetrics) {
  Collector collector;
  OtlpTracer tracer(options(collector.endpoint()));
  tracer.ended(span("a"));
  ASSERT_TRUE(flush(tracer));
  core::MetricsPage page;
  tracer.collect(page);
  auto const text = page.text();
  EXPECT_NE(text.find("aerie_trace_spans_exported_total 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("aerie_trace_spans_dropped_total{reason=\"queue_full\"} 0\n"), std::string::npos)
      << text;
}

TEST(OptionsOfACollector, ThatCannotBeStopTheStart) {
  struct Case {
    char const* what;
    std::function<void(OtlpOptions&)> spoil;
  };
  for (auto const& [what, spoil] : {
           Case{"endpoint", [](OtlpOptions& o) { o.endpoint = "collector:4318"; }},
           Case{"endpoint", [](OtlpOptions& o) { o.endpoint = "ftp://collector"; }},
           Case{"endpoint", [](OtlpOptions& o) { o.endpoint = "http://"; }},
           Case{"max_batch", [](OtlpOptions& o) { o.max_batch = 0; }},
           Case{"max_queue_bytes", [](OtlpOptions& o) { o.max_queue_bytes = 1; }},
           Case{"service_name", [](OtlpOptions& o) { o.service_name.clear(); }},
           Case{"interval", [](OtlpOptions& o) { o.interval = 0ms; }},
           Case{"timeout", [](OtlpOptions& o) { o.timeout = 0ms; }},
           Case{"retry_for", [](OtlpOptions& o) { o.retry_for = -1ms; }},
           Case{"shutdown_timeout", [](OtlpOptions& o) { o.shutdown_timeout = -1ms; }},
           Case{"headers",
                [](OtlpOptions& o) {
                  o.headers = {{"A", "b\r\nC: d"}};
                }},
           Case{"ratio", [](OtlpOptions& o) { o.sampling.ratio = 2; }},
       }) {
    OtlpOptions options;
    spoil(options);
    try {
      OtlpTracer const tracer(options);
      FAIL() << what;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
    }
  }
}

// --- The environment

std::optional<OtlpOptions> with(std::map<std::string, std::string> const& variables) {
  return otlp_options_from_environment({}, [&](char const* name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(OptionsOfTheEnvironment, AreThoseOfOpenTelemetry) {
  auto const options =
      with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
            {"OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20abc, x=1"},
            {"OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment.environment.name=prod"},
            {"OTEL_SERVICE_NAME", "chat"},
            {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
            {"OTEL_TRACES_SAMPLER_ARG", "0.25"}});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->endpoint, "http://collector:4318/v1/traces");
  ASSERT_EQ(options->headers.size(), 2U);
  EXPECT_EQ(options->headers[0].second, "Basic abc");
  EXPECT_EQ(options->service_name, "chat");
  ASSERT_EQ(options->resource.size(), 1U);
  EXPECT_EQ(options->resource[0].name, "deployment.environment.name");
  EXPECT_EQ(options->sampling.ratio, 0.25);
  EXPECT_TRUE(options->sampling.parent_based);
}

TEST(OptionsOfTheEnvironment, AreNoneWithoutAnEndpoint) {
  EXPECT_FALSE(with({}));
  EXPECT_FALSE(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"}, {"OTEL_SDK_DISABLED", "true"}}));
  EXPECT_EQ(with({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://a/b"}})->endpoint, "http://a/b");
  EXPECT_EQ(with({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://a/b/"}})->endpoint, "http://a/b/v1/traces");
}

TEST(OptionsOfTheEnvironment, ThatMeanNothingAreRefused) {
  std::pair<std::string, std::string> const endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"};
  EXPECT_THROW(with({endpoint, {"OTEL_TRACES_SAMPLER", "sometimes"}}), std::invalid_argument);
  EXPECT_THROW(with({endpoint, {"OTEL_TRACES_SAMPLER", "traceidratio"}, {"OTEL_TRACES_SAMPLER_ARG", "2"}}),
               std::invalid_argument);
  EXPECT_THROW(with({endpoint, {"OTEL_EXPORTER_OTLP_HEADERS", "nonsense"}}), std::invalid_argument);
  EXPECT_EQ(with({endpoint, {"OTEL_TRACES_SAMPLER", "always_off"}})->sampling.ratio, 0);
}

}}  // namespace aerie
