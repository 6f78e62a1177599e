#include "rebook/chat_controller.hpp"

namespace reference::rebook {

void ChatController::describe(aerie::Controller<ChatController>& c) {
  c.at("/chat");
  c.get<&ChatController::history>("rooms/:id/messages");
  c.post<&ChatController::send>("rooms/:id/messages");
  c.post<&ChatController::reset>("reset").http_code(204);
}

std::vector<Message> ChatController::history(RoomId id) {
  return store_.of_room(*id);
}

Message ChatController::send(RoomId id, RestMessage const& message) {
  return gateway_.post(*id, "rest", message.content);
}

void ChatController::reset() {
  store_.clear();
}

}  // namespace reference::rebook
