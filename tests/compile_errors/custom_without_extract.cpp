// says: aerie: the source of a custom parameter has a `static Value extract(aerie::ExecutionContext&)`
#include <aerie/gateway/gateways.hpp>

struct Locale {
  static std::string of(aerie::ExecutionContext& context);
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::greet>(); }
  void greet(aerie::Custom<Locale, std::string> locale);
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.gateways<ChatGateway>(); }
};
