#include "socketio/server_state.hpp"

#include "socketio/admin.hpp"
#include "socketio/client.hpp"
#include "socketio/client_bundle.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"
#include "socketio/tracing.hpp"

#include <aerie/core/after_calls.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

engineio::ServerOptions engine_options(ServerOptions const& options) {
  auto engine = options.engine;
  engine.path = options.path;
  return engine;
}

std::shared_ptr<ServerParsers const> make_parsers(ServerOptions const& options) {
  return std::make_shared<ServerParsers>(options.parser ? options.parser : json_parser());
}

ParserLimits limits_of(ServerOptions const& options) {
  // How many times the largest message the attachments of one packet may be together.
  constexpr std::size_t attachments_factor = 4;
  return {.max_attachments = options.max_attachments,
          .max_attachments_size = attachments_factor * options.engine.max_http_buffer_size,
          .max_depth = options.max_json_depth};
}

std::shared_ptr<RecoveryShared> make_recovery(ServerOptions const& options, std::size_t shards) {
  if (!options.connection_state_recovery) return nullptr;
  auto const& engine = options.engine;
  return std::make_shared<RecoveryShared>(*options.connection_state_recovery,
                                          engine.ping_interval + engine.ping_timeout, shards);
}

std::vector<std::unique_ptr<ShardNode>> make_nodes(ServerState& server) {
  std::vector<std::unique_ptr<ShardNode>> nodes;
  for (std::size_t i = 0; i < server.runtime().shard_count(); ++i)
    nodes.push_back(std::make_unique<ShardNode>(server, server.runtime().shard(i)));
  return nodes;
}

std::shared_ptr<ServerLink const> link_to(std::vector<std::unique_ptr<ShardNode>> const& nodes,
                                          std::shared_ptr<ServerParsers const> parsers,
                                          Adapter const* adapter, std::shared_ptr<RecoveryShared> recovery) {
  auto link = std::make_shared<ServerLink>(std::move(parsers), adapter, std::move(recovery));
  for (auto const& node : nodes)
    link->add(*node);
  return link;
}

constexpr core::Milliseconds closing_interval{1};
constexpr core::Milliseconds closing_patience{5'000};

}  // namespace

ServerState::ServerState(Runtime& runtime, ServerOptions options)
    : runtime_(runtime),
      options_(std::move(options)),
      engine_(std::make_unique<engineio::Server>(runtime, engine_options(options_))),
      parsers_(make_parsers(options_)),
      parser_limits_(limits_of(options_)),
      recovery_(make_recovery(options_, runtime.shard_count())),
      nodes_(make_nodes(*this)),
      member_(std::make_unique<LocalMember>(*this, runtime.shard(0), options_.adapter)),
      link_(link_to(nodes_, parsers_, member_->adapter(), recovery_)),
      namespaces_(link_, runtime.log(), options_.cleanup_empty_child_namespaces) {
  check(options_);
  for (auto const& node : nodes_)
    node->set_room_interest(member_->room_interest());
  if (auto const* const log = member_->event_log()) use_log(*log);
  for (auto const& node : nodes_)
    node->recover(recovery_);
  open_adapter();
  engine_->set_name("Socket.IO");
  engine_->hooks.connection = [this](engineio::Session& session) { serve(session); };
}

void ServerState::use_log(EventLog const& log) {
  auto const keeps_for = log.keeps_for();
  if (recovery_) recovery_->set_logged();
  if (keeps_for == core::Milliseconds{0}) return;
  if (!recovery_) {
    throw std::invalid_argument(
        "aerie: delivery = exactly_once without ServerOptions::connection_state_recovery: nobody who comes "
        "back "
        "would be sent what he has missed; set that, or leave delivery at at_most_once");
  }
  constexpr core::Milliseconds margin{10'000};
  auto const needed = recovery_->retention() + margin;
  if (keeps_for >= needed) return;
  throw std::invalid_argument(core::concat(
      "aerie: keep_for of the adapter is ", std::to_string(keeps_for.count()),
      " ms, which is shorter than clients may be away and their end may stay unnoticed; make it at least ",
      std::to_string(needed.count()),
      " ms, or connection_state_recovery.max_disconnection_duration shorter"));
}

ServerState::~ServerState() {
  // From now on nothing that was posted arrives, and no handle does anything.
  for (auto const& node : nodes_)
    node->cut();
  for (auto* const engine : bound_)
    engine->hooks.connection = nullptr;
  for (auto const& node : nodes_)
    node->give_back_adopted();
  // Sessions first, while everything they refer to is still there; then what their handlers have not ended.
  engine_.reset();
  for (auto const& node : nodes_)
    node->abandon_tasks();
  member_->drop_adapter();
  for (auto const& node : nodes_) {
    if (node->recovery() != nullptr) node->recovery()->clear();
  }
  // Sockets and namespaces may be kept by handles: nothing of a shard stays with them.
  for (auto const& nsp : namespaces_.all()) {
    for (auto const& node : nodes_)
      nsp->adapter(node->shard()).close_bursts();
  }
}

void ServerState::serve(engineio::Session& session) {
  link_->close_seal();
  auto made = std::make_unique<Client>(node(session.shard()), session);
  auto& client = *made;
  Span const span = client.node().traces() ? span_of_session(session) : Span();
  MaybeScope const scope(span);
  session.set_handler(std::move(made));
  client.begin();
}

void ServerState::require_same_runtime(Runtime const& other, std::string_view what) const {
  if (&other == &runtime_) return;
  throw std::invalid_argument(core::concat("aerie: ", what,
                                           " is of another Runtime than the Socket.IO server; make both "
                                           "with the same one"));
}

void ServerState::bind(engineio::Server& engine) {
  require_same_runtime(engine.runtime(), "the Engine.IO server that is bound");
  auto& hook = engine.hooks.connection;
  hook = [this, before = std::move(hook)](engineio::Session& session) {
    if (before) before(session);
    if (session.state() == engineio::Session::State::open) adopt(session, true);
  };
  bound_.push_back(&engine);
}

void ServerState::adopt(engineio::Session& session, bool is_bound) {
  require_same_runtime(session.shard().runtime(), "the session that is to be served");
  serve(session);
  node(session.shard()).adopt(session, is_bound);
}

ServerStats ServerState::stats() const {
  ServerStats stats{.clients = engine_->clients_count(), .slow_clients_closed = engine_->slow_consumers()};
  for (auto const* const engine : bound_) {
    stats.clients += engine->clients_count();
    stats.slow_clients_closed += engine->slow_consumers();
  }
  for (auto const& node : nodes_) {
    stats.dropped_volatile += node->counts().dropped_volatile.get();
    stats.dropped_oldest += node->counts().dropped_oldest.get();
    if (node->recovery() != nullptr) node->recovery()->add_to(stats.recovery);
  }
  return stats;
}

void ServerState::instrument(AdminOptions options) {
  if (admin_)
    throw std::invalid_argument("aerie: the server is instrumented already; call instrument() once");
  admin_ = std::make_unique<Admin>(*this, std::move(options));
}

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

void ServerState::open_adapter() {
  if (member_->has_adapter()) link_->post(0, 0, [](ShardNode& first) { first.server().member().open(); });
}

void ServerState::listening() {
  engine_->reopen();
  for (auto* const engine : bound_)
    engine->reopen();
  open_adapter();
  link_->close_seal();
}

void ServerState::close(std::function<void()> done) {
  auto const deadline = runtime_.clock().now() + options_.close_timeout;
  if (http_ != nullptr) http_->stop_listening();
  auto const ended = core::after_calls(1 + bound_.size(), [this, done = std::move(done), deadline] {
    if (http_ != nullptr) http_->close();
    link_->post(0, 0, [done, deadline](ShardNode& first) {
      core::start(first.server().finish_closing(done, deadline), first.closing_tasks(),
                  [](core::Outcome<void>&&) noexcept {});
    });
  });
  // Each shard's sockets hear of it and leave, those with handlers under way when these have ended; and in
  // time for what an application does when a client leaves.
  auto const patience = options_.close_timeout * 3 / 4;
  engine_->close(patience, ended);
  for (auto* const engine : bound_)
    engine->close(patience, ended);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    link_->post(i, 0, [](ShardNode& node) { node.close_adopted(); });
}

bool ServerState::has_connections() const noexcept {
  return engine_->clients_count() > 0 ||
         std::ranges::any_of(bound_, [](auto const* engine) { return engine->clients_count() > 0; }) ||
         (http_ != nullptr && http_->connections() > 0);
}

bool ServerState::has_handlers() const noexcept {
  return std::ranges::any_of(nodes_, [](auto const& node) { return node->handlers_under_way() > 0; });
}

Task<void> ServerState::finish_closing(std::function<void()> done, core::TimePoint deadline) {
  // Handlers of clients that have left, and what was begun because they did.
  while (has_handlers() && runtime_.clock().now() < deadline)
    co_await sleep_for(closing_interval);
  if (has_handlers()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      link_->post(i, 0, [](ShardNode& node) { node.give_up_handlers(); });
    // They hear of it at their await points, in a turn of their shard.
    co_await sleep_for(closing_interval);
  }
  // Every shard ends its own connections, in its own time. A peer that does not take its last answer is not
  // waited for.
  auto waited = core::Milliseconds{0};
  for (; has_connections() && waited < closing_patience; waited += closing_interval)
    co_await sleep_for(closing_interval);
  // The others hear of it when there are no sockets left that they could want.
  auto const adapter_closed = std::make_shared<bool>(false);
  member_->close([adapter_closed] { *adapter_closed = true; });
  for (waited = core::Milliseconds::zero(); !*adapter_closed && waited < options_.close_timeout;
       waited += closing_interval)
    co_await sleep_for(closing_interval);
  if (!*adapter_closed) {
    runtime_.log().warning("socket.io",
                           "the adapter had not closed when ServerOptions::close_timeout had passed");
  }
  link_->open_seal();
  if (done) core::call_user(runtime_.log(), {"socket.io", "the callback of Server::close"}, done);
  if (stops_when_closed_ && (http_ == nullptr || !http_->listening())) runtime_.stop();
}

void ServerState::run() {
  stops_when_closed_ = true;
  runtime_.run();
}

}}}  // namespace aerie::v1::socketio
