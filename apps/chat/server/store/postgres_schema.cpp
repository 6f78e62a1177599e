#include "store/postgres_schema.hpp"

#include "auth/secret.hpp"
#include "random_bytes.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>
#include <aerie/schema/date.hpp>

#include <iterator>
#include <map>
#include <span>

namespace chat::postgres {

namespace {

using aerie::core::concat;

constexpr std::size_t version = 5;
/// The programs of formats from this one on can go on with the tables, so that instances may be replaced one
/// by one, and the new ones taken back. Steps only add what has a default; one that does more raises this.
constexpr std::size_t oldest = 5;

/// Any number will do that other programs do not take for a lock of theirs: "AeCh".
constexpr char const* lock = "SELECT pg_advisory_xact_lock(1097155432, 0)";

// What clients make up (contents, their ids) is kept as bytes: PostgreSQL's texts know neither zero bytes nor
// halves of surrogate pairs, and both are valid in JSON. Times are milliseconds of Unix time.
constexpr char const* statements[] = {
    "CREATE SCHEMA aerie_chat",
    "CREATE TABLE aerie_chat.meta (key text PRIMARY KEY, value text NOT NULL)",
    R"sql(CREATE TABLE aerie_chat.users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nickname text NOT NULL UNIQUE,
  created_at bigint NOT NULL
))sql",
    R"sql(CREATE TABLE aerie_chat.rooms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at bigint NOT NULL
))sql",
    R"sql(CREATE TABLE aerie_chat.messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room_id bigint NOT NULL REFERENCES aerie_chat.rooms,
  sender_id bigint NOT NULL REFERENCES aerie_chat.users,
  client_id bytea NOT NULL,
  content bytea NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (sender_id, client_id)
))sql",
    "CREATE INDEX messages_of_room ON aerie_chat.messages (room_id, id)",
    R"sql(CREATE TABLE aerie_chat.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  creator_id bigint NOT NULL REFERENCES aerie_chat.users,
  client_id bytea NOT NULL,
  title text NOT NULL,
  starts_at bigint NOT NULL,
  UNIQUE (creator_id, client_id)
))sql",
    R"sql(CREATE TABLE aerie_chat.notifications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES aerie_chat.users,
  event_id bigint NOT NULL REFERENCES aerie_chat.events,
  created_at bigint NOT NULL,
  is_read boolean NOT NULL DEFAULT false
))sql",
    "CREATE INDEX notifications_of_user ON aerie_chat.notifications (user_id, id)",
    "CREATE INDEX unread_notifications ON aerie_chat.notifications (user_id) WHERE NOT is_read",
};

// Since format 2. Zero: never.
constexpr char const* changes[] = {
    "ALTER TABLE aerie_chat.messages ADD COLUMN changed_at bigint NOT NULL DEFAULT 0",
    "ALTER TABLE aerie_chat.messages ADD COLUMN is_deleted boolean NOT NULL DEFAULT false",
};

// Since format 3: how far each user has read each room that he takes part in.
constexpr char const* reads_step[] = {
    R"sql(CREATE TABLE aerie_chat.room_reads (
  user_id bigint NOT NULL REFERENCES aerie_chat.users,
  room_id bigint NOT NULL REFERENCES aerie_chat.rooms,
  message_id bigint NOT NULL,
  PRIMARY KEY (user_id, room_id)
))sql",
};

// Since format 4: who is mentioned in a message, as JSON, and notifications of that.
constexpr char const* mentions_step[] = {
    "ALTER TABLE aerie_chat.messages ADD COLUMN mentions text NOT NULL DEFAULT ''",
    "ALTER TABLE aerie_chat.notifications ALTER COLUMN event_id DROP NOT NULL",
    "ALTER TABLE aerie_chat.notifications ADD COLUMN message_id bigint REFERENCES aerie_chat.messages",
    "ALTER TABLE aerie_chat.notifications ADD CHECK ((event_id IS NULL) <> (message_id IS NULL))",
    "CREATE UNIQUE INDEX mentioned_once ON aerie_chat.notifications (message_id, user_id) "
    "WHERE message_id IS NOT NULL",
};

// Since format 5: images of messages, and what is known of them without them, as JSON.
constexpr char const* images_step[] = {
    "ALTER TABLE aerie_chat.messages ADD COLUMN image text NOT NULL DEFAULT ''",
    R"sql(CREATE TABLE aerie_chat.images (
  key text PRIMARY KEY,
  message_id bigint NOT NULL UNIQUE REFERENCES aerie_chat.messages,
  user_id bigint NOT NULL REFERENCES aerie_chat.users,
  type text NOT NULL,
  size bigint NOT NULL,
  content bytea NOT NULL
))sql",
    "CREATE INDEX images_of_user ON aerie_chat.images (user_id, size)",
};

/// What brings a schema from one format to the next, from the first on.
constexpr std::span<char const* const> steps[] = {changes, reads_step, mentions_step, images_step};
static_assert(std::size(steps) == version - 1);

using Meta = std::map<std::string, std::string, std::less<>>;

bool holds(Connection& connection, std::string const& condition) {
  bool found = false;
  connection.send_sql(concat("SELECT 1::bigint WHERE ", condition),
                      [&](Rows const& rows) { found = rows.count() != 0; });
  connection.flush();
  return found;
}

void create_tables(Connection& connection, std::chrono::system_clock::time_point now) {
  for (auto const* const sql : statements)
    connection.send_sql(sql);
  for (auto const& step : steps)
    for (auto const* const sql : step)
      connection.send_sql(sql);
  // Encoded, so that nothing in them needs quoting.
  auto const id = aerie::base64::encode_url(random_bytes(16));
  auto const secret = aerie::base64::encode_url(random_bytes(shortest_secret));
  connection.send_sql(concat("INSERT INTO aerie_chat.meta VALUES ('format', '", std::to_string(version),
                             "'), ('oldest', '", std::to_string(oldest), "'), ('id', '", id,
                             "'), ('secret', '", secret, "')"));
  connection.send_sql(concat("INSERT INTO aerie_chat.rooms (name, created_at) VALUES ('Lobby', ",
                             std::to_string(aerie::Date(now).milliseconds()), ")"));
  connection.flush();
}

Meta read_meta(Connection& connection) {
  Meta meta;
  connection.send_sql("SELECT key, value FROM aerie_chat.meta", [&](Rows const& rows) {
    for (int row = 0; row < rows.count(); ++row)
      meta[rows.text(row, 0)] = rows.text(row, 1);
  });
  connection.flush();
  return meta;
}

/// Brings what an older program has written up to date. One that runs still goes on with it; see `oldest`.
void update_tables(Connection& connection, Meta& meta) {
  auto const format = meta.find("format");
  if (format == meta.end()) return;
  auto const found = aerie::core::decimal<std::size_t>(format->second).value_or(version);
  if (found < 1 || found >= version) return;
  for (auto step = found; step < version; ++step)
    for (auto const* const sql : steps[step - 1])
      connection.send_sql(sql);
  format->second = std::to_string(version);
  connection.send_sql(concat("INSERT INTO aerie_chat.meta VALUES ('format', '", format->second,
                             "'), ('oldest', '", std::to_string(oldest),
                             "') ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
  connection.flush();
}

void require_ours(Meta const& meta) {
  auto const format = meta.find("format");
  if (format == meta.end() || !meta.contains("id") || !meta.contains("secret"))
    throw std::runtime_error("its schema aerie_chat is another program's; name another database with --db");
  if (format->second == std::to_string(version)) return;
  // A newer program says who else can work with its tables; the first ones did not.
  auto const since = meta.find("oldest");
  if (since != meta.end() &&
      aerie::core::decimal<std::size_t>(since->second).value_or(version + 1) <= version)
    return;
  throw std::runtime_error(concat("its schema aerie_chat was written by a newer aerie-chat (format ",
                                  format->second, ", this one knows ", std::to_string(version),
                                  "); start the newer program, or name another database with --db"));
}

}  // namespace

Identity prepare_schema(Connection& connection, std::chrono::system_clock::time_point now) {
  connection.send_sql("BEGIN");
  // Another instance may be starting, and takes longer than a message does.
  connection.send_sql("SET LOCAL lock_timeout = 0");
  connection.send_sql(lock);
  connection.flush();
  if (!holds(connection, "to_regnamespace('aerie_chat') IS NOT NULL")) create_tables(connection, now);
  Meta meta;
  if (holds(connection, "to_regclass('aerie_chat.meta') IS NOT NULL")) meta = read_meta(connection);
  update_tables(connection, meta);
  require_ours(meta);
  connection.send_sql("COMMIT");
  connection.flush();
  return {meta.find("id")->second, meta.find("secret")->second};
}

}  // namespace chat::postgres
