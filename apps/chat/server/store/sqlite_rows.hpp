#pragma once

/// \file
/// Rooms and messages out of the rows of SQLite. Functions without state.

#include "model.hpp"
#include "store/sqlite.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chat {

/// A message `m` and its sender `u`, as `message_from` reads them.
inline constexpr char const* message_columns =
    "m.id, m.room_id, u.id, u.nickname, m.content, m.client_id, m.created_at, m.changed_at, m.is_deleted, "
    "m.mentions, m.image ";
inline constexpr char const* messages_with_senders = "FROM messages m JOIN users u ON u.id = m.sender_id ";

/// What a column has, as JSON; nothing: it is empty.
template <class T>
std::optional<T> from_json(std::string const& text) {
  T value;
  if (text.empty() || !aerie::json::parse(text, value).ok()) return std::nullopt;
  return value;
}

inline Message message_from(sqlite::Rows const& rows, int first = 0) {
  Message message;
  message.id = rows.integer(first);
  message.chat_room_id = rows.integer(first + 1);
  message.sender = {rows.integer(first + 2), rows.text(first + 3)};
  message.content = rows.text(first + 4);
  message.client_id = rows.text(first + 5);
  message.created_at = aerie::Date::from_milliseconds(rows.integer(first + 6));
  auto const changed_at = rows.integer(first + 7);
  if (changed_at != 0) message.changed_at = aerie::Date::from_milliseconds(changed_at);
  if (rows.integer(first + 8) != 0) message.deleted = true;
  message.mentions = from_json<std::vector<User>>(rows.text(first + 9));
  message.image = from_json<ImageInfo>(rows.text(first + 10));
  return message;
}

inline Room room_from(sqlite::Rows const& rows, int first = 0) {
  return {rows.integer(first), rows.text(first + 1), aerie::Date::from_milliseconds(rows.integer(first + 2))};
}

}  // namespace chat
