#include "auth/auth_controller.hpp"

#include "auth/signed_in.hpp"
#include "error_answers.hpp"
#include "http_text.hpp"

#include <string>

namespace chat {

namespace {

struct LoginRequest {
  std::string nickname;
  static void describe(aerie::Schema<LoginRequest>& s) { s.field<&LoginRequest::nickname>(); }
};

struct Me {
  User user;
  static void describe(aerie::Schema<Me>& s) { s.field<&Me::user>(); }
};

}  // namespace

void AuthController::describe(aerie::Controller<AuthController>& c) {
  c.at("/api").use<ErrorAnswers>();
  c.post<&AuthController::login>("login").body_limit(small_body);
  c.get<&AuthController::me>("me").use<SignedIn>();
}

aerie::Task<aerie::http::Response> AuthController::login(aerie::http::Request const& request) {
  auto const body = body_of<LoginRequest>(request, ErrorCode::invalid_nickname);
  auto const session = co_await sign_in_.sign_in(body.nickname);
  co_return json_response(200, session);
}

aerie::http::Response AuthController::me(Identity const& identity) const {
  return json_response(200, Me{identity.user});
}

}  // namespace chat
