// says: aerie: this is no layer
#include <aerie/gateway/gateways.hpp>

struct Logging {
  void log();
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.use<Logging>(); }
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
