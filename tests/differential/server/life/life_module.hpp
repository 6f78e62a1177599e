#pragma once

#include "life/life_gateway.hpp"
#include "life/shutdown_controller.hpp"

namespace reference::life {

struct LifeModule {
  static void describe(aerie::Module& m) {
    m.provides<Shutdown>().gateways<LifeGateway>().controllers<ShutdownController>();
  }
};

}  // namespace reference::life
