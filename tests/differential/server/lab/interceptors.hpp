#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// Handlers whose answers pass interceptors.
class Interceptors {
 public:
  static void describe(aerie::Gateway<Interceptors>& g);

 private:
  aerie::Value value(aerie::Value const& payload);
  aerie::Generator<int> stream();
  std::string unreached();
  std::string done();
};

}  // namespace reference::lab
