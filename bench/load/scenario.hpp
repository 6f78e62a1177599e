#pragma once

#include "load/options.hpp"
#include "load/report.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace load {

/// One kind of load.
class Scenario {
 public:
  virtual ~Scenario() = default;
  /// Runs it to its end. Throws std::runtime_error if the server does not play its part.
  virtual Report run() = 0;
};

struct ScenarioKind {
  std::string_view name;
  std::string_view description;
  std::unique_ptr<Scenario> (*make)(Options const&);
};

/// All there are.
std::span<ScenarioKind const> scenarios();

}  // namespace load
