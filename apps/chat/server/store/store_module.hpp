#pragma once

/// \file
/// Where everything is kept, and who tells of it.

#include "announcer.hpp"
#include "store/message_store.hpp"
#include "store/notification_store.hpp"

#include <aerie/gateway/module.hpp>

namespace chat {

struct StoreModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
