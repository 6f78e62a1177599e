#include "store/postgres_tables.hpp"

#include "mentions.hpp"
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

    // The first column says what a row is: 0 the message that was stored before, 1 the id of the one that is
    // new, 2 a notification of somebody who is mentioned in it, 3 its room. $6 are names that may be meant,
    // $7 where each of them stands; the longest one at a place is. $8 is what is known of an image, $9 its
    // size and $10 what all of the sender's may have.
    {"add_message", R"sql(
WITH named AS (
  SELECT DISTINCT ON (c.place) c.place, u.id, u.nickname
  FROM unnest($6::text[], $7::text[]) AS c (name, place) JOIN aerie_chat.users u ON u.nickname = c.name
  ORDER BY c.place, char_length(c.name) DESC
), mentioned AS (
  SELECT id, nickname, min(place) AS place FROM named GROUP BY id, nickname
), new AS (
  INSERT INTO aerie_chat.messages (room_id, sender_id, client_id, content, created_at, mentions, image)
  SELECT $1::bigint, $2::bigint, $3::bytea, $4::bytea, $5::bigint, coalesce((
    SELECT json_agg(json_build_object('id', id, 'nickname', nickname) ORDER BY place)::text FROM mentioned), ''), $8::text
  WHERE NOT EXISTS (SELECT FROM aerie_chat.messages WHERE sender_id = $2::bigint AND client_id = $3::bytea)
    AND ($9::bigint = 0 OR $9::bigint + (
      SELECT coalesce(sum(size), 0) FROM aerie_chat.images WHERE user_id = $2::bigint) <= $10::bigint)
  RETURNING id, mentions
), told AS (
  INSERT INTO aerie_chat.notifications (user_id, message_id, created_at)
  SELECT m.id, new.id, $5::bigint FROM new, mentioned m WHERE m.id <> $2::bigint ORDER BY m.place
  RETURNING id, user_id
)
SELECT 1::bigint, id, NULL::bigint, NULL::text, NULL::bytea, NULL::bigint, NULL::bigint, NULL::bigint, mentions,
  NULL::text
FROM new
UNION ALL
SELECT 0, m.id, m.room_id, u.nickname, m.content, m.created_at, m.changed_at, m.is_deleted::int::bigint, m.mentions,
  m.image
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.sender_id = $2::bigint AND m.client_id = $3::bytea
UNION ALL
SELECT 2, id, user_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM told
UNION ALL
SELECT 3, r.id, NULL, r.name, NULL, r.created_at, NULL, NULL, NULL, NULL
FROM aerie_chat.rooms r WHERE r.id = $1::bigint AND EXISTS (SELECT FROM told))sql"},

    // Behind the message, if it is the one that this image came with.
    {"add_image", R"sql(
INSERT INTO aerie_chat.images (key, message_id, user_id, type, size, content)
SELECT $3::text, m.id, m.sender_id, $4::text, $5::bigint, $6::bytea FROM aerie_chat.messages m
WHERE m.sender_id = $1::bigint AND m.client_id = $2::bytea AND m.image <> ''
  AND m.image::json ->> 'key' = $3::text)sql"},

    // The first column as there; 0 says whose it was, and 1 is the message as it is now.
    {"change_message", R"sql(
WITH named AS (
  SELECT DISTINCT ON (c.place) c.place, u.id, u.nickname
  FROM unnest($7::text[], $8::text[]) AS c (name, place) JOIN aerie_chat.users u ON u.nickname = c.name
  ORDER BY c.place, char_length(c.name) DESC
), mentioned AS (
  SELECT id, nickname, min(place) AS place FROM named GROUP BY id, nickname
), changed AS (
  UPDATE aerie_chat.messages
  SET content = $4::bytea, is_deleted = $5::bigint <> 0, changed_at = greatest($6::bigint, changed_at + 1),
    mentions = coalesce((
      SELECT json_agg(json_build_object('id', id, 'nickname', nickname) ORDER BY place)::text FROM mentioned), ''),
    image = CASE WHEN $5::bigint <> 0 THEN '' ELSE image END
  WHERE id = $1::bigint AND room_id = $2::bigint AND sender_id = $3::bigint AND NOT is_deleted
  RETURNING id, sender_id, client_id, created_at, changed_at, mentions, image
), dropped AS (
  DELETE FROM aerie_chat.images WHERE $5::bigint <> 0 AND message_id IN (SELECT id FROM changed)
), told AS (
  INSERT INTO aerie_chat.notifications (user_id, message_id, created_at)
  SELECT m.id, c.id, $6::bigint FROM changed c, mentioned m
  WHERE m.id <> $3::bigint AND NOT EXISTS (
    SELECT FROM aerie_chat.notifications n WHERE n.message_id = c.id AND n.user_id = m.id)
  ORDER BY m.place RETURNING id, user_id
)
SELECT 1::bigint, c.sender_id, NULL::bigint, u.nickname, c.client_id, c.created_at, c.changed_at, c.mentions, c.image
FROM changed c JOIN aerie_chat.users u ON u.id = c.sender_id
UNION ALL
SELECT 0, sender_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM aerie_chat.messages
WHERE id = $1::bigint AND room_id = $2::bigint
UNION ALL
SELECT 2, id, user_id, NULL, NULL, NULL, NULL, NULL, NULL FROM told
UNION ALL
SELECT 3, r.id, NULL, r.name, NULL, r.created_at, NULL, NULL, NULL
FROM aerie_chat.rooms r WHERE r.id = $2::bigint AND EXISTS (SELECT FROM told))sql"},

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

    {"read_up_to", R"sql(
WITH newest AS (
  SELECT coalesce(max(id), 0) AS id FROM aerie_chat.messages WHERE room_id = $2::bigint
), now AS (
  SELECT greatest(least($3::bigint, newest.id), coalesce((
    SELECT message_id FROM aerie_chat.room_reads WHERE user_id = $1::bigint AND room_id = $2::bigint), 0)) AS id
  FROM newest
), marked AS (
  INSERT INTO aerie_chat.room_reads AS r (user_id, room_id, message_id)
  SELECT $1::bigint, $2::bigint, now.id FROM now
  ON CONFLICT (user_id, room_id) DO UPDATE SET message_id = excluded.message_id
  WHERE excluded.message_id > r.message_id RETURNING 1
)
SELECT (SELECT count(*) FROM marked), now.id, newest.id, (
  SELECT count(*) FROM (
    SELECT sender_id, is_deleted FROM aerie_chat.messages
    WHERE room_id = $2::bigint AND id > now.id ORDER BY id LIMIT 1000) m
  WHERE m.sender_id <> $1::bigint AND NOT m.is_deleted)
FROM now, newest)sql"},

    {"forget_room", R"sql(
DELETE FROM aerie_chat.room_reads WHERE user_id = $1::bigint AND room_id = $2::bigint RETURNING room_id)sql"},
};

Statement const reads[] = {
    {"room", "SELECT id, name, created_at FROM aerie_chat.rooms WHERE id = $1::bigint"},
    {"rooms", "SELECT id, name, created_at FROM aerie_chat.rooms ORDER BY id"},
    {"history", R"sql(
SELECT m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at,
  m.is_deleted::int::bigint, m.mentions, m.image
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.room_id = $1::bigint AND m.id < $2::bigint ORDER BY m.id DESC LIMIT $3::bigint)sql"},
    // Contents are bytes, which have no letters: those of ASCII are made small in a notation that leaves the
    // others.
    {"search", R"sql(
SELECT m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at,
  m.is_deleted::int::bigint, m.mentions, m.image
FROM aerie_chat.messages m JOIN aerie_chat.users u ON u.id = m.sender_id
WHERE m.room_id = $1::bigint AND m.id < $2::bigint AND NOT m.is_deleted AND position(
  decode(lower(encode($4::bytea, 'escape') COLLATE "C"), 'escape') IN
  decode(lower(encode(m.content, 'escape') COLLATE "C"), 'escape')) > 0
ORDER BY m.id DESC LIMIT $3::bigint)sql"},
    {"image", "SELECT type, content FROM aerie_chat.images WHERE key = $1::text"},
    {"reading", R"sql(
SELECT r.room_id, r.message_id, (
  SELECT count(*) FROM (
    SELECT sender_id, is_deleted FROM aerie_chat.messages
    WHERE room_id = r.room_id AND id > r.message_id ORDER BY id LIMIT 1000) m
  WHERE m.sender_id <> r.user_id AND NOT m.is_deleted),
  (SELECT coalesce(max(id), 0) FROM aerie_chat.messages WHERE room_id = r.room_id)
FROM aerie_chat.room_reads r WHERE r.user_id = $1::bigint ORDER BY r.room_id LIMIT 1000)sql"},
    {"unread", "SELECT count(*) FROM aerie_chat.notifications WHERE user_id = $1::bigint AND NOT is_read"},
    // What is not there has 0 for its id.
    {"notifications", R"sql(
SELECT n.id, n.created_at, n.is_read::int::bigint, coalesce(e.id, 0), e.title, e.starts_at, c.id, c.nickname,
  coalesce(r.id, 0), r.name, r.created_at,
  m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at,
  m.is_deleted::int::bigint, m.mentions, m.image
FROM aerie_chat.notifications n LEFT JOIN aerie_chat.events e ON e.id = n.event_id
LEFT JOIN aerie_chat.users c ON c.id = e.creator_id LEFT JOIN aerie_chat.messages m ON m.id = n.message_id
LEFT JOIN aerie_chat.users u ON u.id = m.sender_id LEFT JOIN aerie_chat.rooms r ON r.id = m.room_id
WHERE n.user_id = $1::bigint AND ($2::bigint = 0 OR NOT n.is_read) ORDER BY n.id DESC LIMIT $3::bigint)sql"},
};

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
  if (rows.integer(row, column + 1) != 0) message.deleted = true;
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
