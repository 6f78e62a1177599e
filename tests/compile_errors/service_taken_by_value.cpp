// says: aerie: this type cannot be injected
#include <aerie/gateway/gateways.hpp>

struct Store {
  int rooms = 0;
};

struct ChatService {
  explicit ChatService(Store store);
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.provides<Store>().provides<ChatService>(); }
};
