#include "events/broadcast_controller.hpp"

namespace reference::events {

void BroadcastController::describe(aerie::Controller<BroadcastController>& c) {
  c.post<&BroadcastController::notify>("notify/:userId").http_code(202);
  c.post<&BroadcastController::broadcast>("broadcast");
}

Sent BroadcastController::notify(UserId user_id, aerie::Value const& notification) {
  notifications_.notify(*user_id, notification);
  return {*user_id};
}

Broadcast BroadcastController::broadcast(aerie::Body<"message"> message) {
  chat_.broadcast(*message);
  return {*message};
}

}  // namespace reference::events
