#include "engineio/server_state.hpp"
#include "engineio/shard_engine.hpp"

#include <aerie/core/after_calls.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/server.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

void ResponseHeaders::add(std::string_view name, std::string_view value) {
  static constexpr std::string_view forbidden("\r\n\0", 3);
  if (name.empty() || name.find_first_of(forbidden) != std::string_view::npos ||
      name.find_first_of(": \t") != std::string_view::npos ||
      value.find_first_of(forbidden) != std::string_view::npos) {
    throw std::invalid_argument(core::concat("aerie: \"", name,
                                             "\" cannot be sent as a header: its name or value has "
                                             "characters that headers cannot have"));
  }
  lines_ += core::concat(name, ": ", value, "\r\n");
}

namespace {

std::string with_slash(ServerOptions const& options) {
  auto path = options.path;
  while (!path.empty() && path.back() == '/')
    path.pop_back();
  if (options.add_trailing_slash || path.empty()) path.push_back('/');
  return path;
}

ServerOptions checked(ServerOptions options) {
  check(options);
  return options;
}

}  // namespace

ServerState::ServerState(Runtime& its_runtime, ServerOptions its_options)
    : runtime(its_runtime),
      options(checked(std::move(its_options))),
      path(with_slash(options)),
      admission(options) {
  if (options.cors) cors = std::make_unique<http::Cors>(*options.cors);
  if (options.generate_id) directory = std::make_unique<IdDirectory>();
  for (std::size_t i = 0; i < runtime.shard_count(); ++i)
    shards.push_back(std::make_unique<ShardEngine>(*this, runtime.shard(i)));
}

ServerState::~ServerState() = default;

Server::Server(Runtime& runtime, ServerOptions options)
    : state_(std::make_unique<ServerState>(runtime, std::move(options))), hooks(state_->hooks) {}

Server::~Server() {
  if (http_ != nullptr) http_->unmount(*this);
  auto* const shard = core::Shard::current();
  if (shard == nullptr || &shard->runtime() != &state_->runtime) return;
  auto& engine = *state_->shards[shard->index()];
  if (!engine.is_calling()) return;
  // It is destroyed by what it calls: those who have called go on in what is left of it.
  engine.abandon();
  shard->retire(std::move(state_));
}

void Server::use(std::function<void(RequestStep)> step) {
  state_->steps.push_back(std::move(step));
}

void Server::attach(http::Server& http) {
  if (&http.runtime() != &runtime()) {
    throw std::invalid_argument(core::concat("aerie: the ", name(),
                                             " server and the HTTP server it is attached to must "
                                             "share one Runtime; pass http.runtime() when you make it"));
  }
  http_ = &http;
  http.mount(path(), *this);
}

Runtime& Server::runtime() const noexcept {
  return state_->runtime;
}

ServerOptions const& Server::options() const noexcept {
  return state_->options;
}

std::string const& Server::path() const noexcept {
  return state_->path;
}

std::string_view Server::name() const {
  return state_->name;
}

void Server::set_name(std::string_view name) {
  state_->name = name;
}

std::size_t Server::clients_count() const noexcept {
  return state_->admission.open();
}

core::Shard* Server::home_of(http::Exchange const& exchange) const {
  auto const shards = state_->shards.size();
  if (shards == 1) return nullptr;
  auto const sid = http::query_parameter(exchange.head().query(), "sid");
  if (!sid) return nullptr;
  auto index = state_->directory ? state_->directory->find(*sid) : std::nullopt;
  if (!index) {
    if (auto const made_by = core::shard_of(*sid)) index = *made_by;
  }
  if (!index || *index >= shards || *index == exchange.shard().index()) return nullptr;
  return &state_->runtime.shard(*index);
}

void Server::begin(http::Exchange& exchange) {
  if (auto* const home = home_of(exchange)) {
    exchange.continue_on(*home);
    return;
  }
  std::string headers;
  if (auto const* const cors = state_->cors.get()) {
    if (cors->preflight(exchange)) return;
    cors->apply(exchange.head(), headers);
    if (!exchange) return;
  }
  state_->shards[exchange.shard().index()]->begin(exchange, std::move(headers));
}

std::uint64_t Server::slow_consumers() const noexcept {
  return state_->slow_consumers.load(std::memory_order_relaxed);
}

SessionCounts<std::uint64_t> Server::counts() const noexcept {
  SessionCounts<std::uint64_t> sum;
  for (auto const& engine : state_->shards)
    engine->counts().with(sum, [](core::Tally const& tally, std::uint64_t& total) { total += tally.get(); });
  return sum;
}

namespace {

std::function<void()> after_every_shard(ServerState const& state, std::string_view what,
                                        std::function<void()> done) {
  return core::after_calls(state.shards.size(), [log = &state.runtime.log(), what, done = std::move(done)] {
    if (done) core::call_user(*log, {"engine.io", what}, done);
  });
}

}  // namespace

void Server::drain(core::Milliseconds spread, std::function<void()> done) {
  state_->closed.store(true, std::memory_order_relaxed);
  auto const one_less = after_every_shard(*state_, "the callback of drain", std::move(done));
  for (auto const& engine : state_->shards)
    engine->drain_soon(spread, one_less);
}

void Server::close() {
  state_->closed.store(true, std::memory_order_relaxed);
  for (auto const& engine : state_->shards)
    engine->close_soon();
}

void Server::close(core::Milliseconds patience, std::function<void()> done) {
  state_->closed.store(true, std::memory_order_relaxed);
  auto const one_less = after_every_shard(*state_, "the callback of close", std::move(done));
  for (auto const& engine : state_->shards)
    engine->close_soon(patience, one_less);
}

void Server::reopen() noexcept {
  state_->closed.store(false, std::memory_order_relaxed);
}

}}}  // namespace aerie::v1::engineio
