#include "rooms/rooms_module.hpp"

#include "announcer.hpp"
#include "auth/auth_module.hpp"
#include "rooms/chat_gateway.hpp"
#include "rooms/messages.hpp"
#include "rooms/presence.hpp"
#include "rooms/rooms.hpp"
#include "rooms/rooms_controller.hpp"
#include "store/store_module.hpp"

#include <memory>

namespace chat {

void RoomsModule::describe(aerie::Module& m) {
  m.imports<StoreModule, AuthModule>();
  m.provides<Rooms>().provides<Messages>();
  m.provides<Presence>([](Announcer& announcer) {
    return std::make_unique<Presence>(
        [&announcer](Presence const& presence, RoomId room) { announcer.presence_changed(presence, room); });
  });
  m.gateways<ChatGateway>().controllers<RoomsController>();
}

}  // namespace chat
