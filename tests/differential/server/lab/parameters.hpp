#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// A parameter of our own: the client's role, as it said itself when it connected.
struct Role {
  aerie::Value name;

  static Role extract(aerie::ExecutionContext& context);
};

/// What a handler may ask for.
class Parameters {
 public:
  static void describe(aerie::Gateway<Parameters>& g);

 private:
  aerie::Value args(aerie::Namespace& nsp, aerie::Value const& payload);
  std::string type(aerie::Value const& payload);
  aerie::Value custom(Role const& role, aerie::Namespace& nsp);
  aerie::Value key(aerie::Body<"name"> name);
  aerie::Value two(aerie::Body<"a"> a, aerie::Body<"b"> b, aerie::Value const& all);
};

}  // namespace reference::lab
