#pragma once

#include "events/broadcast_controller.hpp"
#include "events/doors.hpp"
#include "events/events_gateway.hpp"
#include "events/namespaces.hpp"
#include "events/notifications_gateway.hpp"
#include "events/scoped_gateway.hpp"
#include "lab/lab_module.hpp"
#include "shared/tokens.hpp"

namespace reference::events {

/// The application of many namespaces.
struct EventsModule {
  static void describe(aerie::Module& m) {
    m.imports<TokensModule, lab::LabModule>();
    m.gateways<EventsGateway, NotificationsGateway, NaiveGateway, ChatGateway>();
    m.gateways<RootGateway, RoomGateway, BouncerGateway, GateGateway, ScopedGateway>();
    m.controllers<BroadcastController>();
  }
};

}  // namespace reference::events
