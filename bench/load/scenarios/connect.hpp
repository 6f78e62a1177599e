#pragma once

#include "load/scenario.hpp"

namespace load {

/// Opens the connections, 128 at a time, and weighs them when they have settled.
class Connect final : public Scenario {
 public:
  explicit Connect(Options const& options) : options_(options) {}
  Report run() override;

 private:
  Options options_;
};

}  // namespace load
