#pragma once

/// \file
/// What is said in rooms. Thread-safe.

#include "config.hpp"
#include "model.hpp"
#include "store/message_store.hpp"

#include <aerie/core/task.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace chat {

class Messages {
 public:
  Messages(MessageStore& store, Config const& config)
      : store_(store), image_quota_(static_cast<std::int64_t>(config.image_quota << 20U)) {}

  /// Stores a message and returns it as it is stored; others learn of it from the store's listener. Throws
  /// ChatError with EMPTY, TOO_LONG, BAD_REQUEST (the client id, or one that was used in another room) or
  /// STORE_FAILED. REQUIRES: the room exists.
  aerie::Task<Message> send(NewMessage message);

  /// The same with an image; the content describes it and may be empty. Throws ChatError also with
  /// INVALID_IMAGE, IMAGE_TOO_LARGE or IMAGE_QUOTA.
  aerie::Task<Message> send_image(NewMessage message, aerie::Bytes image);
  /// An image by its key; nothing if there is none, or its message was deleted.
  aerie::Task<std::optional<StoredImage>> image(std::string_view key);

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

  /// How far somebody has read; all of his tabs learn of it from the store's listener. REQUIRES: the room
  /// exists.
  aerie::Task<ReadState> read_up_to(UserId user, RoomId room, MessageId message) {
    return store_.read_up_to(user, room, message);
  }
  aerie::Task<void> forget_room(UserId user, RoomId room) { return store_.forget_room(user, room); }
  aerie::Task<std::vector<ReadState>> reading(UserId user) { return store_.reading(user); }

 private:
  aerie::Task<Message> append(NewMessage message);

  MessageStore& store_;
  std::int64_t image_quota_;
};

}  // namespace chat
