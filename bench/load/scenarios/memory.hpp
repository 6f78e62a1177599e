#pragma once

#include "load/polling_client.hpp"
#include "load/scenario.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace load {

/// Opens the connections, has all of them leave at once, and weighs the server before, meanwhile, and when it
/// has settled.
class Storm final : public Scenario {
 public:
  explicit Storm(Options const& options) : options_(options) {}
  Report run() override;

 private:
  Options options_;
};

/// Has each connection join each of the rooms, and weighs what all that costs.
class Memberships final : public Scenario {
 public:
  explicit Memberships(Options const& options) : options_(options) {}
  Report run() override;

 private:
  Options options_;
};

/// Opens sessions over HTTP long-polling, each with its waiting GET and a second connection, and weighs them
/// when they have settled.
class ConnectPolling final : public Scenario, private PollingListener {
 public:
  explicit ConnectPolling(Options const& options) : options_(options) {}
  Report run() override;

 private:
  void on_ready(std::size_t) override { ++ready_; }
  void on_packet(std::size_t, std::string_view) override {}
  void on_failed(std::size_t, std::string_view why) override { failure_ = why; }

  Options options_;
  std::size_t ready_ = 0;
  std::string failure_;
};

}  // namespace load
