#include "life/life_gateway.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>

namespace reference::life {

using namespace std::chrono_literals;

void LifeGateway::describe(aerie::Gateway<LifeGateway>& g) {
  g.after_init<&LifeGateway::after_init>();
  g.on<&LifeGateway::order>();
}

void LifeGateway::after_init(aerie::Namespace& nsp) {
  nsp_ = &nsp;
  note("afterInit");
}

void LifeGateway::on_module_init() {
  note("onModuleInit");
}

void LifeGateway::on_application_bootstrap() {
  note("onApplicationBootstrap");
}

void LifeGateway::on_module_destroy() {
  note("onModuleDestroy");
}

aerie::Task<> LifeGateway::before_application_shutdown(std::string_view signal) {
  note("beforeApplicationShutdown:" + std::string(signal.empty() ? "none" : signal));
  co_await aerie::sleep_for(60ms);
}

// Nobody is left to hear of it.
void LifeGateway::on_application_shutdown(std::string_view) {
  note("onApplicationShutdown");
}

std::vector<std::string> LifeGateway::order() {
  std::lock_guard const lock(mutex_);
  return order_;
}

void LifeGateway::note(std::string hook) {
  nsp_->emit("hook", hook);
  std::lock_guard const lock(mutex_);
  order_.push_back(std::move(hook));
}

}  // namespace reference::life
