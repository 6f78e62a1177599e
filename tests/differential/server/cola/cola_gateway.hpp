#pragma once

#include "cola/cola_log.hpp"

#include <aerie/gateway/gateways.hpp>

#include <string>
#include <vector>

namespace reference::cola {

/// One gateway for whatever namespace a client asks for.
class ColaGateway {
 public:
  explicit ColaGateway(ColaLog& log) : log_(log) {}
  static void describe(aerie::Gateway<ColaGateway>& g);

 private:
  void opened(aerie::ParentNamespace& all);
  void connected(aerie::Namespace& nsp);
  void disconnected(aerie::Namespace& nsp);
  void message(aerie::Namespace& nsp, aerie::Value const& text);
  std::vector<std::string> join(aerie::Socket& socket, std::string const& room);
  void say(aerie::Socket& socket, std::vector<std::string> const& room_and_text);
  void shout(aerie::Value const& text);
  std::string where(aerie::Namespace& nsp);

  ColaLog& log_;
  aerie::ParentNamespace* all_ = nullptr;
};

}  // namespace reference::cola
