#include "testing/network.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/server.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

// Two ends that answer each other for ever would keep the test from ever going on.
constexpr int most_rounds = 10'000;
// What one shard does may give another something to do, and so on: no more often than this.
constexpr int most_hops = 20;
// Closing may take its time: connections end at their own pace, and hooks may wait for something.
constexpr core::Milliseconds closing_patience = std::chrono::minutes{1};
constexpr core::Milliseconds closing_step{10};

}  // namespace

Network::Network(gateway::ModuleReference const& root, ApplicationOptions options,
                 gateway::Overrides overrides)
    : runtime_(runtime_options(options.runtime)) {
  application_.emplace(root, std::move(options), &runtime_, std::move(overrides));
}

Network::~Network() {
  shut_down();
}

RuntimeOptions Network::runtime_options(RuntimeOptions options) {
  options.worker_threads = 0;
  options.clock = &clock_;
  options.log_level = LogLevel::debug;
  options.log_sink = [this](LogRecord const& record) {
    log_.push_back({record.level, std::string(record.component), std::string(record.message)});
  };
  return options;
}

void Network::run() {
  // A client's handler, or a fake in the application, has sent something: whoever runs will see to it.
  if (running_) {
    sent_meanwhile_ = true;
    return;
  }
  running_ = true;
  try {
    settle();
  } catch (...) {
    running_ = false;
    throw;
  }
  running_ = false;
}

void Network::settle() {
  auto const times = runtime_.shard_count() == 1 ? 1 : most_hops;
  for (int round = 0; round < most_rounds; ++round) {
    for (int i = 0; i < times; ++i) {
      for (std::size_t shard = 0; shard < runtime_.shard_count(); ++shard)
        runtime_.shard(shard).run_ready();
    }
    run_clients();
    if (!pump()) return;
  }
  throw Failure("aerie: the application and its clients go on answering each other without an end");
}

Runtime& Network::clients() {
  if (!clients_) {
    // What is wrong is the application's to log, and a client's to tell.
    clients_.emplace(
        RuntimeOptions{.worker_threads = 0, .log_sink = [](LogRecord const&) {}, .clock = &clock_});
  }
  return *clients_;
}

void Network::run_clients() {
  if (!clients_) return;
  clients_->shard(0).run_ready();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

bool Network::pump() {
  bool sent = std::exchange(sent_meanwhile_, false);
  // By index: a client's own handlers may add clients.
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (auto const endpoint = endpoints_[i].lock()) sent = endpoint->pump() || sent;
  }
  std::erase_if(endpoints_, [](auto const& endpoint) { return endpoint.expired(); });
  return sent;
}

std::optional<core::TimePoint> Network::next_timer() {
  std::optional<core::TimePoint> next;
  auto const consider = [&next](core::Shard& shard) {
    auto const due = shard.timers().next();
    if (due && (!next || *due < *next)) next = due;
  };
  for (std::size_t i = 0; i < runtime_.shard_count(); ++i)
    consider(runtime_.shard(i));
  if (clients_) consider(clients_->shard(0));
  return next;
}

void Network::advance(core::Milliseconds by) {
  run();
  auto const end = clock_.now() + by;
  while (auto const next = next_timer()) {
    if (*next >= end) break;
    clock_.advance(
        std::max(core::Milliseconds{1}, std::chrono::ceil<core::Milliseconds>(*next - clock_.now())));
    run();
  }
  clock_.advance(std::chrono::ceil<core::Milliseconds>(end - clock_.now()));
  run();
}

void Network::start(int patience) {
  application_->init([this, patience, waits = 0]() mutable {
    if (++waits > patience)
      throw Failure("aerie: the application has not started: a lifecycle hook does not end");
    auto const next = next_timer().value_or(clock_.now());
    advance(std::max(core::Milliseconds{0}, std::chrono::ceil<core::Milliseconds>(next - clock_.now())));
  });
  run();
}

void Network::close(std::string_view signal) {
  if (!application_ || std::exchange(is_closed_, true)) return;
  auto const closed = std::make_shared<bool>(false);
  application_->close(signal, [closed] { *closed = true; });
  run();
  for (auto waited = core::Milliseconds{0}; !*closed && waited < closing_patience; waited += closing_step)
    advance(closing_step);
  if (!*closed) {
    throw Failure("aerie: the application has not closed within a minute: a lifecycle hook does not end");
  }
}

void Network::shut_down() noexcept {
  if (!application_) return;
  try {
    close({});
  } catch (...) {
    // There is nobody to tell: this is a destructor, maybe that of a test that has failed already.
  }
  application_.reset();
}

http::Server& Network::server(std::optional<std::uint16_t> port) {
  if (!application_) throw Failure("aerie: the application under test is gone");
  auto* const server = port ? application_->adapter().http_server(*port) : &application_->http();
  if (server == nullptr) {
    throw Failure(core::concat("aerie: no gateway of the application has port ", std::to_string(*port)));
  }
  return *server;
}

core::MemoryClient Network::connect(std::optional<std::uint16_t> port) {
  auto& server = this->server(port);
  auto& shard = runtime_.shard(next_shard_++ % runtime_.shard_count());
  auto pair = core::memory_pair(shard);
  server.serve(std::move(pair.server));
  return std::move(pair.client);
}

}}}  // namespace aerie::v1::testing
