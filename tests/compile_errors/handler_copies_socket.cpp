// says: aerie: take the socket by reference: aerie::Socket&
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(aerie::Socket socket);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
