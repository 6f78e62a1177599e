#include "auth/auth_controller.hpp"

#include "auth/signed_in.hpp"
#include "error_answers.hpp"
#include "http_api.hpp"

#include <aerie/gateway/throttle.hpp>

#include <chrono>

namespace chat {

using namespace std::chrono_literals;

void AuthController::describe(aerie::Controller<AuthController>& c) {
  c.at("/api").use<ErrorAnswers>().refuses_with<ErrorInfo>();
  c.post<&AuthController::login>("login")
      .http_code(200)
      .body_limit(small_body)
      .header("Cache-Control", "no-store")
      .meta(CodeOfBody{ErrorCode::invalid_nickname})
      .use<aerie::Throttle>(600, 1min);
  c.get<&AuthController::me>("me").header("Cache-Control", "no-store").use<SignedIn>();
}

}  // namespace chat
