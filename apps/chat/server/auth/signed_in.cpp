#include "auth/signed_in.hpp"

#include "errors.hpp"

#include <aerie/auth/jwt.hpp>
#include <aerie/socketio/middleware.hpp>

#include <string>
#include <variant>

namespace chat {

bool SignedIn::can_activate(aerie::ExecutionContext& context) const {
  if (context.type() == aerie::ContextType::ws && !context.is_connecting()) {
    return context.find<Identity>() != nullptr;
  }
  try {
    // The secret is at hand: no key is waited for.
    return std::get<bool>(JwtGuard::can_activate(context));
  } catch (aerie::TokenException const& error) {
    auto const may_come_back = error.reason() == aerie::auth::TokenError::expired;
    auto const data = aerie::Value::object({{"code", error.code()}, {"retry", may_come_back}});
    throw aerie::ConnectError(std::string(error.code()), data);
  }
}

}  // namespace chat
