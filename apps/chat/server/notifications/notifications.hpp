#pragma once

/// \file
/// Appointments, and what those invited are told of them. Thread-safe.

#include "model.hpp"
#include "store/notification_store.hpp"

#include <aerie/core/task.hpp>

#include <cstddef>

namespace chat {

class Notifications {
 public:
  static constexpr std::size_t most_invited = 100;

  explicit Notifications(NotificationStore& store) : store_(store) {}

  /// Stores an appointment; those invited learn of it from the store's listener. Throws ChatError with
  /// INVALID_EVENT, UNKNOWN_USER or BAD_REQUEST (the client id).
  aerie::Task<CalendarEvent> create(NewEvent event);
  aerie::Task<NotificationPage> page(UserId user, bool unread_only, std::size_t limit) {
    return store_.notifications(user, unread_only, limit);
  }
  /// Throws ChatError with NOT_FOUND.
  aerie::Task<void> mark_read(UserId user, NotificationId id);

 private:
  NotificationStore& store_;
};

}  // namespace chat
