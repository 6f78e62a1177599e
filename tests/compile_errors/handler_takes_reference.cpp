// says: aerie: a handler takes the payload by value or by const reference
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(std::string& room);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
