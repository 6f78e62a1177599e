#pragma once

/// \file
/// The chat: all its modules.

#include "config.hpp"

#include <aerie/gateway/module.hpp>

namespace chat {

struct AppModule {
  static void describe(aerie::Module& m);
  /// With these settings, which every module may ask for.
  static aerie::DynamicModule with(aerie::ConfigOptions const& settings);
};

}  // namespace chat
