#include "rooms/rooms_module.hpp"

#include "announcer.hpp"
#include "auth/auth_module.hpp"
#include "cluster/census.hpp"
#include "cluster/cluster_module.hpp"
#include "rooms/chat_gateway.hpp"
#include "rooms/images_controller.hpp"
#include "rooms/messages.hpp"
#include "rooms/presence.hpp"
#include "rooms/rooms.hpp"
#include "rooms/rooms_controller.hpp"
#include "store/store_module.hpp"

#include <memory>

namespace chat {

void RoomsModule::describe(aerie::Module& m) {
  m.imports<StoreModule, AuthModule, ClusterModule>();
  m.provides<Rooms>().provides<Messages>();
  m.provides<Presence>([](Census& census, Announcer& announcer) {
    return std::make_unique<Presence>(census, [&announcer](Presence const& presence, RoomId room) {
      announcer.presence_changed(presence, room);
    });
  });
  m.gateways<ChatGateway>().controllers<RoomsController, ImagesController>();
}

}  // namespace chat
