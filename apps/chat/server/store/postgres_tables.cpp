#include "store/postgres_tables.hpp"

#include "text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chat::postgres {

namespace {

// Instances write one after the other (see PostgresTransactions), so what does not exist here is not about
// to.
Statement const writes[] = {
    {"add_user", R"sql(
WITH new AS (
  INSERT INTO aerie_chat.users (nickname, created_at) SELECT $1::text, $2::bigint
  WHERE NOT EXISTS (SELECT FROM aerie_chat.users WHERE nickname = $1::text) RETURNING id
)
SELECT id FROM new UNION ALL SELECT id FROM aerie_chat.users WHERE nickname = $1::text)sql"},

    {"add_room", R"sql(
INSERT INTO aerie_chat.rooms (name, created_at) SELECT $1::text, $2::bigint
WHERE NOT EXISTS (SELECT FROM aerie_chat.rooms WHERE name = $1::text) RETURNING id)sql"},

    {"add_message", R"sql(
WITH new AS (
  INSERT INTO aerie_chat.messages (room_id, sender_id, client_id, content, created_at)
  SELECT $1::bigint, $2::bigint, $3::bytea, $4::bytea, $5::bigint
  WHERE NOT EXISTS (SELECT FROM aerie_chat.messages WHERE sender_id = $2::bigint AND client_id = $3::bytea)
  RETURNING id
)
SELECT 1::bigint, id, NULL::bigint, NULL::text, NULL::bytea, NULL::bigint, NULL::bigint, NULL::bigint FROM new
UNION ALL
SELECT 0, m.id, m.room_id, u.nickname, m.content, m.created_at, m.changed_at, m.is_deleted::int::bigint
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.sender_id = $2::bigint AND m.client_id = $3::bytea)sql"},

    // A row that begins with 1 is the message as it is now; one with 0 says whose it was.
    {"change_message", R"sql(
WITH changed AS (
  UPDATE aerie_chat.messages
  SET content = $4::bytea, is_deleted = $5::bigint <> 0, changed_at = greatest($6::bigint, changed_at + 1)
  WHERE id = $1::bigint AND room_id = $2::bigint AND sender_id = $3::bigint AND NOT is_deleted
  RETURNING sender_id, client_id, created_at, changed_at
)
SELECT 1::bigint, c.sender_id, u.nickname, c.client_id, c.created_at, c.changed_at
FROM changed c JOIN aerie_chat.users u ON u.id = c.sender_id
UNION ALL
SELECT 0, sender_id, NULL, NULL, NULL, NULL FROM aerie_chat.messages
WHERE id = $1::bigint AND room_id = $2::bigint)sql"},

    // The first column says what a row is: 0 a nickname that nobody has, 1 the event that was stored before,
    // 2 the one that is new, 3 a notification.
    {"add_event", R"sql(
WITH asked AS (
  SELECT a.nickname, min(a.place) AS place FROM unnest($5::text[]) WITH ORDINALITY AS a (nickname, place)
  GROUP BY a.nickname
), invited AS (
  SELECT asked.nickname, asked.place, u.id FROM asked LEFT JOIN aerie_chat.users u ON u.nickname = asked.nickname
), new AS (
  INSERT INTO aerie_chat.events (creator_id, client_id, title, starts_at)
  SELECT $1::bigint, $2::bytea, $3::text, $4::bigint
  WHERE NOT EXISTS (SELECT FROM invited WHERE id IS NULL)
    AND NOT EXISTS (SELECT FROM aerie_chat.events WHERE creator_id = $1::bigint AND client_id = $2::bytea)
  RETURNING id
), told AS (
  INSERT INTO aerie_chat.notifications (user_id, event_id, created_at)
  SELECT invited.id, new.id, $6::bigint FROM new, invited ORDER BY invited.place
  RETURNING id, user_id
)
(SELECT 0::bigint, NULL::bigint, NULL::bigint, nickname FROM invited WHERE id IS NULL ORDER BY place LIMIT 1)
UNION ALL
SELECT 1, id, starts_at, title FROM aerie_chat.events WHERE creator_id = $1::bigint AND client_id = $2::bytea
UNION ALL
SELECT 2, id, NULL, NULL FROM new
UNION ALL
SELECT 3, id, user_id, NULL FROM told)sql"},

    {"mark_read", R"sql(
WITH marked AS (
  UPDATE aerie_chat.notifications SET is_read = true
  WHERE id = $1::bigint AND user_id = $2::bigint AND NOT is_read RETURNING id
)
SELECT 1::bigint FROM marked
UNION ALL
SELECT 0 FROM aerie_chat.notifications WHERE id = $1::bigint AND user_id = $2::bigint)sql"},
};

Statement const reads[] = {
    {"room", "SELECT id, name, created_at FROM aerie_chat.rooms WHERE id = $1::bigint"},
    {"rooms", "SELECT id, name, created_at FROM aerie_chat.rooms ORDER BY id"},
    {"history", R"sql(
SELECT m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at,
  m.is_deleted::int::bigint
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.room_id = $1::bigint AND m.id < $2::bigint ORDER BY m.id DESC LIMIT $3::bigint)sql"},
    // Contents are bytes, which have no letters: those of ASCII are made small in a notation that leaves the
    // others.
    {"search", R"sql(
SELECT m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at,
  m.is_deleted::int::bigint
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.room_id = $1::bigint AND m.id < $2::bigint AND NOT m.is_deleted AND position(
  decode(lower(encode($4::bytea, 'escape') COLLATE "C"), 'escape') IN
  decode(lower(encode(m.content, 'escape') COLLATE "C"), 'escape')) > 0
ORDER BY m.id DESC LIMIT $3::bigint)sql"},
    {"unread", "SELECT count(*) FROM aerie_chat.notifications WHERE user_id = $1::bigint AND NOT is_read"},
    {"notifications", R"sql(
SELECT n.id, n.created_at, n.is_read::int::bigint, e.id, e.title, e.starts_at, u.id, u.nickname
FROM aerie_chat.notifications n JOIN aerie_chat.events e ON e.id = n.event_id
JOIN aerie_chat.users u ON u.id = e.creator_id
WHERE n.user_id = $1::bigint AND ($2::bigint = 0 OR NOT n.is_read) ORDER BY n.id DESC LIMIT $3::bigint)sql"},
};

aerie::Date date_of(Rows const& rows, int row, int column) {
  return aerie::Date::from_milliseconds(rows.integer(row, column));
}

/// Of the columns from `column` on: when it was changed, and whether that was its end.
void read_change(Rows const& rows, int row, int column, Message& message) {
  if (rows.integer(row, column) != 0) message.changed_at = date_of(rows, row, column);
  if (rows.integer(row, column + 1) != 0) message.deleted = true;
}

std::vector<Message> messages_of(Rows const& rows) {
  std::vector<Message> messages;
  for (int row = 0; row < rows.count(); ++row) {
    messages.push_back({rows.integer(row, 0),
                        rows.integer(row, 1),
                        {rows.integer(row, 2), rows.text(row, 3)},
                        rows.text(row, 4),
                        rows.text(row, 5),
                        date_of(rows, row, 6)});
    read_change(rows, row, 7, messages.back());
  }
  return messages;
}

Room room_of(Rows const& rows, int row) {
  return {rows.integer(row, 0), rows.text(row, 1), date_of(rows, row, 2)};
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
        result.notifications.emplace_back(rows.integer(row, 2), Notification{id, {}, now, false});
    }
  }
  std::ranges::sort(result.notifications, {}, [](auto const& told) { return told.second.id; });
  for (auto& [user, notification] : result.notifications)
    notification.event = result.event;
}

}  // namespace

std::span<Statement const> WriteStatements::all() {
  return writes;
}

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
  connection_.send(
      "add_message",
      {message.room, message.sender.id, message.client_id, message.content, now.milliseconds()},
      [&result, &message, now](Rows const& rows) {
        auto const id = rows.integer(0, 1);
        if (rows.integer(0, 0) == 1) {
          result = {Message{id, message.room, message.sender, message.content, message.client_id, now}, true};
        } else {
          result = {Message{id,
                            rows.integer(0, 2),
                            {message.sender.id, rows.text(0, 3)},
                            rows.text(0, 4),
                            message.client_id,
                            date_of(rows, 0, 5)},
                    false};
          read_change(rows, 0, 6, result.message);
        }
      });
}

void WriteStatements::change(MessageChange const& change, aerie::Date now, ChangedMessage& result) {
  connection_.send("change_message",
                   {change.id, change.room, change.sender.id, change.content.value_or(""),
                    std::int64_t{change.content ? 0 : 1}, now.milliseconds()},
                   [&result, &change](Rows const& rows) {
                     result = {};
                     for (int row = 0; row < rows.count(); ++row) {
                       if (rows.integer(row, 0) == 0) {
                         result.is_anothers = rows.integer(row, 1) != change.sender.id;
                         continue;
                       }
                       Message message{change.id,
                                       change.room,
                                       {rows.integer(row, 1), rows.text(row, 2)},
                                       change.content.value_or(""),
                                       rows.text(row, 3),
                                       date_of(rows, row, 4)};
                       message.changed_at = date_of(rows, row, 5);
                       if (!change.content) message.deleted = true;
                       result.message = std::move(message);
                     }
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

std::span<Statement const> ReadStatements::all() {
  return reads;
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
                       CalendarEvent event{rows.integer(row, 3),
                                           rows.text(row, 4),
                                           date_of(rows, row, 5),
                                           {rows.integer(row, 6), rows.text(row, 7)}};
                       page.notifications.push_back({rows.integer(row, 0), std::move(event),
                                                     date_of(rows, row, 1), rows.integer(row, 2) != 0});
                     }
                   });
  connection_.flush();
  return page;
}

}  // namespace chat::postgres
