#pragma once

/// \file
/// What the chat is about: users, rooms, messages. Plain values, on the wire as they are described here.

#include <aerie/schema/codec.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat {

using UserId = std::int64_t;
using RoomId = std::int64_t;
using MessageId = std::int64_t;

/// JavaScript's numbers are whole up to here (Number.MAX_SAFE_INTEGER), so no id is larger.
inline constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;

/// Of a text that somebody says, in characters; of an id that a client makes up, in bytes.
inline constexpr std::size_t longest_content = 2000;
inline constexpr std::size_t longest_client_id = 128;

struct User {
  UserId id = 0;
  std::string nickname;

  bool operator==(User const&) const = default;
  static void describe(aerie::Schema<User>& s) {
    s.field<&User::id>();
    s.field<&User::nickname>();
  }
};

struct Room {
  RoomId id = 0;
  std::string name;
  aerie::Date created_at;

  bool operator==(Room const&) const = default;
  static void describe(aerie::Schema<Room>& s) {
    s.field<&Room::id>();
    s.field<&Room::name>();
    s.field<&Room::created_at>("createdAt");
  }
};

struct Message {
  /// Rises with every message of the store, so it is also the order of a room's history.
  MessageId id = 0;
  RoomId chat_room_id = 0;
  User sender;
  std::string content;
  /// Chosen by the sender's client: the same id again is the same message.
  std::string client_id;
  aerie::Date created_at;
  /// When its sender has changed or deleted it last; later with each change, so that the later of two is
  /// known.
  std::optional<aerie::Date> changed_at = std::nullopt;
  /// True of a message that its sender has deleted: its content is gone, its place stays.
  std::optional<bool> deleted = std::nullopt;

  bool operator==(Message const&) const = default;
  static void describe(aerie::Schema<Message>& s) {
    s.field<&Message::id>();
    s.field<&Message::chat_room_id>("chatRoomId");
    s.field<&Message::sender>();
    s.field<&Message::content>();
    s.field<&Message::client_id>("clientId");
    s.field<&Message::created_at>("createdAt");
    s.field<&Message::changed_at>("changedAt").description("When its sender has changed or deleted it last.");
    s.field<&Message::deleted>().description("True when its sender has deleted it: its content is gone.");
  }
};

struct MessagePage {
  /// Newest last.
  std::vector<Message> messages;
  /// There are messages before the first of these.
  bool has_more = false;

  static void describe(aerie::Schema<MessagePage>& s) {
    s.field<&MessagePage::messages>();
    s.field<&MessagePage::has_more>("hasMore");
  }
};

using EventId = std::int64_t;
using NotificationId = std::int64_t;

/// An appointment in the calendar.
struct CalendarEvent {
  EventId id = 0;
  std::string title;
  aerie::Date starts_at;
  User creator;

  bool operator==(CalendarEvent const&) const = default;
  static void describe(aerie::Schema<CalendarEvent>& s) {
    s.field<&CalendarEvent::id>();
    s.field<&CalendarEvent::title>();
    s.field<&CalendarEvent::starts_at>("startsAt");
    s.field<&CalendarEvent::creator>();
  }
};

/// What an invited user is told of an appointment.
struct Notification {
  NotificationId id = 0;
  CalendarEvent event;
  aerie::Date created_at;
  bool read = false;

  bool operator==(Notification const&) const = default;
  static void describe(aerie::Schema<Notification>& s) {
    s.field<&Notification::id>();
    s.field<&Notification::event>();
    s.field<&Notification::created_at>("createdAt");
    s.field<&Notification::read>();
  }
};

struct NotificationPage {
  /// Newest first.
  std::vector<Notification> notifications;
  /// Of all, not only of these.
  std::int64_t unread = 0;

  static void describe(aerie::Schema<NotificationPage>& s) {
    s.field<&NotificationPage::notifications>();
    s.field<&NotificationPage::unread>();
  }
};

}  // namespace chat
