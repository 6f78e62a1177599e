#include "http/server_state.hpp"

#include <aerie/http/server.hpp>

namespace aerie { inline namespace v1 { namespace http {

Server::Server(ServerOptions options) : Server(std::move(options), RuntimeOptions{}) {}

Server::Server(ServerOptions options, RuntimeOptions runtime)
    : own_runtime_(std::make_unique<Runtime>(std::move(runtime))),
      state_(std::make_shared<ServerState>(*own_runtime_, std::move(options))) {}

Server::Server(Runtime& runtime, ServerOptions options)
    : state_(std::make_shared<ServerState>(runtime, std::move(options))) {}

Server::~Server() {
  // Before the runtime, whose shards its connections refer to.
  ServerState::end(std::move(state_));
}

Runtime& Server::runtime() noexcept {
  return state_->runtime();
}

void Server::mount(std::string prefix, Service& service) {
  state_->dispatcher().mounts().add(std::move(prefix), service);
}

void Server::unmount(Service& service) {
  state_->dispatcher().mounts().remove(service);
}

void Server::route(Method method, std::string_view pattern, RouteHandler handler, RouteOptions options) {
  state_->dispatcher().router().add(method, pattern, Route{std::move(handler), options});
}

void Server::get(std::string_view pattern, RouteHandler handler, RouteOptions options) {
  route(Method::get, pattern, std::move(handler), options);
}

void Server::post(std::string_view pattern, RouteHandler handler, RouteOptions options) {
  route(Method::post, pattern, std::move(handler), options);
}

void Server::put(std::string_view pattern, RouteHandler handler, RouteOptions options) {
  route(Method::put, pattern, std::move(handler), options);
}

void Server::patch(std::string_view pattern, RouteHandler handler, RouteOptions options) {
  route(Method::patch, pattern, std::move(handler), options);
}

void Server::del(std::string_view pattern, RouteHandler handler, RouteOptions options) {
  route(Method::del, pattern, std::move(handler), options);
}

void Server::files(std::string prefix, std::string const& directory, FileOptions options) {
  state_->dispatcher().add_files(
      std::make_shared<FileServer const>(std::move(prefix), directory, std::move(options)));
  // The threads that will read the files are started now, while nobody else could.
  runtime().workers();
}

void Server::errors(ErrorAnswer answer) {
  state_->dispatcher().set_error_answer(std::move(answer));
}

void Server::cors(CorsOptions options) {
  state_->dispatcher().set_cors(Cors(std::move(options)));
}

void Server::destroy_upgrades_after(std::optional<core::Milliseconds> timeout) {
  state_->set_destroy_upgrade_timeout(timeout);
}

void Server::listen(std::uint16_t port, std::string const& host) {
  state_->listen(port, host);
}

std::uint16_t Server::port() const noexcept {
  return state_->port();
}

bool Server::listening() const noexcept {
  return state_->listening();
}

void Server::stop_listening() {
  state_->stop_listening();
}

void Server::close() {
  state_->close();
}

void Server::abandon_requests() noexcept {
  state_->dispatcher().calls().abandon();
}

void Server::run() {
  runtime().run();
}

void Server::stop() noexcept {
  runtime().stop();
}

void Server::reload_certificates() {
  state_->reload_certificates();
}

void Server::serve(std::unique_ptr<core::Stream> stream) {
  auto& shard = stream->shard();
  state_->hub_of(shard).serve(std::move(stream));
}

std::size_t Server::connections() const noexcept {
  return state_->connections.load(std::memory_order_relaxed);
}

std::size_t Server::requests() const noexcept {
  return state_->dispatcher().calls().count();
}

}}}  // namespace aerie::v1::http
