#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// What an interceptor knows of a message, and an event that another gateway of the namespace handles, too.
class LabGateway {
 public:
  static void describe(aerie::Gateway<LabGateway>& g);

 private:
  std::string ctx();
  aerie::Event<std::string> shared();
};

/// The second gateway of the namespace.
class SecondGateway {
 public:
  static void describe(aerie::Gateway<SecondGateway>& g);

 private:
  struct Greeted {
    bool second = false;
    static void describe(aerie::Schema<Greeted>& s) { s.field<&Greeted::second>(); }
  };

  void connected(aerie::Socket& socket);
  aerie::Event<std::string> shared();
  Greeted second(aerie::Socket& socket);
};

}  // namespace reference::lab
