#pragma once

/// \file
/// Who somebody is: signing in, tokens, the guard that asks for one.

#include "auth/auth_controller.hpp"
#include "auth/sign_in.hpp"
#include "auth/token_watch.hpp"
#include "auth/tokens.hpp"

#include <aerie/gateway/module.hpp>

namespace chat {

struct AuthModule {
  static void describe(aerie::Module& m);
};

}  // namespace chat
