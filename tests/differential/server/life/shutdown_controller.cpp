#include "life/shutdown_controller.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <chrono>

namespace reference::life {

using namespace std::chrono_literals;

void Shutdown::request() {
  aerie::spawn(runtime_, close_later());
}

aerie::Task<> Shutdown::close_later() {
  co_await aerie::sleep_for(30ms);
  close_();
}

void ShutdownController::describe(aerie::Controller<ShutdownController>& c) {
  c.post<&ShutdownController::shutdown>("shutdown").http_code(202);
}

Closing ShutdownController::shutdown() {
  shutdown_.request();
  return {};
}

}  // namespace reference::life
