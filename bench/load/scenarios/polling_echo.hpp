#pragma once

#include "load/latencies.hpp"
#include "load/polling_client.hpp"
#include "load/scenario.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// Each client has one acknowledged message under way over HTTP long-polling: a POST carries it, a waiting
/// GET brings the answer.
class PollingEcho final : public Scenario, private PollingListener {
 public:
  explicit PollingEcho(Options const& options);
  Report run() override;

 private:
  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_failed(std::size_t client, std::string_view why) override;
  void send(std::size_t client);
  void run_until(TimePoint limit);

  Options options_;
  EventLoop loop_;
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
  bool stopping_ = false;
};

}  // namespace load
