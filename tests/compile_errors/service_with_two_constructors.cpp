// says: aerie: this type has several constructors that injection could use
#include <aerie/gateway/gateways.hpp>

struct Store {};

struct ChatService {
  ChatService();
  explicit ChatService(Store& store);
};

struct ChatModule {
  static void describe(aerie::Module& m) { m.provides<Store>().provides<ChatService>(); }
};
