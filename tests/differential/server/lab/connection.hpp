#pragma once

#include <aerie/gateway/gateways.hpp>

namespace reference::lab {

/// What a handler does with the connection itself.
class Connection {
 public:
  static void describe(aerie::Gateway<Connection>& g);

 private:
  void bye(aerie::Socket& socket);
  void bye_and_close(aerie::Socket& socket);
  aerie::Task<aerie::Value> ask(aerie::Socket& socket);
  void flags(aerie::Socket& socket);
  aerie::Value handshake(aerie::Handshake const& handshake);
};

}  // namespace reference::lab
