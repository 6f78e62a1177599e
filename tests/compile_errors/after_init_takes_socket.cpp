// says: aerie: after_init takes aerie::Namespace&, aerie::ParentNamespace& or aerie::Server&
#include <aerie/gateway/gateways.hpp>

class ChatGateway {
 public:
  static void describe(aerie::Gateway<ChatGateway>& g) { g.after_init<&ChatGateway::ready>(); }
  void ready(aerie::Socket&) {}
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.gateways<ChatGateway>(); }
};

auto app = aerie::Application::create<ChatModule>();
