#pragma once

#include "events/namespaces.hpp"
#include "events/notifications_gateway.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>

namespace reference::events {

struct Sent {
  std::int64_t sent = 0;

  static void describe(aerie::Schema<Sent>& s) { s.field<&Sent::sent>(); }
};

struct Broadcast {
  aerie::Value message;

  static void describe(aerie::Schema<Broadcast>& s) { s.field<&Broadcast::message>(); }
};

/// Lets other programs speak to the clients of gateways.
class BroadcastController {
 public:
  BroadcastController(NotificationsGateway& notifications, ChatGateway& chat)
      : notifications_(notifications), chat_(chat) {}
  static void describe(aerie::Controller<BroadcastController>& c);

 private:
  using UserId = aerie::Param<"userId", std::int64_t, aerie::ParseInt>;

  Sent notify(UserId user_id, aerie::Value const& notification);
  Broadcast broadcast(aerie::Body<"message"> message);

  NotificationsGateway& notifications_;
  ChatGateway& chat_;
};

}  // namespace reference::events
