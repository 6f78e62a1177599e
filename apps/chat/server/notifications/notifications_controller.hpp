#pragma once

/// \file
/// Appointments and notifications over HTTP.

#include "auth/tokens.hpp"
#include "notifications/notifications.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

namespace chat {

class NotificationsController {
 public:
  explicit NotificationsController(Notifications& notifications) : notifications_(notifications) {}
  static void describe(aerie::Controller<NotificationsController>& c);

 private:
  aerie::Task<aerie::http::Response> create_event(Identity const& me, aerie::http::Request const& request);
  aerie::Task<aerie::http::Response> page(Identity const& me, aerie::http::Request const& request);
  aerie::Task<aerie::http::Response> mark_read(Identity const& me, aerie::http::Request const& request);

  Notifications& notifications_;
};

}  // namespace chat
