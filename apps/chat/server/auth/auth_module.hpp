#pragma once

/// \file
/// Who somebody is: signing in, tokens, the guard that asks for one.

#include <aerie/gateway/module.hpp>

namespace chat {

struct AuthModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
