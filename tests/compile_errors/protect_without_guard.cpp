// says: aerie: protect takes a guard
#include <aerie/gateway/gateways.hpp>

struct Upper {
  aerie::Value transform(aerie::Value value) { return value; }
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.protect<Upper>(); }
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
