#include "gateway/application_state.hpp"

#include <aerie/gateway/application.hpp>

#include <csignal>
#include <utility>

namespace aerie { inline namespace v1 {

Application::Application(gateway::ModuleReference root, ApplicationOptions options, Runtime* runtime,
                         gateway::Overrides overrides)
    : state_(std::make_unique<gateway::ApplicationState>(root, std::move(options), runtime,
                                                         std::move(overrides))) {}
Application::Application(Application&&) noexcept = default;
Application::~Application() = default;

gateway::GlobalLayerBuilder Application::add_layer(gateway::LayerSpec spec) {
  return gateway::GlobalLayerBuilder(state_->add_layer(std::move(spec)).only);
}

void Application::enable_cors(http::CorsOptions options) {
  state_->set_cors(std::move(options));
}

void Application::set_global_prefix(std::string prefix, GlobalPrefixOptions options) {
  state_->controllers("set_global_prefix").set_prefix(std::move(prefix), std::move(options));
}

void Application::enable_versioning(VersioningOptions options) {
  state_->controllers("enable_versioning").set_versioning(std::move(options));
}

void Application::set_adapter(std::unique_ptr<WebSocketAdapter> adapter) {
  state_->set_adapter(std::move(adapter));
}

void Application::enable_shutdown_hooks() {
  enable_shutdown_hooks({SIGINT, SIGTERM});
}

void Application::enable_shutdown_hooks(std::initializer_list<int> signals) {
  state_->shutdown().watch(signals);
}

void Application::watch_contract(ContractWatchOptions options) {
  state_->watch_contract(std::move(options));
}

void Application::use_health(HealthOptions options) {
  state_->use_health(std::move(options));
}

void Application::use_admin_ui(AdminOptions options) {
  state_->use_admin_ui(std::move(options));
}

void Application::use_metrics(ApplicationMetricsOptions options) {
  state_->use_metrics(std::move(options));
}

std::uint16_t Application::metrics_port() const noexcept {
  auto const* const server = state_->metrics().own_server();
  return server == nullptr ? std::uint16_t{0} : server->port();
}

void Application::use_static_files(std::string prefix, std::string const& directory,
                                   http::FileOptions options) {
  state_->http().files(std::move(prefix), directory, std::move(options));
}

void Application::init(std::function<void()> const& waiting) {
  state_->init(waiting);
}

void Application::listen(std::uint16_t port, std::string const& host) {
  state_->listen(port, host);
}

std::uint16_t Application::port() const {
  return state_->http().port();
}

void Application::run() {
  state_->run();
}

void Application::close(std::string_view signal, std::function<void()> done) {
  state_->shutdown().begin(std::string(signal), std::move(done));
}

void* Application::find_provider(gateway::TypeId type) {
  return state_->find_provider(type);
}

bool Application::provides_type(gateway::TypeId type) const {
  return state_->container().provides(type);
}

Runtime& Application::runtime() const noexcept {
  return state_->runtime();
}

http::Server& Application::http() const noexcept {
  return state_->http();
}

WebSocketAdapter& Application::adapter() const noexcept {
  return state_->adapter();
}

}}  // namespace aerie::v1
