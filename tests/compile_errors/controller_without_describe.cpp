// says: aerie: a controller has a `static void describe(aerie::Controller<C>& c)`
#include <aerie/gateway/gateways.hpp>

struct ChatController {
  void history();
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.controllers<ChatController>(); }
};
