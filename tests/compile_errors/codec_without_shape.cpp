// says: aerie: this type holds a described one, which validation would not see
#include <aerie/gateway/gateways.hpp>

struct JoinRoom {
  int room;
  static void describe(aerie::Schema<JoinRoom>& s) { s.field<&JoinRoom::room>().minimum(1); }
};

template <class T>
struct Box {
  T content;
};

template <class T>
struct aerie::Codec<Box<T>> {
  static bool decode(Decoder& decoder, Box<T>& box) { return Codec<T>::decode(decoder, box.content); }
};

struct ChatGateway {
  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::join>("join"); }
  void join(Box<JoinRoom> const& request);
};

auto const description = aerie::gateway::describe_gateway<ChatGateway>();
