#include "store/postgres_tables.hpp"

#include "mentions.hpp"
#include "text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chat::postgres {

namespace {

aerie::Date date_of(Rows const& rows, int row, int column) {
  return aerie::Date::from_milliseconds(rows.integer(row, column));
}

void read_mentions(std::string const& text, Message& message) {
  std::vector<User> users;
  if (!text.empty() && aerie::json::parse(text, users).ok()) message.mentions = std::move(users);
}

void read_image(std::string const& text, Message& message) {
  ImageInfo image;
  if (!text.empty() && aerie::json::parse(text, image).ok()) message.image = std::move(image);
}

/// Of the columns from `column` on: when it was changed, whether that was its end, who is mentioned, and its
/// image.
void read_change(Rows const& rows, int row, int column, Message& message) {
  if (rows.integer(row, column) != 0) message.changed_at = date_of(rows, row, column);
  if (rows.integer(row, column + 1) != 0) {
    // What else there is an older program has left, which knew nothing of it.
    message.deleted = true;
    return;
  }
  read_mentions(rows.text(row, column + 2), message);
  read_image(rows.text(row, column + 3), message);
}

/// Of the columns from `first` on.
Message message_of(Rows const& rows, int row, int first) {
  Message message;
  message.id = rows.integer(row, first);
  message.chat_room_id = rows.integer(row, first + 1);
  message.sender = {rows.integer(row, first + 2), rows.text(row, first + 3)};
  message.content = rows.text(row, first + 4);
  message.client_id = rows.text(row, first + 5);
  message.created_at = date_of(rows, row, first + 6);
  read_change(rows, row, first + 7, message);
  return message;
}

std::vector<Message> messages_of(Rows const& rows) {
  std::vector<Message> messages;
  for (int row = 0; row < rows.count(); ++row)
    messages.push_back(message_of(rows, row, 0));
  return messages;
}

Room room_of(Rows const& rows, int row, int first = 0) {
  return {rows.integer(row, first), rows.text(row, first + 1), date_of(rows, row, first + 2)};
}

/// Who may be meant, as two arrays of the same length.
struct Names {
  explicit Names(std::string const& content) {
    for (auto& [name, place] : mentions::candidates_of(content)) {
      names.push_back(std::move(name));
      places.push_back(std::to_string(place));
    }
  }
  std::vector<std::string> names;
  std::vector<std::string> places;
};

/// The rows that begin with 2 and 3.
Told told_of(Rows const& rows, Message const& message, aerie::Date now) {
  Told told;
  Room room;
  for (int row = 0; row < rows.count(); ++row) {
    if (rows.integer(row, 0) == 2)
      told.emplace_back(rows.integer(row, 2), Notification{rows.integer(row, 1)});
    if (rows.integer(row, 0) == 3) room = {rows.integer(row, 1), rows.text(row, 3), date_of(rows, row, 5)};
  }
  std::ranges::sort(told, {}, [](auto const& each) { return each.second.id; });
  for (auto& [user, notification] : told) {
    notification.mention = Mention{room, message};
    notification.created_at = now;
  }
  return told;
}

void read_event(Rows const& rows, NewEvent const& event, aerie::Date now, StoredEvent& result) {
  result.event.title = event.title;
  result.event.starts_at = event.starts_at;
  result.event.creator = event.creator;
  for (int row = 0; row < rows.count(); ++row) {
    auto const id = rows.integer(row, 1);
    switch (rows.integer(row, 0)) {
      case 0:
        result.unknown = rows.text(row, 3);
        break;
      case 1:
        result.event.starts_at = date_of(rows, row, 2);
        result.event.title = rows.text(row, 3);
        result.event.id = id;
        break;
      case 2:
        result.event.id = id;
        break;
      default:
        result.notifications.emplace_back(rows.integer(row, 2),
                                          Notification{id, std::nullopt, std::nullopt, now, false});
    }
  }
  std::ranges::sort(result.notifications, {}, [](auto const& told) { return told.second.id; });
  for (auto& [user, notification] : result.notifications)
    notification.event = result.event;
}

}  // namespace

void WriteStatements::user(std::string const& nickname, aerie::Date now, User& result) {
  connection_.send("add_user", {nickname, now.milliseconds()}, [&](Rows const& rows) {
    result = {rows.integer(0, 0), nickname};
  });
}

void WriteStatements::create_room(std::string const& name, aerie::Date now, std::optional<Room>& result) {
  connection_.send("add_room", {name, now.milliseconds()}, [&result, &name, now](Rows const& rows) {
    result.reset();
    if (rows.count() != 0) result = Room{rows.integer(0, 0), name, now};
  });
}

void WriteStatements::append(NewMessage const& message, aerie::Date now, Appended& result) {
  Names const candidates(message.content);
  auto const size = message.image ? static_cast<std::int64_t>(message.image->content.size()) : 0;
  auto const quota = message.image ? message.image->quota : 0;
  auto const image = message.image ? aerie::json::stringify(message.image->info) : std::string();
  connection_.send("add_message",
                   {message.room, message.sender.id, message.client_id, message.content, now.milliseconds(),
                    Parameter(candidates.names), Parameter(candidates.places), image, size, quota},
                   [&result, &message, now](Rows const& rows) {
                     result = {};
                     result.is_too_much = rows.count() == 0;
                     for (int row = 0; row < rows.count(); ++row) {
                       auto const kind = rows.integer(row, 0);
                       if (kind > 1) continue;
                       result.is_new = kind == 1;
                       result.message = {rows.integer(row, 1), message.room,      message.sender,
                                         message.content,      message.client_id, now};
                       if (result.is_new) {
                         read_mentions(rows.text(row, 8), result.message);
                         if (message.image) result.message.image = message.image->info;
                         continue;
                       }
                       result.message.chat_room_id = rows.integer(row, 2);
                       result.message.sender.nickname = rows.text(row, 3);
                       result.message.content = rows.text(row, 4);
                       result.message.created_at = date_of(rows, row, 5);
                       read_change(rows, row, 6, result.message);
                     }
                     result.told = told_of(rows, result.message, now);
                   });
  if (!message.image) return;
  auto const& info = message.image->info;
  connection_.send("add_image", {message.sender.id, message.client_id, info.key, info.type, size,
                                 message.image->content.view()});
}

void WriteStatements::change(MessageChange const& change, aerie::Date now, ChangedMessage& result) {
  auto const content = change.content.value_or("");
  Names const candidates(content);
  connection_.send("change_message",
                   {change.id, change.room, change.sender.id, content, std::int64_t{change.content ? 0 : 1},
                    now.milliseconds(), Parameter(candidates.names), Parameter(candidates.places)},
                   [&result, &change, now](Rows const& rows) {
                     result = {};
                     for (int row = 0; row < rows.count(); ++row) {
                       if (rows.integer(row, 0) == 0)
                         result.is_anothers = rows.integer(row, 1) != change.sender.id;
                       if (rows.integer(row, 0) != 1) continue;
                       Message message{change.id,
                                       change.room,
                                       {rows.integer(row, 1), rows.text(row, 3)},
                                       change.content.value_or(""),
                                       rows.text(row, 4),
                                       date_of(rows, row, 5)};
                       message.changed_at = date_of(rows, row, 6);
                       if (!change.content) message.deleted = true;
                       read_mentions(rows.text(row, 7), message);
                       read_image(rows.text(row, 8), message);
                       result.message = std::move(message);
                     }
                     if (result.message) result.told = told_of(rows, *result.message, now);
                   });
}

void WriteStatements::create_event(NewEvent const& event, aerie::Date now, StoredEvent& result) {
  result = {};
  // What is no name is nobody's, and no text of PostgreSQL's maybe.
  for (auto const& nickname : event.invited) {
    if (text::is_name(nickname, std::numeric_limits<std::size_t>::max())) continue;
    result.unknown = nickname;
    return;
  }
  connection_.send("add_event",
                   {event.creator.id, event.client_id, event.title, event.starts_at.milliseconds(),
                    Parameter(event.invited), now.milliseconds()},
                   [&result, &event, now](Rows const& rows) { read_event(rows, event, now, result); });
}

void WriteStatements::mark_read(UserId user, NotificationId id, Marked& result) {
  connection_.send("mark_read", {id, user}, [&result](Rows const& rows) {
    result = rows.count() == 0 ? Marked::never_there : Marked::before;
    for (int row = 0; row < rows.count(); ++row)
      if (rows.integer(row, 0) == 1) result = Marked::now;
  });
}

void WriteStatements::read_up_to(UserId user, RoomId room, MessageId message, RoomMark& result) {
  connection_.send("read_up_to", {user, room, message}, [&result, room](Rows const& rows) {
    result = {{room, rows.integer(0, 1), rows.integer(0, 3), rows.integer(0, 2)}, rows.integer(0, 0) != 0};
  });
}

void WriteStatements::forget_room(UserId user, RoomId room, bool& result) {
  connection_.send("forget_room", {user, room}, [&result](Rows const& rows) { result = rows.count() != 0; });
}

std::optional<Room> ReadStatements::room(RoomId id) {
  std::optional<Room> room;
  connection_.send("room", {id}, [&room](Rows const& rows) {
    if (rows.count() != 0) room = room_of(rows, 0);
  });
  connection_.flush();
  return room;
}

std::vector<Room> ReadStatements::rooms() {
  std::vector<Room> found;
  connection_.send("rooms", {}, [&found](Rows const& rows) {
    for (int row = 0; row < rows.count(); ++row)
      found.push_back(room_of(rows, row));
  });
  connection_.flush();
  return found;
}

MessagePage ReadStatements::history(RoomId room, std::optional<MessageId> before, std::size_t limit) {
  std::vector<Message> newest_first;
  // One more than asked for tells whether there are more.
  connection_.send(
      "history",
      {room, before.value_or(std::numeric_limits<MessageId>::max()), static_cast<std::int64_t>(limit + 1)},
      [&newest_first](Rows const& rows) { newest_first = messages_of(rows); });
  connection_.flush();
  return page_of(std::move(newest_first), limit);
}

MessagePage ReadStatements::search(RoomId room, std::string const& text, std::optional<MessageId> before,
                                   std::size_t limit) {
  std::vector<Message> newest_first;
  connection_.send("search",
                   {room, before.value_or(std::numeric_limits<MessageId>::max()),
                    static_cast<std::int64_t>(limit + 1), text},
                   [&newest_first](Rows const& rows) { newest_first = messages_of(rows); });
  connection_.flush();
  return page_of(std::move(newest_first), limit);
}

NotificationPage ReadStatements::notifications(UserId user, bool unread_only, std::size_t limit) {
  NotificationPage page;
  connection_.send("unread", {user}, [&page](Rows const& rows) { page.unread = rows.integer(0, 0); });
  connection_.send("notifications",
                   {user, std::int64_t{unread_only ? 1 : 0}, static_cast<std::int64_t>(limit)},
                   [&page](Rows const& rows) {
                     for (int row = 0; row < rows.count(); ++row) {
                       Notification notification{rows.integer(row, 0)};
                       notification.created_at = date_of(rows, row, 1);
                       notification.read = rows.integer(row, 2) != 0;
                       if (rows.integer(row, 3) != 0) {
                         notification.event = CalendarEvent{rows.integer(row, 3),
                                                            rows.text(row, 4),
                                                            date_of(rows, row, 5),
                                                            {rows.integer(row, 6), rows.text(row, 7)}};
                       }
                       if (rows.integer(row, 8) != 0)
                         notification.mention = Mention{room_of(rows, row, 8), message_of(rows, row, 11)};
                       page.notifications.push_back(std::move(notification));
                     }
                   });
  connection_.flush();
  return page;
}

std::optional<StoredImage> ReadStatements::image(std::string const& key) {
  std::optional<StoredImage> image;
  connection_.send("image", {key}, [&image](Rows const& rows) {
    if (rows.count() != 0) image = StoredImage{rows.text(0, 0), rows.text(0, 1)};
  });
  connection_.flush();
  return image;
}

std::vector<ReadState> ReadStatements::reading(UserId user) {
  std::vector<ReadState> states;
  connection_.send("reading", {user}, [&states](Rows const& rows) {
    for (int row = 0; row < rows.count(); ++row)
      states.push_back(
          {rows.integer(row, 0), rows.integer(row, 1), rows.integer(row, 2), rows.integer(row, 3)});
  });
  connection_.flush();
  return states;
}

}  // namespace chat::postgres
