#pragma once

/// \file
/// Where appointments are kept, and what is told of them.
///
/// Thread contract: as MessageStore.

#include "model.hpp"

#include <aerie/core/task.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace chat {

struct NewEvent {
  User creator;
  std::string client_id;
  std::string title;
  aerie::Date starts_at;
  /// Nicknames.
  std::vector<std::string> invited;
};

class NotificationStore {
 public:
  virtual ~NotificationStore() = default;

  /// Stores an appointment with a notification for everybody invited; if its creator has used the client id
  /// before, nothing but the answer: the stored one. Throws ChatError with UNKNOWN_USER.
  virtual aerie::Task<CalendarEvent> create_event(NewEvent event) = 0;
  /// The newest `limit` of a user.
  virtual aerie::Task<NotificationPage> notifications(UserId user, bool unread_only, std::size_t limit) = 0;
  /// False if the user has no such notification.
  virtual aerie::Task<bool> mark_read(UserId user, NotificationId id) = 0;
};

}  // namespace chat
