#pragma once

#include "cola/cola_log.hpp"

#include <aerie/gateway/gateways.hpp>

#include <string>
#include <vector>

namespace reference::cola {

class LogController {
 public:
  explicit LogController(ColaLog& log) : log_(log) {}
  static void describe(aerie::Controller<LogController>& c) {
    c.get<&LogController::log>("log");
    c.post<&LogController::reset>("reset").http_code(204);
  }

 private:
  std::vector<std::string> log() { return log_.lines(); }
  void reset() { log_.reset(); }

  ColaLog& log_;
};

}  // namespace reference::cola
