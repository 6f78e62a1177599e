// says: aerie: this type cannot be received: give it a static describe(aerie::Schema<T>&) function
#include <aerie/gateway/gateways.hpp>

#include <memory>

struct JoinRoom {
  int room;
  static void describe(aerie::Schema<JoinRoom>& s) { s.field<&JoinRoom::room>(); }
};

// Nothing that is not validated can be received.
struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(std::unique_ptr<JoinRoom> const& request);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
