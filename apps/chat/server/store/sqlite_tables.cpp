#include "store/sqlite_tables.hpp"

#include "mentions.hpp"
#include "store/sqlite_rows.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace chat {

namespace {

std::string select_messages(char const* condition) {
  return std::string("SELECT ") + message_columns + messages_with_senders + condition;
}

constexpr char const* read_state_columns =
    "SELECT r.room_id, r.message_id, "
    "(SELECT count(*) FROM (SELECT sender_id, is_deleted FROM messages "
    "WHERE room_id = r.room_id AND id > r.message_id ORDER BY id LIMIT 1000) "
    "WHERE sender_id <> r.user_id AND is_deleted = 0), "
    "(SELECT coalesce(max(id), 0) FROM messages WHERE room_id = r.room_id) FROM room_reads r ";

ReadState read_state_from(sqlite::Rows const& rows) {
  return {rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)};
}

std::string to_json(std::vector<User> const& users) {
  return users.empty() ? std::string() : aerie::json::stringify(users);
}

}  // namespace

SqliteWriteTables::SqliteWriteTables(sqlite::Connection& connection)
    : connection_(connection),
      add_user_(connection, "INSERT INTO users (nickname, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      find_user_(connection, "SELECT id FROM users WHERE nickname = ?"),
      add_room_(connection, "INSERT INTO rooms (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      add_message_(
          connection,
          "INSERT INTO messages (room_id, sender_id, client_id, content, created_at, mentions, image) "
          "VALUES (?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (sender_id, client_id) DO NOTHING"),
      find_message_(connection, select_messages("WHERE m.sender_id = ? AND m.client_id = ?")),
      change_message_(connection,
                      "UPDATE messages SET content = ?, is_deleted = ?, changed_at = max(?, changed_at + 1), "
                      "mentions = ?, image = iif(?2, '', image) "
                      "WHERE id = ? AND room_id = ? AND sender_id = ? AND is_deleted = 0"),
      find_by_id_(connection, select_messages("WHERE m.id = ? AND m.room_id = ?")),
      find_room_(connection, "SELECT id, name, created_at FROM rooms WHERE id = ?"),
      tell_mentioned_(connection,
                      "INSERT INTO notifications (user_id, message_id, created_at) VALUES (?, ?, ?) "
                      "ON CONFLICT DO NOTHING"),
      size_of_images_(connection, "SELECT coalesce(sum(size), 0) FROM images WHERE user_id = ?"),
      add_image_(
          connection,
          "INSERT INTO images (key, message_id, user_id, type, size, content) VALUES (?, ?, ?, ?, ?, ?)"),
      drop_image_(connection, "DELETE FROM images WHERE message_id = ?"),
      // A SELECT in front of ON CONFLICT needs a WHERE (https://www.sqlite.org/lang_upsert.html).
      read_up_to_(connection,
                  "INSERT INTO room_reads (user_id, room_id, message_id) SELECT ?1, ?2, "
                  "min(?3, coalesce((SELECT max(id) FROM messages WHERE room_id = ?2), 0)) WHERE true "
                  "ON CONFLICT (user_id, room_id) DO UPDATE SET message_id = excluded.message_id "
                  "WHERE excluded.message_id > message_id"),
      find_state_(connection, std::string(read_state_columns) + "WHERE r.user_id = ? AND r.room_id = ?"),
      forget_room_(connection, "DELETE FROM room_reads WHERE user_id = ? AND room_id = ?"),
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
  auto const mentioned = mentioned_in(message.content);
  auto const mentions = to_json(mentioned);
  std::string_view const mentions_text = mentions;
  auto const image = message.image ? aerie::json::stringify(message.image->info) : std::string();
  std::string_view const image_text = image;
  {
    auto rows = find_message_.query(message.sender.id, client_id);
    if (rows.next()) {
      result = {message_from(rows)};
      return;
    }
  }
  if (message.image && !has_room_for(*message.image, message.sender.id)) {
    result = {};
    result.is_too_much = true;
    return;
  }
  add_message_.execute(message.room, message.sender.id, client_id, content, now.milliseconds(), mentions_text,
                       image_text);
  result = {Message{connection_.last_row_id(), message.room, message.sender, message.content,
                    message.client_id, now},
            true};
  if (message.image) {
    auto const& [info, bytes, quota] = *message.image;
    result.message.image = info;
    add_image_.execute(std::string_view(info.key), result.message.id, message.sender.id,
                       std::string_view(info.type), static_cast<std::int64_t>(bytes.size()),
                       sqlite::Blob{bytes.view()});
  }
  if (mentioned.empty()) return;
  result.message.mentions = mentioned;
  result.told = tell(result.message, now);
}

bool SqliteWriteTables::has_room_for(NewImage const& image, UserId user) {
  auto rows = size_of_images_.query(user);
  rows.next();
  return rows.integer(0) + static_cast<std::int64_t>(image.content.size()) <= image.quota;
}

std::vector<User> SqliteWriteTables::mentioned_in(std::string const& content) {
  std::vector<User> mentioned;
  std::optional<std::size_t> found_at;
  for (auto const& [name, place] : mentions::candidates_of(content)) {
    if (found_at == place) continue;
    auto rows = find_user_.query(std::string_view(name));
    if (!rows.next()) continue;
    found_at = place;
    User user{rows.integer(0), name};
    if (std::ranges::find(mentioned, user) == mentioned.end()) mentioned.push_back(std::move(user));
  }
  return mentioned;
}

Told SqliteWriteTables::tell(Message const& message, aerie::Date now) {
  Told told;
  std::optional<Room> room;
  for (auto const& user : message.mentions.value_or(std::vector<User>())) {
    if (user.id == message.sender.id) continue;
    tell_mentioned_.execute(user.id, message.id, now.milliseconds());
    if (connection_.changes() == 0) continue;
    auto const id = connection_.last_row_id();
    if (!room) {
      auto rows = find_room_.query(message.chat_room_id);
      rows.next();
      room = room_from(rows);
    }
    told.emplace_back(user.id, Notification{id, std::nullopt, Mention{*room, message}, now, false});
  }
  return told;
}

void SqliteWriteTables::change(MessageChange const& change, aerie::Date now, ChangedMessage& result) {
  result = {};
  // Empty, and not null, which is no text.
  std::string_view content = "";
  if (change.content) content = *change.content;
  std::int64_t const is_deleted = change.content ? 0 : 1;
  auto const mentions = to_json(mentioned_in(std::string(content)));
  std::string_view const mentions_text = mentions;
  change_message_.execute(content, is_deleted, now.milliseconds(), mentions_text, change.id, change.room,
                          change.sender.id);
  auto const is_changed = connection_.changes() != 0;
  if (is_changed && !change.content) drop_image_.execute(change.id);
  Message message;
  {
    auto rows = find_by_id_.query(change.id, change.room);
    if (!rows.next()) return;
    message = message_from(rows);
  }
  result.is_anothers = message.sender.id != change.sender.id;
  if (!is_changed) return;
  result.told = tell(message, now);
  result.message = std::move(message);
}

void SqliteWriteTables::read_up_to(UserId user, RoomId room, MessageId message, RoomMark& result) {
  read_up_to_.execute(user, room, message);
  auto const is_new = connection_.changes() != 0;
  auto rows = find_state_.query(user, room);
  rows.next();
  result = {read_state_from(rows), is_new};
}

void SqliteWriteTables::forget_room(UserId user, RoomId room, bool& result) {
  forget_room_.execute(user, room);
  result = connection_.changes() != 0;
}

SqliteReadTables::SqliteReadTables(sqlite::Connection connection)
    : connection_(std::move(connection)),
      store_id_(connection_, "SELECT value FROM meta WHERE key = 'id'"),
      find_room_(connection_, "SELECT id, name, created_at FROM rooms WHERE id = ?"),
      all_rooms_(connection_, "SELECT id, name, created_at FROM rooms ORDER BY id"),
      history_(connection_, select_messages("WHERE m.room_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?")),
      // `lower` is about ASCII (https://www.sqlite.org/lang_corefunc.html#lower); `instr` knows no wildcards.
      search_(connection_,
              select_messages("WHERE m.room_id = ? AND m.id < ? AND m.is_deleted = 0 "
                              "AND instr(lower(m.content), lower(?)) > 0 ORDER BY m.id DESC LIMIT ?")),
      image_(connection_, "SELECT type, content FROM images WHERE key = ?"),
      reading_(connection_,
               std::string(read_state_columns) + "WHERE r.user_id = ? ORDER BY r.room_id LIMIT 1000"),
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

std::vector<ReadState> SqliteReadTables::reading(UserId user) {
  std::vector<ReadState> states;
  auto rows = reading_.query(user);
  while (rows.next())
    states.push_back(read_state_from(rows));
  return states;
}

std::optional<StoredImage> SqliteReadTables::image(std::string const& key) {
  auto rows = image_.query(std::string_view(key));
  if (!rows.next()) return std::nullopt;
  return StoredImage{rows.text(0), rows.bytes(1)};
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
