#include "auth/auth_module.hpp"

#include "auth/auth_controller.hpp"
#include "auth/secret.hpp"
#include "auth/sign_in.hpp"
#include "auth/token_watch.hpp"
#include "config.hpp"
#include "store/store_module.hpp"

#include <aerie/gateway/jwt.hpp>

#include <string>

namespace chat {

namespace {

constexpr char const* issuer = "aerie-chat";

/// Tokens of another database are refused, because the same id is another user there.
aerie::JwtOptions token_options(Config const& config, MessageStore const& store) {
  auto const given = config.jwt_secret ? config.jwt_secret : store.secret();
  auto const secret = load_secret(given, secret_file_of(config.database));
  std::string const store_id(store.id());
  aerie::JwtOptions options;
  options.key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, secret);
  options.sign = {.expires_in = config.token_ttl, .issuer = issuer, .audience = store_id};
  options.verify.issuer = issuer;
  options.verify.audiences = {store_id};
  options.session_grace = config.token_grace;
  return options;
}

}  // namespace

void AuthModule::describe(aerie::Module& m) {
  m.imports<StoreModule>();
  m.imports(aerie::JwtModule::for_root(&token_options));
  m.provides<SignIn>().provides<TokenWatch>().controllers<AuthController>();
  m.exports<aerie::JwtModule, TokenWatch>();
}

}  // namespace chat
