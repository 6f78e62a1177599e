#include "tracing/exporter.hpp"

#include "tracing/otlp_json.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace tracing {

namespace {

constexpr core::Milliseconds longest_time = std::chrono::hours{1};

void check_time(std::string_view name, core::Milliseconds value, core::Milliseconds least) {
  if (value >= least && value <= longest_time) return;
  throw std::invalid_argument(core::concat("aerie: OtlpOptions::", name, " is ",
                                           std::to_string(value.count()), " ms; use ",
                                           std::to_string(least.count()), " ms to 1 h"));
}

std::vector<TraceAttribute> resource_of(OtlpOptions const& options) {
  auto resource = options.resource;
  std::erase_if(resource, [](auto const& attribute) { return attribute.name == "service.name"; });
  resource.insert(resource.begin(), {"service.name", options.service_name});
  resource.push_back({"telemetry.sdk.name", std::string("aerie")});
  resource.push_back({"telemetry.sdk.language", std::string("cpp")});
  return resource;
}

/// Signals are for the threads of the program.
template <class F>
std::thread start_thread(F run) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  for (auto const fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
    sigdelset(&all, fault);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread(std::move(run));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

/// What of an answer is read: only whether spans were rejected.
constexpr http::ResponseLimits answer_limits{.max_body_bytes = 64 * 1024};

}  // namespace

http::FetchUrl checked(OtlpOptions const& options) {
  auto url = http::FetchUrl::parse(options.endpoint);
  if (!url) {
    throw std::invalid_argument(core::concat("aerie: OtlpOptions::endpoint is \"", options.endpoint,
                                             "\"; use a URL such as http://localhost:4318/v1/traces"));
  }
  constexpr std::size_t most_spans = 10'000;
  if (options.max_batch < 1 || options.max_batch > most_spans) {
    throw std::invalid_argument(core::concat("aerie: OtlpOptions::max_batch is ",
                                             std::to_string(options.max_batch), "; use 1 to 10000"));
  }
  constexpr std::size_t least_bytes = 64 * 1024;
  if (options.max_queue_bytes < least_bytes) {
    throw std::invalid_argument(core::concat("aerie: OtlpOptions::max_queue_bytes is ",
                                             std::to_string(options.max_queue_bytes), "; use 65536 or more"));
  }
  if (options.service_name.empty())
    throw std::invalid_argument("aerie: OtlpOptions::service_name is empty; name the program");
  check_time("interval", options.interval, core::Milliseconds{1});
  check_time("timeout", options.timeout, core::Milliseconds{1});
  check_time("retry_for", options.retry_for, core::Milliseconds{0});
  check_time("shutdown_timeout", options.shutdown_timeout, core::Milliseconds{0});
  for (auto const& [name, value] : options.headers) {
    auto const bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (name.empty() || std::ranges::any_of(name, bad) || std::ranges::any_of(value, bad)) {
      throw std::invalid_argument(core::concat("aerie: OtlpOptions::headers has one that cannot be sent (\"",
                                               name, "\"); leave control characters out"));
    }
  }
  return std::move(*url);
}

Exporter::Exporter(OtlpOptions options)
    : options_(std::move(options)),
      url_(checked(options_)),
      resource_(resource_of(options_)),
      queue_(options_.max_queue_bytes),
      runtime_({.threads = 1, .worker_threads = 1, .log_sink = options_.log_sink}),
      fetcher_(std::make_unique<http::Fetcher>(runtime_.shard(0), options_.tls, answer_limits)),
      thread_(start_thread([this] { runtime_.run(); })) {}

Exporter::~Exporter() {
  struct Ended {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_over = false;
  };
  auto const ended = std::make_shared<Ended>();
  far_end_.post([this] { ending_ = true; });
  flush([ended] {
    std::scoped_lock const lock(ended->mutex);
    ended->is_over = true;
    ended->changed.notify_all();
  });
  {
    std::unique_lock lock(ended->mutex);
    ended->changed.wait_for(lock, options_.shutdown_timeout, [&] { return ended->is_over; });
  }
  runtime_.stop();
  thread_.join();
  if (auto const lost = queue_.size() + batch_.size(); lost > 0) {
    runtime_.log().warning("tracing", core::concat(std::to_string(lost),
                                                   " spans were not sent in OtlpOptions::shutdown_timeout"));
  }
}

// --- Any thread

void Exporter::add(SpanRecord&& span) {
  std::size_t waiting = 0;
  if (!queue_.push(std::move(span), waiting)) return;
  if (waiting >= options_.max_batch) {
    // Asked for once, not with each span beyond.
    if (waiting % options_.max_batch == 0) far_end_.post([this] { send_batch(); });
  } else if (!woken_.exchange(true, std::memory_order_acq_rel)) {
    far_end_.post([this] { begin_soon(); });
  }
}

void Exporter::flush(std::function<void()> done) {
  far_end_.post([this, done = std::move(done)] {
    if (done) flushed_.push_back(done);
    if (ending_ && retry_.pending()) {
      // Its last chance.
      retry_.cancel();
      return attempt();
    }
    send_batch();
  });
}

OtlpStats Exporter::stats() const {
  return {.exported = exported_.load(std::memory_order_relaxed),
          .dropped_queue_full = queue_.dropped(),
          .dropped_unreachable = unreachable_.load(std::memory_order_relaxed),
          .dropped_refused = refused_.load(std::memory_order_relaxed),
          .waiting = queue_.size()};
}

// --- Its own thread

void Exporter::begin_soon() {
  if (!timer_.pending() && batch_.empty()) shard().start(timer_, options_.interval);
}

void Exporter::on_timer() {
  send_batch();
}

void Exporter::send_batch() {
  if (!batch_.empty()) return;  // and the next one follows it
  timer_.cancel();
  // From here on whoever adds one asks again.
  woken_.store(false, std::memory_order_release);
  batch_ = queue_.take(options_.max_batch);
  if (batch_.empty()) return tell_flushed();
  body_ = otlp_json(resource_, batch_);
  give_up_at_ = shard().now() + options_.retry_for;
  pause_.reset();
  attempt();
}

void Exporter::attempt() {
  http::FetchRequest request{
      .method = "POST", .url = url_, .headers = options_.headers, .timeout = options_.timeout};
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("User-Agent", "aerie");
  request.body = body_;
  fetcher_->send(std::move(request), [this](http::FetchResult result) { answered(result); });
}

void Exporter::answered(http::FetchResult const& result) {
  auto const& log = runtime_.log();
  switch (verdict_of(result)) {
    case Verdict::taken: {
      auto const rejected = std::min(rejected_spans(result.body), batch_.size());
      exported_.fetch_add(batch_.size() - rejected, std::memory_order_relaxed);
      refused_.fetch_add(rejected, std::memory_order_relaxed);
      if (rejected > 0) {
        log.write_limited(LogLevel::warning, "tracing", "rejected",
                          core::concat("the collector at ", options_.endpoint, " has not taken ",
                                       std::to_string(rejected), " spans of a request that it has taken"));
      }
      return batch_over();
    }
    case Verdict::refused:
      log.write_limited(
          LogLevel::warning, "tracing", "refused",
          core::concat("the collector at ", options_.endpoint, " has refused spans with the status ",
                       std::to_string(result.head.status), "; they are dropped"));
      return give_up(refused_);
    case Verdict::again:
      break;
  }
  auto const why = result.head.status == 0 ? result.error
                                           : core::concat("it answers ", std::to_string(result.head.status));
  std::uint64_t random = 0;
  ids_.random(reinterpret_cast<char*>(&random), sizeof random);
  auto const pause =
      pause_.next(random, retry_after(result.head.header("retry-after"), runtime_.clock().wall()));
  // Whoever ends does not wait for better times.
  if (ending_ || shard().now() + pause >= give_up_at_) {
    log.write_limited(LogLevel::warning, "tracing", "unreachable",
                      core::concat("the collector at ", options_.endpoint, " does not take spans: ", why,
                                   "; they are dropped"));
    return give_up(unreachable_);
  }
  shard().start(retry_, pause);
}

void Exporter::on_retry() {
  attempt();
}

void Exporter::give_up(Counter& counter) {
  counter.fetch_add(batch_.size(), std::memory_order_relaxed);
  batch_over();
}

void Exporter::batch_over() {
  queue_.release(batch_);
  batch_.clear();
  body_.clear();
  auto const waiting = queue_.size();
  if (!flushed_.empty() || waiting >= options_.max_batch) return send_batch();
  if (waiting > 0) begin_soon();
}

void Exporter::tell_flushed() {
  for (auto const& done : std::exchange(flushed_, {}))
    core::call_user(runtime_.log(), {"tracing", "the callback of a flush"}, done);
}

}}}  // namespace aerie::v1::tracing
