#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>
#include <vector>

namespace reference::events {

/// Lets clients in first and throws them out then, if they have no pass.
class BouncerGateway {
 public:
  static void describe(aerie::Gateway<BouncerGateway>& g);

 private:
  void connected(aerie::Socket& socket);
  void disconnected(aerie::Socket& socket);
  std::string hi();
};

/// Asks before it lets anybody in: the middlewares of a namespace, and one of each socket for its messages.
class GateGateway {
 public:
  static void describe(aerie::Gateway<GateGateway>& g);

 private:
  using Trail = std::vector<std::string>;

  void opened(aerie::Namespace& nsp);
  aerie::Task<> admit(aerie::Socket& socket);
  void connected(aerie::Socket& socket);
  Trail trail(aerie::Socket& socket);
};

}  // namespace reference::events
