// says: aerie: this handler belongs to another class
#include <aerie/gateway/gateways.hpp>

struct OtherGateway {
  void join(std::string const& room);
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&OtherGateway::join>("join"); }
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
