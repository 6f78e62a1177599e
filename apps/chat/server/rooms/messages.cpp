#include "rooms/messages.hpp"

#include "errors.hpp"
#include "text.hpp"

#include <utility>

namespace chat {

namespace {

void check(NewMessage const& message) {
  if (text::length(message.content) > longest_content) {
    throw ChatError(ErrorCode::too_long, "The message is longer than 2000 characters.");
  }
  if (text::trimmed(message.content).empty()) throw ChatError(ErrorCode::empty, "The message is empty.");
  if (message.client_id.empty() || message.client_id.size() > longest_client_id) {
    throw ChatError(ErrorCode::bad_request,
                    "clientId: expected 1 to 128 characters, another id for each message.");
  }
}

}  // namespace

aerie::Task<Message> Messages::send(NewMessage message) {
  check(message);
  auto const room = message.room;
  auto stored = co_await store_.append(std::move(message));
  if (stored.chat_room_id != room) {
    throw ChatError(
        ErrorCode::bad_request,
        "clientId: this is the id of a message in another room; take another id for each message.");
  }
  co_return stored;
}

}  // namespace chat
