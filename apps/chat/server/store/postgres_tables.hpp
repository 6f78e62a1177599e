#pragma once

/// \file
/// The tables of the chat in PostgreSQL: each write and each read is one prepared statement. Each object
/// belongs to the thread of its connection.

#include "store/postgres.hpp"
#include "store/tables.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chat::postgres {

/// Sends; the results are there when the connection was flushed.
class WriteStatements final : public WriteTables {
 public:
  /// To be prepared by the connection.
  static std::span<Statement const> all();

  explicit WriteStatements(Connection& connection) : connection_(connection) {}

  void user(std::string const& nickname, aerie::Date now, User& result) override;
  void create_room(std::string const& name, aerie::Date now, std::optional<Room>& result) override;
  void append(NewMessage const& message, aerie::Date now, Appended& result) override;
  void change(MessageChange const& change, aerie::Date now, ChangedMessage& result) override;
  void create_event(NewEvent const& event, aerie::Date now, StoredEvent& result) override;
  void mark_read(UserId user, NotificationId id, Marked& result) override;
  void read_up_to(UserId user, RoomId room, MessageId message, RoomMark& result) override;
  void forget_room(UserId user, RoomId room, bool& result) override;

 private:
  Connection& connection_;
};

/// Throws Error.
class ReadStatements {
 public:
  static std::span<Statement const> all();

  explicit ReadStatements(Connection& connection) : connection_(connection) {}

  std::optional<Room> room(RoomId id);
  std::vector<Room> rooms();
  MessagePage history(RoomId room, std::optional<MessageId> before, std::size_t limit);
  MessagePage search(RoomId room, std::string const& text, std::optional<MessageId> before,
                     std::size_t limit);
  NotificationPage notifications(UserId user, bool unread_only, std::size_t limit);
  std::vector<ReadState> reading(UserId user);
  std::optional<StoredImage> image(std::string const& key);

 private:
  Connection& connection_;
};

}  // namespace chat::postgres
