#pragma once

#include <aerie/gateway/gateways.hpp>

namespace reference::lab {

/// Handlers that throw. What the client is told depends on what it is; the connection lives on.
class Errors {
 public:
  static void describe(aerie::Gateway<Errors>& g);

 private:
  void ws();
  void ws_object();
  void ws_array();
  void error();
  void http();
  void string();
  void object();
  aerie::Task<> rejected_ws();
  aerie::Task<> rejected_error();
};

}  // namespace reference::lab
