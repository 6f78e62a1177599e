#pragma once

#include "load/round_trip_scenario.hpp"
#include "load/websocket_client.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// So many clients at a time connect, join a room, are told so and leave, over and over.
class Churn final : public RoundTripScenario, private ClientListener {
 public:
  explicit Churn(Options const& options);

 private:
  void start(std::size_t client) override { clients_[client]->open(); }
  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_closed(std::size_t client, bool asked) override;

  Endpoint endpoint_;
  std::string join_;
  std::vector<std::unique_ptr<WebSocketClient>> clients_;
};

}  // namespace load
