// says: aerie: this type cannot be received: give it a static describe(aerie::Schema<T>&) function
#include <aerie/gateway/gateways.hpp>

struct JoinRoom {
  int room;
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(JoinRoom const& request);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
