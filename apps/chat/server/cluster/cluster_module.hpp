#pragma once

/// \file
/// Several instances of the chat as one.

#include <aerie/gateway/module.hpp>

namespace chat {

struct ClusterModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
