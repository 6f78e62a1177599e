// says: aerie: a handler cannot take a pointer
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(char const* room);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
