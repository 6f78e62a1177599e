#pragma once

#include "cola/cola_gateway.hpp"
#include "cola/cola_log.hpp"
#include "cola/log_controller.hpp"

namespace reference::cola {

struct ColaModule {
  static void describe(aerie::Module& m) {
    m.provides<ColaLog>().gateways<ColaGateway>().controllers<LogController>();
  }
};

}  // namespace reference::cola
