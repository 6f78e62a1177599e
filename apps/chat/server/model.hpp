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
/// In characters.
inline constexpr std::size_t longest_nickname = 32;
/// Of an image, in bytes.
inline constexpr std::size_t largest_image = std::size_t{1} << 20U;

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

/// What is known of a message's image without having it.
struct ImageInfo {
  /// It is at /api/images/<key>.
  std::string key;
  std::string type;
  std::int64_t width = 0;
  std::int64_t height = 0;

  bool operator==(ImageInfo const&) const = default;
  static void describe(aerie::Schema<ImageInfo>& s) {
    s.field<&ImageInfo::key>().description("It is at /api/images/:key, for whoever knows the key.");
    s.field<&ImageInfo::type>().description("image/png, image/jpeg, image/gif or image/webp.");
    s.field<&ImageInfo::width>().description("In pixels.");
    s.field<&ImageInfo::height>();
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
  /// Who is mentioned in it, in the order of the text; nothing: nobody.
  std::optional<std::vector<User>> mentions = std::nullopt;
  /// Its content is then what is to be seen there, for those who do not see it; it may be empty.
  std::optional<ImageInfo> image = std::nullopt;

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
    s.field<&Message::mentions>().description("Who is mentioned in it: @ and a nickname.");
    s.field<&Message::image>().description("The content is then its description, which may be empty.");
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

/// How far a user has read a room. Of two of one room the one with the later `up_to` is the newer.
struct ReadState {
  RoomId chat_room_id = 0;
  MessageId up_to = 0;
  /// Messages of others behind it that are not deleted; of the first 1000, which is more than anybody counts.
  std::int64_t unread = 0;
  /// The last message that there was when these were counted.
  MessageId newest = 0;

  bool operator==(ReadState const&) const = default;
  static void describe(aerie::Schema<ReadState>& s) {
    s.field<&ReadState::chat_room_id>("chatRoomId");
    s.field<&ReadState::up_to>("upTo").description("The last message that was seen; 0: none.");
    s.field<&ReadState::unread>().description(
        "Messages of others from there to `newest`; no more than 1000 are looked at.");
    s.field<&ReadState::newest>();
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

/// Where somebody is mentioned, as it is now: a message that was deleted since has no content.
struct Mention {
  Room room;
  Message message;

  bool operator==(Mention const&) const = default;
  static void describe(aerie::Schema<Mention>& s) {
    s.field<&Mention::room>();
    s.field<&Mention::message>();
  }
};

/// What a user is told: that he is invited to an appointment, or that he is mentioned. One of the two is
/// there.
struct Notification {
  NotificationId id = 0;
  std::optional<CalendarEvent> event = std::nullopt;
  std::optional<Mention> mention = std::nullopt;
  aerie::Date created_at = {};
  bool read = false;

  bool operator==(Notification const&) const = default;
  static void describe(aerie::Schema<Notification>& s) {
    s.field<&Notification::id>();
    s.field<&Notification::event>().description("What the user is invited to.");
    s.field<&Notification::mention>().description(
        "Where the user is mentioned. It has an event or a mention.");
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
