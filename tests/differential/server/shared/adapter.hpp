#pragma once

#include <aerie/gateway/gateways.hpp>

#include <filesystem>
#include <optional>
#include <utility>

namespace reference {

/// Socket.IO as the official server has it by default: WebSocket connections are not restricted by origin,
/// and the client is served.
class OfficialDefaults : public aerie::SocketIoAdapter {
 public:
  explicit OfficialDefaults(std::filesystem::path client_bundle, Options options = {})
      : aerie::SocketIoAdapter(options), client_bundle_(std::move(client_bundle)) {}

 protected:
  void configure(std::optional<std::uint16_t>, aerie::ServerOptions& options) override {
    options.origin_check = false;
    options.client_bundle = client_bundle_;
  }

 private:
  std::filesystem::path client_bundle_;
};

}  // namespace reference
