#include "auth/auth_module.hpp"

#include "auth/secret.hpp"
#include "config.hpp"
#include "store/store_module.hpp"

#include <string>

namespace chat {

void AuthModule::describe(aerie::Module& m) {
  m.imports<StoreModule>();
  m.provides<Tokens>([](Config const& config, MessageStore const& store, aerie::core::Clock const& clock) {
    auto const secret = load_secret(config.jwt_secret, secret_file_of(config.database));
    return Tokens(secret, std::string(store.id()), config.token_ttl, clock);
  });
  m.provides<SignIn>().provides<TokenWatch>().controllers<AuthController>();
  m.exports<Tokens, TokenWatch>();
}

}  // namespace chat
