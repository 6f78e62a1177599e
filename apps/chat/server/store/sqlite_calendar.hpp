#pragma once

/// \file
/// The calendar in SQLite. Each object belongs to the thread of its connection.

#include "store/sqlite.hpp"
#include "store/tables.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace chat {

class CalendarWrites {
 public:
  /// REQUIRES: `connection` outlives this.
  explicit CalendarWrites(sqlite::Connection& connection);

  StoredEvent create(NewEvent const& event, aerie::Date now);
  Marked mark_read(UserId user, NotificationId id);

 private:
  std::optional<std::vector<UserId>> ids_of(std::vector<std::string> const& nicknames,
                                            std::optional<std::string>& unknown);
  CalendarEvent stored(NewEvent const& event);

  sqlite::Connection& connection_;
  sqlite::Statement find_user_;
  sqlite::Statement add_event_;
  sqlite::Statement find_event_;
  sqlite::Statement add_notification_;
  sqlite::Statement mark_;
  sqlite::Statement find_notification_;
};

class CalendarReads {
 public:
  /// REQUIRES: `connection` outlives this.
  explicit CalendarReads(sqlite::Connection& connection);

  NotificationPage page(UserId user, bool unread_only, std::size_t limit);

 private:
  sqlite::Statement page_;
  sqlite::Statement unread_;
};

}  // namespace chat
