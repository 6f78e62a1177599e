#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/polling_crowd.hpp"
#include "load/round_trip_scenario.hpp"
#include "load/steady_scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each client has one acknowledged message under way over HTTP long-polling: a POST carries it, a waiting
/// GET brings the answer.
class PollingEcho final : public RoundTripScenario {
 public:
  explicit PollingEcho(Options const& options);

 private:
  void begin() override;
  void advance(TimePoint limit) override;

  void on_packet(std::size_t client, std::string_view packet);
  void start(std::size_t client) override { crowd_[client].send(message_); }

  PollingCrowd crowd_;
  std::string message_;
  std::string answer_;
};

/// A sender with a WebSocket keeps `in_flight` messages under way to a room whose members poll: when
/// everybody has one, it sends the next.
class PollingFanOut final : public SteadyScenario {
 public:
  explicit PollingFanOut(Options const& options);

 private:
  void begin() override;
  void advance(TimePoint limit) override;
  std::uint64_t done() const override { return ledger_.delivered(); }
  std::uint64_t under_way() const override { return ledger_.outstanding(); }
  std::uint64_t failures() const override { return ledger_.wrong() + sender_.broken(); }
  Latencies& latencies() override { return ledger_.latencies(); }

  void send();

  PollingCrowd receivers_;
  Crowd sender_;  // of one
  Ledger ledger_;
};

}  // namespace load
