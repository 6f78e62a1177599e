#pragma once

#include "load/steady_scenario.hpp"
#include "load/websocket_client.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// So many clients at a time connect, join a room, are told so and leave, over and over.
class Churn final : public SteadyScenario, private ClientListener {
 public:
  explicit Churn(Options const& options);

 private:
  void begin() override;
  std::uint64_t done() const override { return cycles_; }
  std::uint64_t under_way() const override { return running_; }
  std::uint64_t failures() const override { return broken_; }
  Latencies& latencies() override { return latencies_; }

  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_closed(std::size_t client, bool asked) override;
  void open(std::size_t client);

  Endpoint endpoint_;
  std::string join_;
  std::vector<std::unique_ptr<WebSocketClient>> clients_;
  std::vector<TimePoint> begun_at_;
  Latencies latencies_;
  std::uint64_t cycles_ = 0;
  std::uint64_t running_ = 0;
  std::uint64_t broken_ = 0;
};

}  // namespace load
