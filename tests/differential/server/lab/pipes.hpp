#pragma once

#include "shared/trace.hpp"

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// Handlers whose payload passes pipes: those of the handler, then those of the parameter.
class Pipes {
 public:
  static void describe(aerie::Gateway<Pipes>& g);

 private:
  std::string text(std::string const& payload);
  aerie::Value in_order(aerie::Payload<std::string, Append<"3">, Append<"4">> payload);
  aerie::Value beside_the_socket(aerie::Socket& socket, aerie::Value const& payload);
};

}  // namespace reference::lab
