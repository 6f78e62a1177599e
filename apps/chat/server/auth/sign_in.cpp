#include "auth/sign_in.hpp"

#include "auth/identity.hpp"
#include "errors.hpp"
#include "text.hpp"

#include <string>
#include <utility>

namespace chat {

namespace {

/// What a token says besides what every token does.
struct NewClaims {
  std::string nickname;
  static void describe(aerie::Schema<NewClaims>& s) { s.field<&NewClaims::nickname>(); }
};

Session session_of(aerie::JwtService const& jwt, User user) {
  NewClaims const claims{user.nickname};
  aerie::auth::SignOptions options;
  options.subject = std::to_string(user.id);
  auto token = jwt.sign(claims, options);
  aerie::Date const expires(jwt.verify_as<Identity>(token).expires_at());
  return {std::move(token), std::move(user), expires};
}

}  // namespace

aerie::Task<Session> SignIn::sign_in(std::string_view nickname) {
  auto name = std::string(text::trimmed(nickname));
  if (!text::is_name(name, longest_nickname)) {
    throw ChatError(ErrorCode::invalid_nickname, "A nickname has 1 to 32 characters, all of them printable.");
  }
  auto user = co_await store_.user(std::move(name));
  co_return session_of(jwt_, std::move(user));
}

}  // namespace chat
