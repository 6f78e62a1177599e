#pragma once

/// \file
/// What is said in rooms. Thread-safe.

#include "model.hpp"
#include "store/message_store.hpp"

#include <aerie/core/task.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace chat {

class Messages {
 public:
  explicit Messages(MessageStore& store) : store_(store) {}

  /// Stores a message and returns it as it is stored; others learn of it from the store's listener. Throws
  /// ChatError with EMPTY, TOO_LONG, BAD_REQUEST (the client id, or one that was used in another room) or
  /// STORE_FAILED. REQUIRES: the room exists.
  aerie::Task<Message> send(NewMessage message);

  /// Changes or deletes what its sender has said, and returns it as it is now; others learn of it from the
  /// store's listener. Throws ChatError with EMPTY, TOO_LONG, NOT_FOUND (also what is deleted already),
  /// NOT_YOURS or STORE_FAILED.
  aerie::Task<Message> change(MessageChange change);

  /// The newest `limit` messages before `before` that hold `text`, small and capital letters of ASCII being
  /// the same. Throws ChatError with EMPTY, TOO_LONG or STORE_FAILED. REQUIRES: the room exists.
  aerie::Task<MessagePage> search(RoomId room, std::string_view text, std::optional<MessageId> before,
                                  std::size_t limit);

  /// The newest `limit` messages before `before`. REQUIRES: the room exists.
  aerie::Task<MessagePage> history(RoomId room, std::optional<MessageId> before, std::size_t limit) {
    return store_.history(room, before, limit);
  }

 private:
  MessageStore& store_;
};

}  // namespace chat
