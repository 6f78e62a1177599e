#include "app_module.hpp"

#include "auth/auth_module.hpp"
#include "channels/channels_module.hpp"
#include "notifications/notifications_module.hpp"
#include "rooms/rooms_module.hpp"
#include "unknown_path_controller.hpp"

#include <utility>

namespace chat {

void AppModule::describe(aerie::Module& m) {
  m.imports<AuthModule, RoomsModule, ChannelsModule, NotificationsModule>();
  m.controllers<UnknownPathController>();
  m.exports<Config>().global();
}

aerie::DynamicModule AppModule::with(Config config) {
  return aerie::dynamic_module<AppModule>(
      [config = std::move(config)](aerie::Module& m) { m.provides_value(config); });
}

}  // namespace chat
