#pragma once

#include "load/round_trip_scenario.hpp"
#include "load/websocket_client.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// So many clients at a time do what the official one does by default, over and over: they begin a session
/// over polling, join the namespace there, upgrade to a WebSocket meanwhile, get one message acknowledged,
/// and leave.
class Upgrade final : public RoundTripScenario {
 public:
  explicit Upgrade(Options const& options);
  ~Upgrade() override;

 private:
  class Visitor;

  void start(std::size_t visitor) override;

  Endpoint endpoint_;
  std::string message_;
  std::string answer_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
};

}  // namespace load
