#include "store/sqlite_tables.hpp"

#include <limits>
#include <string_view>
#include <utility>

namespace chat {

namespace {

Room room_from(sqlite::Rows const& rows) {
  return {rows.integer(0), rows.text(1), aerie::Date::from_milliseconds(rows.integer(2))};
}

constexpr char const* message_columns =
    "SELECT m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at, "
    "m.is_deleted "
    "FROM messages m JOIN users u ON u.id = m.sender_id ";

Message message_from(sqlite::Rows const& rows) {
  Message message;
  message.id = rows.integer(0);
  message.chat_room_id = rows.integer(1);
  message.sender = {rows.integer(2), rows.text(3)};
  message.content = rows.text(4);
  message.client_id = rows.text(5);
  message.created_at = aerie::Date::from_milliseconds(rows.integer(6));
  if (rows.integer(7) != 0) message.changed_at = aerie::Date::from_milliseconds(rows.integer(7));
  if (rows.integer(8) != 0) message.deleted = true;
  return message;
}

}  // namespace

SqliteWriteTables::SqliteWriteTables(sqlite::Connection& connection)
    : connection_(connection),
      add_user_(connection, "INSERT INTO users (nickname, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      find_user_(connection, "SELECT id FROM users WHERE nickname = ?"),
      add_room_(connection, "INSERT INTO rooms (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      add_message_(
          connection,
          "INSERT INTO messages (room_id, sender_id, client_id, content, created_at) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (sender_id, client_id) DO NOTHING"),
      find_message_(connection, std::string(message_columns) + "WHERE m.sender_id = ? AND m.client_id = ?"),
      change_message_(connection,
                      "UPDATE messages SET content = ?, is_deleted = ?, changed_at = max(?, changed_at + 1) "
                      "WHERE id = ? AND room_id = ? AND sender_id = ? AND is_deleted = 0"),
      find_by_id_(connection, std::string(message_columns) + "WHERE m.id = ? AND m.room_id = ?"),
      calendar_(connection) {}

void SqliteWriteTables::user(std::string const& nickname, aerie::Date now, User& result) {
  std::string_view const wanted = nickname;
  add_user_.execute(wanted, now.milliseconds());
  auto rows = find_user_.query(wanted);
  rows.next();
  result = {rows.integer(0), nickname};
}

void SqliteWriteTables::create_room(std::string const& name, aerie::Date now, std::optional<Room>& result) {
  result.reset();
  add_room_.execute(std::string_view(name), now.milliseconds());
  if (connection_.changes() != 0) result = Room{connection_.last_row_id(), name, now};
}

void SqliteWriteTables::append(NewMessage const& message, aerie::Date now, Appended& result) {
  std::string_view const client_id = message.client_id;
  std::string_view const content = message.content;
  add_message_.execute(message.room, message.sender.id, client_id, content, now.milliseconds());
  if (connection_.changes() == 0) {
    auto rows = find_message_.query(message.sender.id, client_id);
    rows.next();
    result = {message_from(rows), false};
    return;
  }
  result = {Message{connection_.last_row_id(), message.room, message.sender, message.content,
                    message.client_id, now},
            true};
}

void SqliteWriteTables::change(MessageChange const& change, aerie::Date now, ChangedMessage& result) {
  result = {};
  // Empty, and not null, which is no text.
  std::string_view content = "";
  if (change.content) content = *change.content;
  std::int64_t const is_deleted = change.content ? 0 : 1;
  change_message_.execute(content, is_deleted, now.milliseconds(), change.id, change.room, change.sender.id);
  auto const is_changed = connection_.changes() != 0;
  auto rows = find_by_id_.query(change.id, change.room);
  if (!rows.next()) return;
  auto message = message_from(rows);
  result.is_anothers = message.sender.id != change.sender.id;
  if (is_changed) result.message = std::move(message);
}

SqliteReadTables::SqliteReadTables(sqlite::Connection connection)
    : connection_(std::move(connection)),
      store_id_(connection_, "SELECT value FROM meta WHERE key = 'id'"),
      find_room_(connection_, "SELECT id, name, created_at FROM rooms WHERE id = ?"),
      all_rooms_(connection_, "SELECT id, name, created_at FROM rooms ORDER BY id"),
      history_(connection_,
               std::string(message_columns) + "WHERE m.room_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?"),
      // `lower` is about ASCII (https://www.sqlite.org/lang_corefunc.html#lower); `instr` knows no wildcards.
      search_(connection_, std::string(message_columns) +
                               "WHERE m.room_id = ? AND m.id < ? AND m.is_deleted = 0 "
                               "AND instr(lower(m.content), lower(?)) > 0 ORDER BY m.id DESC LIMIT ?"),
      calendar_(connection_) {}

std::string SqliteReadTables::store_id() {
  auto rows = store_id_.query();
  return rows.next() ? rows.text(0) : std::string();
}

std::optional<Room> SqliteReadTables::room(RoomId id) {
  auto rows = find_room_.query(id);
  if (!rows.next()) return std::nullopt;
  return room_from(rows);
}

std::vector<Room> SqliteReadTables::rooms() {
  std::vector<Room> found;
  auto rows = all_rooms_.query();
  while (rows.next())
    found.push_back(room_from(rows));
  return found;
}

MessagePage SqliteReadTables::history(RoomId room, std::optional<MessageId> before, std::size_t limit) {
  std::vector<Message> newest_first;
  auto const older_than = before.value_or(std::numeric_limits<MessageId>::max());
  // One more than asked for tells whether there are more.
  auto rows = history_.query(room, older_than, static_cast<std::int64_t>(limit + 1));
  while (rows.next())
    newest_first.push_back(message_from(rows));
  return page_of(std::move(newest_first), limit);
}

MessagePage SqliteReadTables::search(RoomId room, std::string const& text, std::optional<MessageId> before,
                                     std::size_t limit) {
  std::vector<Message> newest_first;
  auto const older_than = before.value_or(std::numeric_limits<MessageId>::max());
  auto rows = search_.query(room, older_than, std::string_view(text), static_cast<std::int64_t>(limit + 1));
  while (rows.next())
    newest_first.push_back(message_from(rows));
  return page_of(std::move(newest_first), limit);
}

}  // namespace chat
