#pragma once

#include "tracing/export_rules.hpp"
#include "tracing/span_queue.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/http/fetch.hpp>
#include <aerie/tracing/otlp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace aerie { inline namespace v1 { namespace tracing {

/// Throws std::invalid_argument, naming the setting and its range, for what cannot be.
http::FetchUrl checked(OtlpOptions const& options);

/// Sends batches of spans, one after the other. Belongs to a shard of its own, which runs on its own thread,
/// except where it says otherwise.
class Exporter {
 public:
  explicit Exporter(OtlpOptions options);
  /// Waits until what there is has been sent, or has had its time.
  ~Exporter();

  // --- Any thread
  void add(SpanRecord&& span);
  void flush(std::function<void()> done);
  OtlpStats stats() const;

 private:
  using Counter = std::atomic<std::uint64_t>;

  void begin_soon();
  void send_batch();
  void attempt();
  void answered(http::FetchResult const& result);
  void retry_at(core::Milliseconds pause);
  void batch_over();
  void give_up(Counter& counter);
  void tell_flushed();
  void on_timer();
  void on_retry();
  core::Shard& shard() noexcept { return runtime_.shard(0); }

  OtlpOptions options_;
  http::FetchUrl url_;
  std::vector<TraceAttribute> resource_;
  SpanQueue queue_;
  std::atomic<bool> woken_{false};  // somebody has asked for the timer, or for a batch
  Counter exported_{0};
  Counter unreachable_{0};
  Counter refused_{0};
  Runtime runtime_;
  core::IdSource ids_{0};
  std::unique_ptr<http::Fetcher> fetcher_;
  std::vector<SpanRecord> batch_;
  std::string body_;
  core::TimePoint give_up_at_{};
  RetryPause pause_;
  std::vector<std::function<void()>> flushed_;  // to be told
  bool ending_ = false;
  core::Timer timer_ = core::Timer::calling<&Exporter::on_timer>(this);
  core::Timer retry_ = core::Timer::calling<&Exporter::on_retry>(this);
  core::Anchor anchor_{runtime_.shard(0)};
  core::AnchorRef far_end_ = anchor_.ref();
  std::thread thread_;
};

}}}  // namespace aerie::v1::tracing
