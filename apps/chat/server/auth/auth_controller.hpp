#pragma once

/// \file
/// Signing in over HTTP.

#include "auth/identity.hpp"
#include "auth/sign_in.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>

#include <string>

namespace chat {

struct LoginRequest {
  std::string nickname;
  static void describe(aerie::Schema<LoginRequest>& s) { s.field<&LoginRequest::nickname>(); }
};

struct Me {
  User user;
  static void describe(aerie::Schema<Me>& s) { s.field<&Me::user>(); }
};

class AuthController {
 public:
  explicit AuthController(SignIn& sign_in) : sign_in_(sign_in) {}
  static void describe(aerie::Controller<AuthController>& c);

 private:
  aerie::Task<Session> login(LoginRequest const& request) { return sign_in_.sign_in(request.nickname); }
  Me me(Identity const& identity) const { return {identity.user()}; }

  SignIn& sign_in_;
};

}  // namespace chat
