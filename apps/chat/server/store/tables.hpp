#pragma once

/// \file
/// The statements of the chat, between SQL and the model. Each object belongs to the thread of its
/// connection.

#include "model.hpp"
#include "store/calendar_tables.hpp"
#include "store/message_store.hpp"
#include "store/sqlite.hpp"

#include <aerie/schema/date.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

/// A message and whether it is new.
struct Appended {
  Message message;
  bool is_new = false;
};

class WriteTables {
 public:
  /// REQUIRES: `connection` outlives this.
  explicit WriteTables(sqlite::Connection& connection);

  User user(std::string_view nickname, aerie::Date now);
  /// Nothing if there is a room of that name.
  std::optional<Room> create_room(std::string_view name, aerie::Date now);
  Appended append(NewMessage const& message, aerie::Date now);
  CalendarWrites& calendar() { return calendar_; }

 private:
  sqlite::Connection& connection_;
  sqlite::Statement add_user_;
  sqlite::Statement find_user_;
  sqlite::Statement add_room_;
  sqlite::Statement add_message_;
  sqlite::Statement find_message_;
  CalendarWrites calendar_;
};

class ReadTables {
 public:
  /// REQUIRES: `connection` outlives this.
  explicit ReadTables(sqlite::Connection& connection);

  std::string store_id();
  std::optional<Room> room(RoomId id);
  std::vector<Room> rooms();
  MessagePage history(RoomId room, std::optional<MessageId> before, std::size_t limit);
  CalendarReads& calendar() { return calendar_; }

 private:
  sqlite::Statement store_id_;
  sqlite::Statement find_room_;
  sqlite::Statement all_rooms_;
  sqlite::Statement history_;
  CalendarReads calendar_;
};

}  // namespace chat
