#pragma once

/// \file
/// The calendar, and who is told of it.

#include <aerie/gateway/module.hpp>

namespace chat {

struct NotificationsModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
