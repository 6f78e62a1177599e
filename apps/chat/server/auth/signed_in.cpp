#include "auth/signed_in.hpp"

#include "errors.hpp"

#include <aerie/http/authorization.hpp>
#include <aerie/http/request.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/socket.hpp>

#include <string>

namespace chat {

bool SignedIn::can_activate(aerie::ExecutionContext& context) const {
  if (context.type() == aerie::ContextType::http) {
    context.set(tokens_.verify(aerie::http::bearer_token(context.request().header("authorization"))));
    return true;
  }
  if (!context.is_connecting()) return context.find<Identity>() != nullptr;
  try {
    auto const token = context.socket().handshake().auth_text("token");
    context.set(tokens_.verify(token.value_or("")));
    return true;
  } catch (ChatError const& error) {
    TokenNews const news{error.code(), error.code() == ErrorCode::expired_token};
    throw aerie::ConnectError(std::string(to_string(error.code())), aerie::to_value(news));
  }
}

}  // namespace chat
