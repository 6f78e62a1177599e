#pragma once

/// \file
/// Where users, rooms and messages are kept.
///
/// Thread contract: everything may be called on any shard; nothing blocks the caller. A write is begun by the
/// call itself, not by awaiting it, and goes on if the waiting task is cancelled. Failures of the store are
/// thrown as ChatError with the code STORE_FAILED.

#include "model.hpp"

#include <aerie/core/task.hpp>
#include <aerie/schema/bytes.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat {

/// Notifications that were stored with something else, and whose they are.
using Told = std::vector<std::pair<UserId, Notification>>;

struct NewImage {
  ImageInfo info;
  aerie::Bytes content;
  /// What all images of the sender may have together, with this one, in bytes.
  std::int64_t quota = 0;
};

struct StoredImage {
  std::string type;
  std::string content;
};

struct NewMessage {
  RoomId room = 0;
  User sender;
  std::string client_id;
  std::string content;
  std::optional<NewImage> image = std::nullopt;
};

/// What a sender wants of a message of theirs.
struct MessageChange {
  RoomId room = 0;
  MessageId id = 0;
  User sender;
  /// Nothing: it is deleted.
  std::optional<std::string> content;
};

struct ChangedMessage {
  /// As it is now; nothing if there is no such message, or it is deleted already.
  std::optional<Message> message;
  /// It is somebody else's, and as it was.
  bool is_anothers = false;
  /// Whom it mentions that it did not before.
  Told told = {};
};

/// Is told of what is new and stored for good, before whoever wrote it is. Called on the store's own thread,
/// so that news comes in the order of ids whatever shard it is from; it must not block.
class StoreListener {
 public:
  static constexpr auto repeated_after = std::chrono::seconds{1};

  virtual ~StoreListener() = default;
  virtual void message_stored(Message const& message) = 0;
  /// It was stored before (`repeated_after` ago or longer), and its sender has not had the answer: whoever
  /// stored it may have ended before it told anybody.
  virtual void message_repeated(Message const& message) = 0;
  virtual void message_changed(Message const& message) = 0;
  virtual void room_created(Room const& room) = 0;
  virtual void notified(UserId user, Notification const& notification) = 0;
  virtual void notification_read(UserId user, NotificationId id) = 0;
  virtual void room_read(UserId user, ReadState const& state) = 0;
  virtual void room_left(UserId user, RoomId room) = 0;
};

class MessageStore {
 public:
  virtual ~MessageStore() = default;

  /// Names this store's content: another database has another one, and other users behind the same ids.
  virtual std::string_view id() const noexcept = 0;

  /// What tokens are signed with where several instances share the store; nothing: each keeps its own.
  virtual std::optional<std::string> const& secret() const noexcept = 0;

  /// The user of that nickname, who is created if need be.
  virtual aerie::Task<User> user(std::string nickname) = 0;

  /// Throws ChatError with ROOM_EXISTS if the name is taken.
  virtual aerie::Task<Room> create_room(std::string name) = 0;
  virtual aerie::Task<std::optional<Room>> room(RoomId id) = 0;
  /// In the order of their creation.
  virtual aerie::Task<std::vector<Room>> rooms() = 0;

  /// Stores a message, with a notification for everybody who is mentioned in it; if its sender has used its
  /// client id before, nothing but the answer: the stored one. Throws ChatError with IMAGE_QUOTA.
  virtual aerie::Task<Message> append(NewMessage message) = 0;
  /// The newest `limit` messages of a room, or of those older than `before`.
  virtual aerie::Task<MessagePage> history(RoomId room, std::optional<MessageId> before,
                                           std::size_t limit) = 0;

  virtual aerie::Task<ChangedMessage> change(MessageChange change) = 0;
  /// The newest `limit` messages of a room, or of those older than `before`, that hold `text` as it is; small
  /// and capital letters of ASCII are the same.
  virtual aerie::Task<MessagePage> search(RoomId room, std::string text, std::optional<MessageId> before,
                                          std::size_t limit) = 0;

  /// An image by its key; nothing if there is none, or its message was deleted.
  virtual aerie::Task<std::optional<StoredImage>> image(std::string key) = 0;

  /// Remembers that a user has read a room up to a message, or to the last one if there is none of that id
  /// yet. Never goes back: the answer is what holds. REQUIRES: the room exists.
  virtual aerie::Task<ReadState> read_up_to(UserId user, RoomId room, MessageId message) = 0;
  /// Forgets how far a user has read a room: he takes no more part in it.
  virtual aerie::Task<void> forget_room(UserId user, RoomId room) = 0;
  /// The rooms that a user has read in, in the order of their ids; the first 1000.
  virtual aerie::Task<std::vector<ReadState>> reading(UserId user) = 0;

  /// Ends when every write that was begun before has come to its end.
  virtual aerie::Task<void> settled() = 0;
};

}  // namespace chat
