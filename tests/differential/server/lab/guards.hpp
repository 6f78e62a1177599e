#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// Handlers behind guards: only those that are let through answer.
class Guards {
 public:
  static void describe(aerie::Gateway<Guards>& g);

 private:
  std::string reached();
  std::string welcome();
};

}  // namespace reference::lab
