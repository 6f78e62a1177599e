#include "http/server_state.hpp"

#include "http/connection.hpp"

#include <aerie/core/log.hpp>
#include <aerie/tls/stream.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view http_1_1 = "http/1.1";

void check_range(std::string_view name, std::size_t value, std::size_t least, std::size_t most) {
  if (value >= least && value <= most) return;
  throw std::invalid_argument(core::concat("aerie: ServerOptions::", name, " is ", std::to_string(value),
                                           "; use ", std::to_string(least), " to ", std::to_string(most)));
}

void check_positive(std::string_view name, core::Milliseconds value) {
  // A point of time must be able to hold it.
  constexpr std::chrono::hours most{24 * 365};
  if (value.count() > 0 && value <= most) return;
  throw std::invalid_argument(core::concat("aerie: ServerOptions::", name, " is ",
                                           std::to_string(value.count()), " ms; use a ",
                                           value > most ? "time of at most a year" : "positive time"));
}

ServerOptions checked(ServerOptions options) {
  check_range("max_head_bytes", options.max_head_bytes, 512, HeadParser::max_bytes);
  check_range("max_header_lines", options.max_header_lines, 8, HeadParser::max_lines);
  check_range("max_pipelined_bytes", options.max_pipelined_bytes, 0, std::size_t{1} << 30U);
  check_positive("header_timeout", options.header_timeout);
  check_positive("body_timeout", options.body_timeout);
  check_positive("keep_alive_timeout", options.keep_alive_timeout);
  check_positive("write_stall_timeout", options.write_stall_timeout);
  check_range("min_write_rate", options.min_write_rate, 0, std::size_t{1} << 30U);
  if (options.destroy_upgrade_timeout)
    check_positive("destroy_upgrade_timeout", *options.destroy_upgrade_timeout);
  return options;
}

}  // namespace

ServerState::ServerState(Runtime& runtime, ServerOptions options)
    : runtime_(runtime),
      options_(checked(std::move(options))),
      proxies_(options_.trusted_proxies),
      dispatcher_(options_, runtime.shard_count()) {
  if (options_.tls) tls_ = tls::Context::server(*options_.tls, http_1_1);
  for (std::size_t i = 0; i < runtime_.shard_count(); ++i) {
    hubs_.push_back(std::make_unique<Hub>(*this, runtime_.shard(i)));
  }
}

ServerState::~ServerState() = default;

void ServerState::listen(std::uint16_t port, std::string const& host) {
  auto listener = std::make_unique<core::Listener>(
      runtime_.shard(0), host, port, [this](core::AcceptedSocket socket) { accepted(std::move(socket)); });
  if (listeners_.empty()) port_.store(listener->port(), std::memory_order_release);
  listeners_.push_back(std::move(listener));
  listening_.store(true, std::memory_order_release);
}

void ServerState::accepted(core::AcceptedSocket socket) {
  auto& hub = *hubs_[next_hub_++ % hubs_.size()];
  if (hub.shard().in_turn()) {
    open(hub, std::move(socket));
    return;
  }
  hub.shard().post([server = self(), &hub, socket = std::move(socket)]() mutable {
    if (server->listening()) server->open(hub, std::move(socket));
  });
}

void ServerState::open(Hub& hub, core::AcceptedSocket socket) {
  auto stream = socket.open(hub.shard());
  if (auto context = tls()) stream = tls::accept(std::move(stream), std::move(context));
  hub.serve(std::move(stream));
}

void ServerState::close() {
  listening_.store(false, std::memory_order_release);
  for (auto const& hub : hubs_) {
    auto task = [server = self(), hub = hub.get()] {
      if (hub->shard().index() == 0) server->close_listeners();
      hub->close();
    };
    // At once where that is possible, so that the port is free when this returns.
    if (hub->shard().in_turn()) {
      task();
    } else {
      hub->shard().post(std::move(task));
    }
  }
}

void ServerState::stop_listening() {
  listening_.store(false, std::memory_order_release);
  auto task = [server = self()] { server->close_listeners(); };
  auto& first = runtime_.shard(0);
  if (first.in_turn()) {
    task();
  } else {
    first.post(std::move(task));
  }
}

void ServerState::close_listeners() {
  // The port is free at once; the listener itself may be what has called us.
  for (auto& listener : std::exchange(listeners_, {})) {
    listener->close();
    runtime_.shard(0).retire(std::move(listener));
  }
}

void ServerState::end(std::shared_ptr<ServerState> state) {
  state->gone_.store(true, std::memory_order_relaxed);
  state->listening_.store(false, std::memory_order_release);
  state->close_listeners();
  for (auto const& hub : state->hubs_)
    hub->abort();
  for (auto const& hub : state->hubs_) {
    if (!hub->shard().in_turn()) continue;
    auto& shard = hub->shard();
    shard.retire(std::make_unique<std::shared_ptr<ServerState>>(std::move(state)));
    return;
  }
}

std::shared_ptr<tls::Context const> ServerState::tls() const {
  std::scoped_lock const lock(tls_mutex_);
  return tls_;
}

void ServerState::reload_certificates() {
  if (!options_.tls) return;
  auto fresh = tls::Context::server(*options_.tls, http_1_1);
  std::scoped_lock const lock(tls_mutex_);
  tls_ = std::move(fresh);
}

}}}  // namespace aerie::v1::http
