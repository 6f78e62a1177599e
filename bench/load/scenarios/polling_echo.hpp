#pragma once

#include "load/polling_client.hpp"
#include "load/steady_scenario.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// Each client has one acknowledged message under way over HTTP long-polling: a POST carries it, a waiting
/// GET brings the answer.
class PollingEcho final : public SteadyScenario, private PollingListener {
 public:
  explicit PollingEcho(Options const& options);

 private:
  void begin() override;
  void advance(TimePoint limit) override;
  std::uint64_t done() const override { return answered_; }
  std::uint64_t under_way() const override { return outstanding_; }
  std::uint64_t failures() const override { return wrong_; }
  Latencies& latencies() override { return latencies_; }

  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_failed(std::size_t client, std::string_view why) override;
  void send(std::size_t client);

  std::string message_;
  std::string answer_;
  std::vector<std::unique_ptr<PollingClient>> clients_;
  std::vector<TimePoint> sent_at_;
  Latencies latencies_;
  std::string failure_;
  std::size_t ready_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace load
