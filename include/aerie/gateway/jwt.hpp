#pragma once

/// \file
/// JSON Web Tokens as a service and a guard.
///
///     struct User {
///       std::int64_t id = 0;
///       static void describe(aerie::Schema<User>& s) { s.field<&User::id>("userId"); }
///       static User const& extract(aerie::ExecutionContext& context) { return context.get<User>(); }
///     };
///
///     struct AuthModule {
///       static void describe(aerie::Module& m) {
///         m.imports(aerie::JwtModule::for_root([](Config const& config) {
///           return aerie::JwtOptions{
///               .key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, config.jwt_secret),
///               .sign = {.expires_in = 15min}};
///         }));
///         m.exports<aerie::JwtModule>();
///       }
///     };
///
///     g.protect<aerie::JwtGuard<User>>();         // in a gateway's describe: connections and messages
///     void say(User const& me, Text const& text);  // a handler behind it
///
/// https://docs.nestjs.com/security/authentication, RFC 7519

#include <aerie/auth/jwt.hpp>
#include <aerie/core/api.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/jwks.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/schema/codec.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

class Logger;

namespace core {
class Clock;
}

/// Thrown where a token is refused. To a client of a gateway it is a WsException with the text MISSING_TOKEN,
/// EXPIRED_TOKEN or INVALID_TOKEN; why exactly is for the log.
class AERIE_API TokenException : public WsException {
 public:
  /// `reason` decides what the client is told.
  explicit TokenException(auth::TokenError reason);

  /// Why, exactly: for the log.
  [[nodiscard]] auth::TokenError reason() const noexcept { return reason_; }
  /// What clients are told.
  [[nodiscard]] std::string_view code() const noexcept { return auth::to_code(reason_); }

 private:
  auth::TokenError reason_;
};

/// Where clients of a gateway put their token, for contracts: `g.auth<aerie::TokenAuth>()`.
struct TokenAuth {
  /// As it was issued, without "Bearer".
  std::string token;

  static void describe(Schema<TokenAuth>& s) {
    s.field<&TokenAuth::token>().description("A JSON Web Token.");
  }
};

/// How tokens are signed, where they are found, and what is demanded of them.
struct AERIE_API JwtOptions {
  /// Signs, and verifies. Keys of the wrong kind and short secrets are refused where they are made, so that
  /// such a program does not start; `auth::allow_short_secret` lets a short one pass.
  std::optional<auth::Key> key{};
  /// Keys that verify as well, or alone, by the token's `kid`: for rotation. `sign.key_id` is the id of
  /// `key`.
  auth::KeySet keys{};
  /// What tokens are signed with unless a call says otherwise.
  auth::SignOptions sign{};
  /// What is demanded of tokens.
  auth::VerifyOptions verify{};
  /// Takes tokens out of the query, too. They end up in the logs of proxies and in histories.
  bool token_in_query = false;
  /// The name of a cookie that tokens are taken from, after every other place; empty: none is. Browsers send
  /// cookies by themselves, to whatever page asks them to: set them with HttpOnly and SameSite, and leave the
  /// check of the origin on.
  std::string cookie{};
  /// Disconnects a socket this long after its token has expired. Without it an expired token only refuses
  /// what the guard guards.
  std::optional<std::chrono::seconds> session_grace{};
  /// Keys that a server of identities publishes, beside `keys`: a token whose key is not known has them read
  /// again. JwtGuard waits for that; whoever calls `verify` or `authenticate` gets by with what is known.
  std::optional<JwksOptions> jwks{};
  /// Whether a token was taken back, by its claims (`jti`, `sub`, `iat`). JwtGuard asks when it lets somebody
  /// in, and again at the next message after `revocation_interval`; an exception refuses what was asked
  /// about. Called on the client's shard.
  std::function<Task<bool>(Value const& claims)> revoked{};
  /// How long what `revoked` has answered holds.
  core::Milliseconds revocation_interval = std::chrono::seconds{30};
};

/// Signs and verifies with the keys of the application. Immutable: callable from any thread.
class AERIE_API JwtService {
 public:
  /// Throws gateway::StartError for options without a key, or whose own tokens could not be verified. `jwks`
  /// reads what JwtOptions::jwks says; it outlives the service.
  JwtService(JwtOptions const& options, core::Clock const& clock, Logger const& log,
             JwksSource* jwks = nullptr);

  /// A token with these claims. What `options` leaves out is as JwtOptions::sign says. Throws as auth::sign,
  /// and std::logic_error if there is no key to sign with.
  [[nodiscard]] std::string sign(EncodableRef claims, auth::SignOptions const& options = {}) const;

  /// Checks everything about a token.
  [[nodiscard]] auth::TokenResult verify(std::string_view token) const;
  /// The same with demands of its own, instead of JwtOptions::verify.
  [[nodiscard]] auth::TokenResult verify(std::string_view token, auth::VerifyOptions const& options) const;

  /// The claims of a token, which have to satisfy their description's rules as well. Throws TokenException.
  template <class Claims>
  [[nodiscard]] Claims verify_as(std::string_view token) const {
    static_assert(detail::require_decodable<Claims>());
    Claims claims{};
    read(verify(token), type_ops<Claims>, &claims);
    return claims;
  }

  /// What a token says, without any proof that it is true.
  [[nodiscard]] auth::TokenResult decode(std::string_view token) const {
    return auth::decode_unverified(token);
  }

  /// The claims of whoever has sent this message or request. The token is, in this order, the handshake's
  /// `auth.token`, the query's `token` if JwtOptions::token_in_query allows it, the header `Authorization:
  /// Bearer`, or JwtOptions::cookie. It is verified once: the claims stay with the socket, where
  /// `context.get<Claims>()` and `socket.get<Claims>()` find them, and are good until the token expires.
  /// Throws TokenException, to a controller UnauthorizedException with the same code. Call it on the
  /// context's shard.
  template <class Claims = Value>
  Claims const& authenticate(ExecutionContext& context) const {
    static_assert(detail::require_decodable<Claims>());
    if (auto const* const known = context.find<Claims>(); known != nullptr && is_known(context))
      return *known;
    Claims claims{};
    admit(context, type_ops<Claims>, &claims);
    return context.set(std::move(claims));
  }

  /// Whether something has to be waited for before it is known if a message may pass: keys, or whether its
  /// token was revoked.
  bool has_to_wait(ExecutionContext& context) const;
  /// Reads keys that the message's token needs.
  Task<void> prepare(ExecutionContext& context) const;
  /// Throws as `authenticate` if the token that was let in has been revoked. Call it on the context's shard.
  Task<void> require_unrevoked(ExecutionContext& context) const;

 private:
  static void read(auth::TokenResult const& token, TypeOps const& ops, void* claims);
  bool is_known(ExecutionContext& context) const;
  bool asks_again(ExecutionContext const& context) const;
  bool needs_keys(ExecutionContext const& context) const;
  void admit(ExecutionContext& context, TypeOps const& ops, void* claims) const;
  [[noreturn]] void refuse(ExecutionContext const& context, auth::TokenError reason) const;

  JwtOptions options_;
  core::Clock const& clock_;
  Logger const& log_;
  JwksSource* jwks_;
};

/// Lets in who has a valid token, and keeps its claims; see JwtService::authenticate. With `protect` it
/// guards the connection and every message, with `use` messages or requests.
template <class Claims = Value>
class JwtGuard {
 public:
  /// For the framework, which injects the service.
  explicit JwtGuard(JwtService const& jwt) : jwt_(jwt) {}

  gateway::MaybeTask<bool> can_activate(ExecutionContext& context) const {
    if (jwt_.has_to_wait(context)) return later(context);
    (void)jwt_.authenticate<Claims>(context);
    return true;
  }

 private:
  Task<bool> later(ExecutionContext& context) const {
    co_await jwt_.prepare(context);
    (void)jwt_.authenticate<Claims>(context);
    co_await jwt_.require_unrevoked(context);
    co_return true;
  }

  JwtService const& jwt_;
};

/// Provides the JwtService: `m.imports(aerie::JwtModule::for_root({...}))`.
struct AERIE_API JwtModule {
  static DynamicModule for_root(JwtOptions options);
  /// Options made of providers, above all of the configuration: a function that takes them by reference.
  template <class Factory>
  requires(!std::convertible_to<Factory, JwtOptions>) static DynamicModule for_root(Factory factory) {
    return dynamic_module<JwtModule>(
        [factory = std::move(factory)](Module& m) { m.provides<JwtOptions>(factory); });
  }

  static void describe(Module& m);
};

}}  // namespace aerie::v1
