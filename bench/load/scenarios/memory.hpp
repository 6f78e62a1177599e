#pragma once

#include "load/scenario.hpp"

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
class ConnectPolling final : public Scenario {
 public:
  explicit ConnectPolling(Options const& options) : options_(options) {}
  Report run() override;

 private:
  Options options_;
};

}  // namespace load
