#include "testing/client_connection.hpp"
#include "testing/network.hpp"
#include "testing/websocket_end.hpp"

#include <aerie/testing/application.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

Application ApplicationBuilder::start() {
  gateway::Overrides overrides;
  overrides.layers = layers_;
  for (auto const& provider : replacements_.providers())
    overrides.providers.emplace(provider.type, provider);
  auto network = std::make_shared<Network>(root_, options_, std::move(overrides));
  auto& application = network->application();
  for (auto const& configure : configure_)
    configure(application);
  network->start();
  return Application(std::move(network));
}

Application::Application(std::shared_ptr<Network> network) : network_(std::move(network)) {}
Application::Application(Application&&) noexcept = default;

Application& Application::operator=(Application&& other) noexcept {
  if (network_) network_->shut_down();
  network_ = std::move(other.network_);
  return *this;
}

Application::~Application() {
  if (network_) network_->shut_down();
}

Client Application::connect(std::string_view nsp, Object auth, ConnectOptions options) {
  auto connection = std::make_shared<ClientConnection>(network_, std::move(options));
  network_->add(connection);
  return Client(ClientConnection::join(connection, nsp, std::move(auth)));
}

WebSocket Application::connect_websocket(std::string_view path, Headers headers,
                                         std::optional<std::uint16_t> port) {
  auto end = std::make_shared<WebSocketEnd>(network_, port, path, headers);
  network_->add(end);
  network_->run();
  return WebSocket(std::move(end));
}

HttpClient Application::http(std::optional<std::uint16_t> port) {
  return HttpClient(network_, port);
}

void Application::advance(core::Milliseconds by) {
  network_->advance(by);
}

void Application::run() {
  network_->run();
}

void Application::close(std::string_view signal) {
  network_->close(signal);
}

core::Clock const& Application::clock() const noexcept {
  return network_->clock();
}

std::vector<LogLine> const& Application::log() const noexcept {
  return network_->log();
}

bool Application::has_logged(std::string_view part) const noexcept {
  return std::ranges::any_of(log(),
                             [&](LogLine const& line) { return line.message.find(part) != part.npos; });
}

aerie::Application& Application::application() const noexcept {
  return network_->application();
}

void Application::in_turn(std::function<void(core::Shard&)> const& action) {
  auto& shard = network_->runtime().shard(0);
  shard.post([&] { action(shard); });
  network_->run();
}

void Application::fail_to_end() {
  throw Failure(
      "aerie: the task has not ended: it waits for time to pass, or for something that has not happened");
}

}}}  // namespace aerie::v1::testing
