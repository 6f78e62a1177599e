// says: aerie: a gateway has a `static void describe(aerie::Gateway<G>& g)`
#include <aerie/gateway/gateways.hpp>

struct ChatGateway {};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
