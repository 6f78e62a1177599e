// says: aerie: this handler takes the payload twice
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(std::string const& room, std::string const& name);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
