#pragma once

/// \file
/// Anonymous channels.

#include <aerie/gateway/module.hpp>

namespace chat {

struct ChannelsModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
