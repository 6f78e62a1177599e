#pragma once

/// \file
/// Rooms, what is said in them, and who is there.

#include <aerie/gateway/module.hpp>

namespace chat {

struct RoomsModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
