#include "gateway/health_endpoints.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

struct Health::Parts {
  std::vector<std::pair<std::string, Check>> checks;
};

Health::Health() : parts_(std::make_unique<Parts>()) {}
Health::~Health() = default;

void Health::add(std::string name, Check check) {
  auto const same = [&](auto const& part) { return part.first == name; };
  // The last two are the framework's own.
  if (std::ranges::any_of(parts_->checks, same) || name == "memory" || name.starts_with("cluster")) {
    throw std::invalid_argument(core::concat("aerie: there are two health checks called \"", name,
                                             "\"; give one of them another name"));
  }
  parts_->checks.emplace_back(std::move(name), std::move(check));
}

namespace gateway {

namespace {

/// A loop that takes longer to answer does not turn, for all that whoever asks cares.
constexpr core::Milliseconds patience = std::chrono::seconds{1};

std::string_view text_of(HealthState state) {
  switch (state) {
    case HealthState::up:
      return "up";
    case HealthState::degraded:
      return "degraded";
    case HealthState::down:
      break;
  }
  return "down";
}

http::Response uncached(int status, std::string json) {
  auto response = http::Response::json(status, std::move(json));
  response.set("Cache-Control", "no-store");
  return response;
}

Object described(HealthReport const& report) {
  Object part{{"status", Value(text_of(report.state))}};
  if (!report.reason.empty()) part.set("reason", std::string_view(report.reason));
  return part;
}

/// As NestJS' Terminus answers: those that are well, those that keep clients away, and all of them
/// (https://docs.nestjs.com/recipes/terminus).
Object breakdown(std::string_view status, std::vector<HealthPart> const& parts,
                 HealthOptions const& options) {
  Object info;
  Object error;
  Object details;
  for (auto const& [name, report] : parts) {
    auto const serves = report.state == HealthState::up ||
                        (report.state == HealthState::degraded && options.degraded_is_ready);
    (serves ? info : error).set(name, described(report));
    details.set(name, described(report));
  }
  return {{"status", Value(status)},
          {"info", Value(std::move(info))},
          {"error", Value(std::move(error))},
          {"details", Value(std::move(details))}};
}

http::Response stuck(bool verbose) {
  constexpr std::string_view why = "the first event loop does not turn";
  if (!verbose) return uncached(503, core::concat(R"({"status":"down","reason":")", why, R"("})"));
  std::vector<HealthPart> const parts{{"event_loop", HealthReport::down(std::string(why))}};
  return uncached(503, json::stringify(Value(breakdown("error", parts, {}))));
}

/// What `work` returns, in a turn of `shard`; nothing if that does not turn in time.
template <class T>
Task<std::optional<T>> ask(core::Shard& shard, std::function<T()> work) {
  core::Question<T> question(*core::Shard::current());
  core::Completion<std::optional<T>> answered;
  auto const reply = question.ask(
      patience, [give = answered.completer()](std::optional<T> answer) mutable { give(std::move(answer)); });
  shard.post([reply, work = std::move(work)] { reply(work()); });
  co_return co_await answered;
}

}  // namespace

HealthEndpoints::HealthEndpoints(Runtime& runtime, OtherParts others)
    : runtime_(runtime), others_(std::move(others)) {}

void HealthEndpoints::serve(HealthOptions options, http::Server& application) {
  options_ = std::move(options);
  if (options_.live_path == options_.ready_path) {
    throw StartError(core::concat("aerie: HealthOptions::live_path and ready_path are both ",
                                  options_.live_path,
                                  "; they answer different questions, give them different paths"));
  }
  if (options_.port) own_ = std::make_unique<http::Server>(runtime_);
  auto& server = own_ ? *own_ : application;
  try {
    serve_also_on(server);
  } catch (std::invalid_argument const& error) {
    throw StartError(core::concat("aerie: the health endpoints cannot be served: ", error.what()));
  }
}

void HealthEndpoints::serve_also_on(http::Server& server) {
  // A process that is full is alive: its clients would lose by a restart.
  http::RouteOptions const always{.exempt_from_memory_limit = true};
  server.get(options_.live_path, http::AsyncHandler([this](http::Request const&) { return live(); }), always);
  server.get(options_.ready_path, http::AsyncHandler([this](http::Request const& request) {
               return ready(request.query("verbose").has_value());
             }),
             always);
}

void HealthEndpoints::listen(std::string const& host) {
  if (own_) own_->listen(*options_.port, options_.host.empty() ? host : options_.host);
}

void HealthEndpoints::close() {
  if (own_) own_->close();
}

Task<http::Response> HealthEndpoints::live() {
  Array stuck;
  for (std::size_t i = 0; i < runtime_.shard_count(); ++i) {
    auto const turns = co_await ask<bool>(runtime_.shard(i), [] { return true; });
    if (!turns) stuck.emplace_back(static_cast<std::int64_t>(i));
  }
  if (stuck.empty()) co_return uncached(200, R"({"status":"live"})");
  Object object{{"status", Value("stuck")}, {"event_loops", Value(std::move(stuck))}};
  co_return uncached(503, json::stringify(Value(std::move(object))));
}

Task<http::Response> HealthEndpoints::ready(bool verbose) {
  std::function<Document()> look = [this, verbose] { return readiness(verbose); };
  auto const document = co_await ask<Document>(runtime_.shard(0), std::move(look));
  if (document) co_return uncached(document->status, document->json);
  co_return stuck(verbose);
}

HealthReport HealthEndpoints::check(std::string const& name, Health::Check const& check) const {
  return core::ask_user(runtime_.log(), {"gateway", "the health check", name},
                        HealthReport::down("its check has failed: see the log"), check);
}

HealthEndpoints::Document HealthEndpoints::readiness(bool verbose) const {
  auto parts = others_();
  for (auto const& [name, check_of_it] : health_.parts_->checks)
    parts.push_back({name, check(name, check_of_it)});
  if (runtime_.memory().refuses()) {
    parts.push_back({"memory", HealthReport::down("new clients are refused until connections hold less of "
                                                  "RuntimeOptions::memory_limit")});
  }

  auto worst = HealthState::up;
  Object all;
  for (auto const& [name, report] : parts) {
    worst = std::max(worst, report.state);
    all.set(name, described(report));
  }
  auto const phase = phase_.load(std::memory_order_acquire);
  auto const serves = phase == Phase::ready && worst != HealthState::down &&
                      (worst == HealthState::up || options_.degraded_is_ready);
  if (verbose) {
    // The application itself is a part, which says at which point of its life it is.
    auto application = HealthReport{};
    if (phase == Phase::starting) application = HealthReport::down("it has not started");
    if (phase == Phase::draining) application = HealthReport::down("it is closing, and takes no new clients");
    parts.insert(parts.begin(), {"application", std::move(application)});
    std::string_view const summary = serves ? "ok" : phase == Phase::draining ? "shutting_down" : "error";
    return {serves ? 200 : 503, json::stringify(Value(breakdown(summary, parts, options_)))};
  }
  std::string_view status = worst == HealthState::up ? "ready" : text_of(worst);
  if (phase != Phase::ready) status = phase == Phase::starting ? "starting" : "draining";
  Object object{{"status", Value(status)}, {"parts", Value(std::move(all))}};
  return {serves ? 200 : 503, json::stringify(Value(std::move(object)))};
}

}  // namespace gateway
}}  // namespace aerie::v1
