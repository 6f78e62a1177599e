#pragma once

/// \file
/// The tables of the chat in SQLite. Each object belongs to the thread of its connection.

#include "store/sqlite.hpp"
#include "store/sqlite_calendar.hpp"
#include "store/tables.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace chat {

/// Every result is there at once.
class SqliteWriteTables final : public WriteTables {
 public:
  /// REQUIRES: `connection` outlives this.
  explicit SqliteWriteTables(sqlite::Connection& connection);

  void user(std::string const& nickname, aerie::Date now, User& result) override;
  void create_room(std::string const& name, aerie::Date now, std::optional<Room>& result) override;
  void append(NewMessage const& message, aerie::Date now, Appended& result) override;
  void change(MessageChange const& change, aerie::Date now, ChangedMessage& result) override;
  void create_event(NewEvent const& event, aerie::Date now, StoredEvent& result) override {
    result = calendar_.create(event, now);
  }
  void mark_read(UserId user, NotificationId id, Marked& result) override {
    result = calendar_.mark_read(user, id);
  }
  void read_up_to(UserId user, RoomId room, MessageId message, RoomMark& result) override;
  void forget_room(UserId user, RoomId room, bool& result) override;

 private:
  bool has_room_for(NewImage const& image, UserId user);
  std::vector<User> mentioned_in(std::string const& content);
  Told tell(Message const& message, aerie::Date now);

  sqlite::Connection& connection_;
  sqlite::Statement add_user_;
  sqlite::Statement find_user_;
  sqlite::Statement add_room_;
  sqlite::Statement add_message_;
  sqlite::Statement find_message_;
  sqlite::Statement change_message_;
  sqlite::Statement find_by_id_;
  sqlite::Statement find_room_;
  sqlite::Statement tell_mentioned_;
  sqlite::Statement size_of_images_;
  sqlite::Statement add_image_;
  sqlite::Statement drop_image_;
  sqlite::Statement read_up_to_;
  sqlite::Statement find_state_;
  sqlite::Statement forget_room_;
  CalendarWrites calendar_;
};

class SqliteReadTables final : public ReadTables {
 public:
  explicit SqliteReadTables(sqlite::Connection connection);

  std::string store_id();
  std::optional<Room> room(RoomId id) override;
  std::vector<Room> rooms() override;
  MessagePage history(RoomId room, std::optional<MessageId> before, std::size_t limit) override;
  MessagePage search(RoomId room, std::string const& text, std::optional<MessageId> before,
                     std::size_t limit) override;
  NotificationPage notifications(UserId user, bool unread_only, std::size_t limit) override {
    return calendar_.page(user, unread_only, limit);
  }
  std::vector<ReadState> reading(UserId user) override;
  std::optional<StoredImage> image(std::string const& key) override;

 private:
  sqlite::Connection connection_;
  sqlite::Statement store_id_;
  sqlite::Statement find_room_;
  sqlite::Statement all_rooms_;
  sqlite::Statement history_;
  sqlite::Statement search_;
  sqlite::Statement image_;
  sqlite::Statement reading_;
  CalendarReads calendar_;
};

}  // namespace chat
