#include "notifications/notifications_module.hpp"

#include "auth/auth_module.hpp"
#include "notifications/notifications.hpp"
#include "notifications/notifications_controller.hpp"
#include "notifications/notifications_gateway.hpp"
#include "store/store_module.hpp"

namespace chat {

void NotificationsModule::describe(aerie::Module& m) {
  m.imports<StoreModule, AuthModule>();
  m.provides<Notifications>();
  m.gateways<NotificationsGateway>().controllers<NotificationsController>();
}

}  // namespace chat
