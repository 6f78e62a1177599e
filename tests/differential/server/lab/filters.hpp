#pragma once

#include <aerie/gateway/gateways.hpp>

namespace reference::lab {

/// Handlers that throw, and filters that make something of it.
class Filters {
 public:
  static void describe(aerie::Gateway<Filters>& g);

 private:
  void http();
  void not_http();
  void to_the_ack();
  void context();
  void mine();
  void up();
  void brief();
  void shaped();
  void who();
};

}  // namespace reference::lab
