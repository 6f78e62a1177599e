#pragma once

/// \file
/// Signing in over HTTP.

#include "auth/sign_in.hpp"
#include "auth/tokens.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

namespace chat {

class AuthController {
 public:
  explicit AuthController(SignIn& sign_in) : sign_in_(sign_in) {}
  static void describe(aerie::Controller<AuthController>& c);

 private:
  aerie::Task<aerie::http::Response> login(aerie::http::Request const& request);
  aerie::http::Response me(Identity const& identity) const;

  SignIn& sign_in_;
};

}  // namespace chat
