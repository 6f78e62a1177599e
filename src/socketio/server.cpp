#include "socketio/server_link.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/socketio/server.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

namespace {

RuntimeOptions runtime_options(ServerOptions const& options) {
  return options.runtime;
}

Task<void> ended(core::Completion<> completion) {
  co_await completion;
}

Task<std::size_t> number_of(core::Completion<std::size_t> counted) {
  co_return co_await counted;
}

}  // namespace

Server::Server(std::unique_ptr<Runtime> own, Runtime& runtime, ServerOptions options)
    : own_runtime_(std::move(own)),
      state_(std::make_unique<socketio::ServerState>(runtime, std::move(options))),
      main_(&state_->namespaces().keep("/")) {}

Server::Server(ServerOptions options) : own_runtime_(std::make_unique<Runtime>(runtime_options(options))) {
  state_ = std::make_unique<socketio::ServerState>(*own_runtime_, std::move(options));
  main_ = &state_->namespaces().keep("/");
}

Server::Server(Runtime& runtime, ServerOptions options) : Server(nullptr, runtime, std::move(options)) {}

Server::Server(http::Server& http, ServerOptions options)
    : Server(nullptr, http.runtime(), std::move(options)) {
  attach(http);
}

Server::~Server() = default;

Namespace& Server::of(std::string_view name) {
  if (name.empty() || name == "/") return *main_;
  return state_->namespaces().keep(name.front() == '/' ? std::string(name) : core::concat("/", name));
}

ParentNamespace& Server::of(Pattern pattern) {
  return state_->namespaces().add_parent(
      [pattern](std::string_view name, Value const&, ParentNamespace::Accept const& accept) {
        accept(pattern.matches(name));
      },
      [pattern](std::string_view name) { return pattern.matches(name); });
}

ParentNamespace& Server::of(ParentNamespace::Predicate predicate) {
  return state_->namespaces().add_parent(std::move(predicate), nullptr);
}

void Server::on_new_namespace(std::function<void(Namespace&)> listener) {
  state_->namespaces().on_new_namespace(std::move(listener));
}

void Server::attach(http::Server& http) {
  state_->attach(http);
}

void Server::bind(engineio::Server& engine) {
  state_->bind(engine);
}

void Server::adopt(engineio::Session& session) {
  state_->adopt(session);
}

ServerStats Server::stats() const {
  return state_->stats();
}

void Server::measure() {
  state_->measure();
}

void Server::collect(core::MetricsPage& page) const {
  state_->collect(page);
}

void Server::listen(std::uint16_t port, std::string const& host) {
  state_->listening();
  state_->own_http().listen(port, host);
}

std::uint16_t Server::port() const {
  return http() == nullptr ? std::uint16_t{0} : http()->port();
}

void Server::run() {
  state_->run();
}

void Server::stop() {
  runtime().stop();
}

void Server::drain(core::Milliseconds spread, std::function<void()> done) {
  state_->engine().drain(spread, std::move(done));
}

void Server::close(std::function<void()> done) {
  state_->close(std::move(done));
}

Task<void> Server::closed() {
  core::Completion<> closed;
  close([give = std::make_shared<core::Completer<void>>(closed.completer())] { (*give)(); });
  return ended(std::move(closed));
}

Task<std::size_t> Server::server_count() const {
  core::Completion<std::size_t> counted;
  auto const give = std::make_shared<core::Completer<std::size_t>>(counted.completer());
  state_->link().run_on_first([give](socketio::ShardNode& first) {
    first.server().member().count_servers([give](std::size_t servers) { (*give)(servers); });
  });
  return number_of(std::move(counted));
}

ClusterStatus Server::cluster() const {
  return state_->member().status();
}

Runtime& Server::runtime() const noexcept {
  return state_->runtime();
}

http::Server* Server::http() const noexcept {
  return state_->http();
}

engineio::Server& Server::engine() const noexcept {
  return state_->engine();
}

ServerOptions const& Server::options() const noexcept {
  return state_->options();
}

}}  // namespace aerie::v1
