#pragma once

#include <aerie/gateway/gateways.hpp>

#include <functional>

namespace reference::life {

/// Closes the application on request, a little later.
class Shutdown {
 public:
  explicit Shutdown(aerie::Runtime& runtime) : runtime_(runtime) {}

  /// What closes it. To be said before it listens.
  void closes_with(std::function<void()> close) { close_ = std::move(close); }
  void request();

 private:
  aerie::Task<> close_later();

  aerie::Runtime& runtime_;
  std::function<void()> close_;
};

struct Closing {
  bool closing = true;

  static void describe(aerie::Schema<Closing>& s) { s.field<&Closing::closing>(); }
};

class ShutdownController {
 public:
  explicit ShutdownController(Shutdown& shutdown) : shutdown_(shutdown) {}
  static void describe(aerie::Controller<ShutdownController>& c);

 private:
  Closing shutdown();

  Shutdown& shutdown_;
};

}  // namespace reference::life
