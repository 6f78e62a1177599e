#pragma once

/// \file
/// What the chat asks of a database, between SQL and the model. Each object belongs to one thread at a time.

#include "model.hpp"
#include "store/message_store.hpp"
#include "store/notification_store.hpp"

#include <aerie/schema/date.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chat {

/// A message, whether it is new, and who is to be told that it mentions him.
struct Appended {
  Message message;
  bool is_new = false;
  /// Nothing was stored: there is no room for its image.
  bool is_too_much = false;
  Told told = {};
};

/// How far a room is read now, and whether that is news.
struct RoomMark {
  ReadState state;
  bool is_new = false;
};

/// An appointment, and what is to be told of it and to whom.
struct StoredEvent {
  CalendarEvent event;
  Told notifications;
  /// A nickname that nobody has; then nothing was stored.
  std::optional<std::string> unknown;
};

enum class Marked : std::uint8_t { now, before, never_there };

/// The writes of one transaction. A result is there when the transaction is committed, and maybe not before:
/// a database across a network is sent many writes before it answers the first. So what is given and what
/// `result` refers to must live until then.
class WriteTables {
 public:
  virtual ~WriteTables() = default;

  virtual void user(std::string const& nickname, aerie::Date now, User& result) = 0;
  /// Nothing if there is a room of that name.
  virtual void create_room(std::string const& name, aerie::Date now, std::optional<Room>& result) = 0;
  virtual void append(NewMessage const& message, aerie::Date now, Appended& result) = 0;
  /// Each change is later than the one before, whatever the clock says.
  virtual void change(MessageChange const& change, aerie::Date now, ChangedMessage& result) = 0;
  virtual void create_event(NewEvent const& event, aerie::Date now, StoredEvent& result) = 0;
  virtual void mark_read(UserId user, NotificationId id, Marked& result) = 0;
  virtual void read_up_to(UserId user, RoomId room, MessageId message, RoomMark& result) = 0;
  /// Whether there was something to forget.
  virtual void forget_room(UserId user, RoomId room, bool& result) = 0;
};

/// Everything throws std::exception where the database fails.
class ReadTables {
 public:
  virtual ~ReadTables() = default;

  virtual std::optional<Room> room(RoomId id) = 0;
  virtual std::vector<Room> rooms() = 0;
  virtual MessagePage history(RoomId room, std::optional<MessageId> before, std::size_t limit) = 0;
  virtual MessagePage search(RoomId room, std::string const& text, std::optional<MessageId> before,
                             std::size_t limit) = 0;
  virtual NotificationPage notifications(UserId user, bool unread_only, std::size_t limit) = 0;
  virtual std::vector<ReadState> reading(UserId user) = 0;
  virtual std::optional<StoredImage> image(std::string const& key) = 0;
};

/// Brings what was read, newest first and one more than `limit` if there are more, into a page's form.
inline MessagePage page_of(std::vector<Message> newest_first, std::size_t limit) {
  MessagePage page;
  page.has_more = newest_first.size() > limit;
  if (page.has_more) newest_first.pop_back();
  page.messages.assign(std::make_move_iterator(newest_first.rbegin()),
                       std::make_move_iterator(newest_first.rend()));
  return page;
}

}  // namespace chat
