#include "app_module.hpp"

#include "auth/auth_module.hpp"
#include "channels/channels_module.hpp"
#include "notifications/notifications_module.hpp"
#include "rooms/rooms_module.hpp"
#include "unknown_path_controller.hpp"

namespace chat {

void AppModule::describe(aerie::Module& m) {
  m.imports<AuthModule, RoomsModule, ChannelsModule, NotificationsModule>();
  m.controllers<UnknownPathController>();
}

aerie::DynamicModule AppModule::with(aerie::ConfigOptions const& settings) {
  return aerie::dynamic_module<AppModule>(
      [settings](aerie::Module& m) { m.imports(aerie::ConfigModule::for_root<Config>(settings)); });
}

}  // namespace chat
