// The SQL of the chat's tables.

#include "store/postgres_tables.hpp"

#include <aerie/core/log.hpp>

#include <string>
#include <string_view>

namespace chat::postgres {

namespace {

using aerie::core::concat;

/// Begins a statement with `mentioned`, the users that are, in the order of `place`, and `listed`, the same
/// as JSON. The parameters are arrays of the same length: names that may be meant, and where each of them
/// stands; the longest one at a place is.
std::string with_mentioned(std::string_view names, std::string_view places) {
  return concat(R"sql(
WITH named AS (
  SELECT DISTINCT ON (c.place) c.place, u.id, u.nickname
  FROM unnest()sql",
                names, "::text[], ", places,
                R"sql(::text[]) AS c (name, place) JOIN aerie_chat.users u ON u.nickname = c.name
  ORDER BY c.place, char_length(c.name) DESC
), mentioned AS (
  SELECT id, nickname, min(place) AS place FROM named GROUP BY id, nickname
), listed AS (
  SELECT coalesce(json_agg(json_build_object('id', id, 'nickname', nickname) ORDER BY place)::text, '') AS users
  FROM mentioned
))sql");
}

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
    // new, 2 a notification of somebody who is mentioned in it, 3 its room. $8 is what is known of an image,
    // $9 its size and $10 what all of the sender's may have.
    {"add_message", with_mentioned("$6", "$7") + R"sql(, new AS (
  INSERT INTO aerie_chat.messages (room_id, sender_id, client_id, content, created_at, mentions, image)
  SELECT $1::bigint, $2::bigint, $3::bytea, $4::bytea, $5::bigint, (SELECT users FROM listed), $8::text
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
    {"change_message", with_mentioned("$7", "$8") + R"sql(, changed AS (
  UPDATE aerie_chat.messages
  SET content = $4::bytea, is_deleted = $5::bigint <> 0, changed_at = greatest($6::bigint, changed_at + 1),
    mentions = (SELECT users FROM listed),
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
    {"image", R"sql(
SELECT i.type, i.content FROM aerie_chat.images i JOIN aerie_chat.messages m ON m.id = i.message_id
WHERE i.key = $1::text AND NOT m.is_deleted)sql"},
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

}  // namespace

std::span<Statement const> WriteStatements::all() {
  return writes;
}

std::span<Statement const> ReadStatements::all() {
  return reads;
}

}  // namespace chat::postgres
