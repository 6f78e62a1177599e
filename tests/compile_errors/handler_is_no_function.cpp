// says: aerie: a handler is a member function of the gateway
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::rooms>("join"); }
  int rooms = 0;
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
