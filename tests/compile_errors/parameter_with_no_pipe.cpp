// says: aerie: a pipe has transform(Value)
#include <aerie/gateway/gateways.hpp>

struct Upper {
  std::string upper(std::string text);
};

struct ChatController {
  static void describe(aerie::Controller<ChatController>& c) { c.get<&ChatController::room>("rooms/:id"); }
  void room(aerie::Param<"id", std::string, Upper> id);
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.controllers<ChatController>(); }
};
