#pragma once

#include <aerie/gateway/gateways.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace reference::life {

/// Remembers in which order its hooks are called, and tells its clients.
class LifeGateway {
 public:
  static void describe(aerie::Gateway<LifeGateway>& g);

  void on_module_init();
  void on_application_bootstrap();
  void on_module_destroy();
  aerie::Task<> before_application_shutdown(std::string_view signal);
  void on_application_shutdown(std::string_view signal);

 private:
  void after_init(aerie::Namespace& nsp);
  std::vector<std::string> order();
  void note(std::string hook);

  aerie::Namespace* nsp_ = nullptr;
  std::mutex mutex_;
  std::vector<std::string> order_;
};

}  // namespace reference::life
