#pragma once

/// \file
/// Appointments and notifications over HTTP.

#include "auth/identity.hpp"
#include "http_api.hpp"
#include "notifications/notifications.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/parameters.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat {

struct NewEventRequest {
  std::string title;
  aerie::Date starts_at;
  std::vector<std::string> invited;
  std::string client_id;

  static void describe(aerie::Schema<NewEventRequest>& s) {
    s.field<&NewEventRequest::title>();
    s.field<&NewEventRequest::starts_at>("startsAt");
    s.field<&NewEventRequest::invited>();
    s.field<&NewEventRequest::client_id>("clientId");
  }
};

class NotificationsController {
 public:
  explicit NotificationsController(Notifications& notifications) : notifications_(notifications) {}
  static void describe(aerie::Controller<NotificationsController>& c);

 private:
  aerie::Task<CalendarEvent> create_event(Identity const& me, NewEventRequest const& request);
  aerie::Task<NotificationPage> page(
      Identity const& me, aerie::Query<"unread"> unread,
      aerie::Query<"limit", std::optional<std::int64_t>, WholeNumber<largest_page>> limit);
  aerie::Task<void> mark_read(Identity const& me, aerie::Param<"id", std::int64_t, WholeNumber<>> id) {
    return notifications_.mark_read(me.user().id, *id);
  }

  Notifications& notifications_;
};

}  // namespace chat
