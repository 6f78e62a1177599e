// says: aerie: what this handler returns cannot be sent
#include <aerie/gateway/gateways.hpp>

struct Joined {
  int room;
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  Joined join(std::string const& room);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
