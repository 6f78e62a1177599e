#include "socketio/server_state.hpp"

#include "socketio/client.hpp"
#include "socketio/client_bundle.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/shard_bus.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/task.hpp>

#include <atomic>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

engineio::ServerOptions engine_options(ServerOptions const& options) {
  return {.path = options.path,
          .add_trailing_slash = options.add_trailing_slash,
          .ping_interval = options.ping_interval,
          .ping_timeout = options.ping_timeout,
          .upgrade_timeout = options.upgrade_timeout,
          .max_http_buffer_size = options.max_http_buffer_size,
          .transports = options.transports,
          .allow_upgrades = options.allow_upgrades,
          .allow_request = options.allow_request,
          .generate_id = options.generate_id,
          .cors = options.cors,
          .origin_check = options.origin_check,
          .cookie = options.cookie,
          .initial_packet = options.initial_packet,
          .http_compression = options.http_compression,
          .per_message_deflate = options.per_message_deflate,
          .outgoing_limit = options.outgoing_limit,
          .max_sessions = options.max_sessions};
}

constexpr core::Milliseconds closing_interval{1};
constexpr core::Milliseconds closing_patience{5'000};

}  // namespace

ServerState::ServerState(Runtime& runtime, ServerOptions options)
    : runtime_(runtime),
      options_(std::move(options)),
      engine_(std::make_unique<engineio::Server>(runtime, engine_options(options_))),
      bus_(std::make_unique<ShardBus>(*this)) {
  engine_->set_name("Socket.IO");
  for (std::size_t i = 0; i < runtime.shard_count(); ++i) {
    nodes_.push_back(std::make_unique<ShardNode>(*this, runtime.shard(i)));
  }
  engine_->hooks.connection = [this](engineio::Session& session) {
    session.set_handler(std::make_unique<Client>(node(session.shard()), session));
  };
}

ServerState::~ServerState() {
  // Sessions first, while everything they refer to is still there.
  engine_.reset();
}

ShardNode& ServerState::node(core::Shard const& shard) const noexcept {
  return *nodes_[shard.index()];
}

ShardNode* ServerState::current_node() const noexcept {
  auto const* const shard = core::Shard::current();
  return shard != nullptr && &shard->runtime() == &runtime_ ? &node(*shard) : nullptr;
}

// --- The registry of namespaces

std::shared_ptr<Namespace> ServerState::find(std::string_view name) const {
  std::scoped_lock const lock(mutex_);
  auto const found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Namespace>> ServerState::all() const {
  std::scoped_lock const lock(mutex_);
  std::vector<std::shared_ptr<Namespace>> result;
  for (auto const& [name, nsp] : namespaces_)
    result.push_back(nsp);
  return result;
}

std::vector<std::shared_ptr<Namespace>> ServerState::children(HandlerSet const& parent) const {
  auto result = all();
  std::erase_if(result, [&](auto const& nsp) { return nsp->parent_handlers() != &parent; });
  return result;
}

std::vector<ParentNamespace*> ServerState::parents() const {
  std::scoped_lock const lock(mutex_);
  std::vector<ParentNamespace*> result;
  for (auto const& parent : parents_)
    result.push_back(parent.nsp.get());
  return result;
}

ParentNamespace& ServerState::add_parent(ParentNamespace::Predicate predicate,
                                         std::function<bool(std::string_view)> adopts) {
  std::scoped_lock const lock(mutex_);
  parents_.push_back({std::make_unique<ParentNamespace>(*this, std::move(predicate)), std::move(adopts)});
  return *parents_.back().nsp;
}

std::shared_ptr<Namespace> ServerState::create_locked(std::string_view name, ParentNamespace* parent) {
  auto handlers = parent != nullptr ? parent->handlers_ : nullptr;
  auto nsp = std::make_shared<Namespace>(*this, std::string(name), std::move(handlers));
  nsp->dynamic_ = parent != nullptr;
  namespaces_.emplace(nsp->name(), nsp);
  return nsp;
}

std::shared_ptr<Namespace> ServerState::create(std::string_view name, ParentNamespace* parent) {
  std::shared_ptr<Namespace> nsp;
  {
    std::scoped_lock const lock(mutex_);
    if (auto const found = namespaces_.find(name); found != namespaces_.end()) return found->second;
    for (auto const& candidate : parents_) {
      if (parent == nullptr && candidate.adopts && candidate.adopts(name)) parent = candidate.nsp.get();
    }
    nsp = create_locked(name, parent);
    // Made by hand: it stays, whoever comes and goes.
    nsp->dynamic_ = false;
  }
  if (name != "/") {
    for (auto const& listener : new_namespace_)
      listener(*nsp);
  }
  return nsp;
}

std::shared_ptr<Namespace> ServerState::acquire(std::string_view name, ParentNamespace* parent) {
  std::shared_ptr<Namespace> nsp;
  {
    std::scoped_lock const lock(mutex_);
    if (auto const found = namespaces_.find(name); found != namespaces_.end()) {
      ++found->second->users_;
      return found->second;
    }
    if (parent == nullptr) return nullptr;
    nsp = create_locked(name, parent);
    ++nsp->users_;
  }
  for (auto const& listener : new_namespace_)
    listener(*nsp);
  return nsp;
}

void ServerState::release(Namespace& nsp) {
  std::shared_ptr<Namespace> gone;
  {
    std::scoped_lock const lock(mutex_);
    if (--nsp.users_ > 0 || !nsp.dynamic_ || !options_.cleanup_empty_child_namespaces) return;
    auto const found = namespaces_.find(nsp.name());
    if (found == namespaces_.end() || found->second.get() != &nsp) return;
    gone = std::move(found->second);
    namespaces_.erase(found);
  }
  // Any shard may be busy with it, or have a burst of its open: it goes when all have ended a turn.
  for (auto const& node : nodes_) {
    auto& shard = node->shard();
    shard.post([&shard, gone]() mutable {
      shard.retire(std::make_unique<std::shared_ptr<Namespace>>(std::move(gone)));
    });
  }
}

// --- Life

void ServerState::attach(http::Server& http) {
  engine_->attach(http);
  http_ = &http;
  if (options_.serve_client) bundle_ = std::make_unique<ClientBundle>(http, options_);
}

http::Server& ServerState::own_http() {
  if (http_ == nullptr) {
    own_http_ = std::make_unique<http::Server>(runtime_, options_.http);
    attach(*own_http_);
  }
  return *http_;
}

void ServerState::close_shard(ShardNode& node) const {
  for (auto const& nsp : all()) {
    for (auto const& socket : nsp->adapter(node.shard()).select({})) {
      if (auto* const client = client_of(*socket)) client->shut_down();
    }
  }
}

void ServerState::close(std::function<void()> done) {
  // Sockets hear of it before their connections end; each shard ends its own.
  auto const left = std::make_shared<std::atomic<std::size_t>>(nodes_.size());
  for (auto const& each : nodes_) {
    each->shard().post([this, &node = *each, left, done] {
      close_shard(node);
      if (left->fetch_sub(1, std::memory_order_acq_rel) != 1) return;
      engine_->close();
      if (http_ != nullptr) http_->close();
      spawn(nodes_.front()->shard(), finish_closing(done));
    });
  }
}

bool ServerState::has_connections() const noexcept {
  return engine_->clients_count() > 0 || (http_ != nullptr && http_->connections() > 0);
}

Task<void> ServerState::finish_closing(std::function<void()> done) {
  // Every shard ends its own connections, in its own time. A peer that does not take its last answer is not
  // waited for.
  for (auto waited = core::Milliseconds{0}; has_connections() && waited < closing_patience;
       waited += closing_interval) {
    co_await sleep_for(closing_interval);
  }
  if (done) done();
  if (stops_when_closed_ && (http_ == nullptr || !http_->listening())) runtime_.stop();
}

void ServerState::run() {
  stops_when_closed_ = true;
  runtime_.run();
}

}}}  // namespace aerie::v1::socketio
