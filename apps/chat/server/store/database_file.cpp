#include "store/database_file.hpp"

#include "random_bytes.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/log.hpp>
#include <aerie/schema/date.hpp>

#include <iterator>
#include <stdexcept>
#include <string>

namespace chat {

namespace {

using aerie::core::concat;

/// "AeCh": tells our files from other programs' (PRAGMA application_id).
constexpr std::int64_t application_id = 0x41654368;
constexpr std::int64_t version = 6;

constexpr char const* tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  nickname TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: an id is never used twice, even if messages are deleted by hand.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room_id INTEGER NOT NULL REFERENCES rooms (id),
  sender_id INTEGER NOT NULL REFERENCES users (id),
  client_id TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (sender_id, client_id)
) STRICT;

CREATE INDEX messages_of_room ON messages (room_id, id);
)sql";

// Since version 2.
constexpr char const* calendar_tables = R"sql(
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  creator_id INTEGER NOT NULL REFERENCES users (id),
  client_id TEXT NOT NULL,
  title TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  UNIQUE (creator_id, client_id)
) STRICT;

CREATE TABLE notifications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id),
  event_id INTEGER NOT NULL REFERENCES events (id),
  created_at INTEGER NOT NULL,
  is_read INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX notifications_of_user ON notifications (user_id, id);
CREATE INDEX unread_notifications ON notifications (user_id) WHERE is_read = 0;
)sql";

// Since version 3. Zero: never.
constexpr char const* changes = R"sql(
ALTER TABLE messages ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN is_deleted INTEGER NOT NULL DEFAULT 0;
)sql";

// Since version 4: how far each user has read each room that he takes part in.
constexpr char const* reads_step = R"sql(
CREATE TABLE room_reads (
  user_id INTEGER NOT NULL REFERENCES users (id),
  room_id INTEGER NOT NULL REFERENCES rooms (id),
  message_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;
)sql";

// Since version 5: who is mentioned in a message, as JSON, and notifications of that. A column cannot be made
// optional, so the table is made anew (https://www.sqlite.org/lang_altertable.html#otheralter), with the
// count of its ids, none of which is given twice.
constexpr char const* mentions_step = R"sql(
ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

CREATE TABLE new_notifications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id),
  event_id INTEGER REFERENCES events (id),
  message_id INTEGER REFERENCES messages (id),
  created_at INTEGER NOT NULL,
  is_read INTEGER NOT NULL DEFAULT 0,
  CHECK ((event_id IS NULL) <> (message_id IS NULL))
) STRICT;
INSERT INTO new_notifications (id, user_id, event_id, created_at, is_read)
  SELECT id, user_id, event_id, created_at, is_read FROM notifications;
DELETE FROM sqlite_sequence WHERE name = 'new_notifications';
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'new_notifications', seq FROM sqlite_sequence WHERE name = 'notifications';
DROP TABLE notifications;
ALTER TABLE new_notifications RENAME TO notifications;

CREATE INDEX notifications_of_user ON notifications (user_id, id);
CREATE INDEX unread_notifications ON notifications (user_id) WHERE is_read = 0;
CREATE UNIQUE INDEX mentioned_once ON notifications (message_id, user_id) WHERE message_id IS NOT NULL;
)sql";

// Since version 6: images of messages, and what is known of them without them, as JSON.
constexpr char const* images_step = R"sql(
ALTER TABLE messages ADD COLUMN image TEXT NOT NULL DEFAULT '';

CREATE TABLE images (
  key TEXT PRIMARY KEY,
  message_id INTEGER NOT NULL UNIQUE REFERENCES messages (id),
  user_id INTEGER NOT NULL REFERENCES users (id),
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;

CREATE INDEX images_of_user ON images (user_id, size);
)sql";

/// What brings a file from one version to the next, from the first on.
constexpr char const* steps[] = {calendar_tables, changes, reads_step, mentions_step, images_step};
static_assert(std::size(steps) == version - 1);

void set_version(sqlite::Connection& connection) {
  connection.execute(concat("PRAGMA user_version = ", std::to_string(version)).c_str());
}

void create_tables(sqlite::Connection& connection, std::chrono::system_clock::time_point now) {
  connection.execute(tables);
  for (auto const* const step : steps)
    connection.execute(step);
  sqlite::Statement(connection, "INSERT INTO meta VALUES ('id', ?)")
      .execute(std::string_view(aerie::base64::encode_url(random_bytes(16))));
  sqlite::Statement(connection, "INSERT INTO rooms (name, created_at) VALUES ('Lobby', ?)")
      .execute(aerie::Date(now).milliseconds());
  connection.execute(concat("PRAGMA application_id = ", std::to_string(application_id)).c_str());
  set_version(connection);
}

/// Brings what an older program has written up to date.
void update_tables(sqlite::Connection& connection) {
  auto const found = connection.integer("PRAGMA user_version");
  if (found < 1 || found >= version) return;
  for (auto step = found; step < version; ++step)
    connection.execute(steps[step - 1]);
  set_version(connection);
}

void require_ours(sqlite::Connection& connection, std::string const& name) {
  if (connection.integer("PRAGMA application_id") != application_id) {
    throw std::runtime_error(
        concat(name, " is the database of another program; name another file with --db"));
  }
  auto const found = connection.integer("PRAGMA user_version");
  if (found > version) {
    throw std::runtime_error(concat(name, " was written by a newer aerie-chat (format ",
                                    std::to_string(found), ", this one knows ", std::to_string(version),
                                    "); start the newer program, or name another file with --db"));
  }
}

void require_intact(sqlite::Connection& connection) {
  auto const verdict = connection.text("PRAGMA quick_check(1)");
  if (verdict != "ok") throw sqlite::Error(11 /* SQLITE_CORRUPT */, verdict);
}

void prepare(sqlite::Connection& connection, std::string const& name,
             std::chrono::system_clock::time_point now) {
  connection.execute("PRAGMA foreign_keys = ON");
  // FULL: a commit has reached the disk when it returns, so that what was acknowledged survives a power cut.
  connection.execute("PRAGMA synchronous = FULL");
  if (connection.integer("SELECT count(*) FROM sqlite_schema") != 0) require_ours(connection, name);
  if (connection.text("PRAGMA journal_mode = WAL") != "wal") {
    throw std::runtime_error(concat(
        name,
        " cannot use a write-ahead log; put it on a local file system with --db, not on a network share"));
  }
  sqlite::Transaction transaction(connection);
  // Asked again under the lock: another process may be starting with the same file.
  if (connection.integer("SELECT count(*) FROM sqlite_schema") == 0) create_tables(connection, now);
  update_tables(connection);
  transaction.commit();
  require_intact(connection);
}

}  // namespace

sqlite::Connection open_database(std::filesystem::path const& file, std::chrono::milliseconds lock_timeout,
                                 std::chrono::system_clock::time_point now) {
  auto const name = file.string();
  try {
    sqlite::Connection connection(file, sqlite::Access::read_write, lock_timeout);
    prepare(connection, name, now);
    return connection;
  } catch (sqlite::Error const& error) {
    if (error.is_damage()) {
      throw std::runtime_error(concat("the database ", name, " is damaged (", error.what(),
                                      "); restore it from a backup, or name another file with --db"));
    }
    throw std::runtime_error(
        concat("cannot open the database ", name, " (", error.what(),
               "); check that its directory exists, is writable and has space, and that no "
               "other program holds the file, or name another file with --db"));
  }
}

sqlite::Connection open_for_reading(std::filesystem::path const& file,
                                    std::chrono::milliseconds lock_timeout) {
  return {file, sqlite::Access::read_only, lock_timeout};
}

}  // namespace chat
