#include "gateway/token_life.hpp"
#include "gateway/token_source.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/jwt.hpp>
#include <aerie/schema/validate.hpp>
#include <aerie/socketio/socket.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

using gateway::TokenLife;
using Seconds = std::chrono::duration<double>;

double seconds_of(core::WallTime time) {
  return Seconds(time.time_since_epoch()).count();
}

auth::SignOptions with_defaults(auth::SignOptions options, auth::SignOptions const& defaults) {
  auto const choose = [](std::string& text, std::string const& fallback) {
    if (text.empty()) text = fallback;
  };
  if (!options.expires_in) options.expires_in = defaults.expires_in;
  if (!options.not_before_in) options.not_before_in = defaults.not_before_in;
  choose(options.issuer, defaults.issuer);
  choose(options.audience, defaults.audience);
  choose(options.subject, defaults.subject);
  choose(options.token_id, defaults.token_id);
  choose(options.key_id, defaults.key_id);
  options.issued_at = options.issued_at && defaults.issued_at;
  return options;
}

/// With the signing key among those that verify, if there are any.
JwtOptions completed(JwtOptions options) {
  if (!options.key && options.keys.empty() && !options.jwks) {
    throw gateway::StartError(
        "aerie: JwtOptions has no key; set .key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, "
        "secret), or .keys or .jwks to verify only");
  }
  auto const& id = options.sign.key_id;
  if (!options.key || (options.keys.empty() && !options.jwks)) return options;
  if (id.empty()) {
    throw gateway::StartError(
        "aerie: JwtOptions has both .key and .keys or .jwks, but tokens that it signs would not say which of "
        "them "
        "verifies; set .sign.key_id to the id of .key");
  }
  if (options.keys.find(id) == nullptr) options.keys.add(id, *options.key);
  return options;
}

/// Kept with the socket, and cancelled with it.
struct SessionEnd {
  Scheduled disconnect;
};

void end_session(ExecutionContext& context, Socket& socket, double seconds_left) {
  // A token of more than three decades outlives the process.
  constexpr double longest = 1e9;
  if (seconds_left > longest) return;
  auto const wait = std::chrono::ceil<core::Milliseconds>(Seconds(seconds_left));
  auto end = [who = std::weak_ptr<Socket>(socketio::pin(socket))] {
    if (auto const there = who.lock()) there->disconnect();
  };
  context.set(SessionEnd{after(context.shard().runtime(), wait, std::move(end))});
}

/// What JwtOptions::jwks asks for.
struct JwksOfModule {
  std::unique_ptr<JwksSource> source;
};

}  // namespace

TokenException::TokenException(auth::TokenError reason)
    : WsException(std::string(auth::to_code(reason))), reason_(reason) {}

JwtService::JwtService(JwtOptions const& options, core::Clock const& clock, Logger const& log,
                       JwksSource* jwks)
    : options_(completed(options)), clock_(clock), log_(log), jwks_(jwks) {}

std::string JwtService::sign(EncodableRef claims, auth::SignOptions const& options) const {
  if (!options_.key) {
    throw std::logic_error("aerie: JwtOptions has no .key, so that its service can only verify");
  }
  return auth::sign(*options_.key, claims, with_defaults(options, options_.sign), clock_.wall());
}

auth::TokenResult JwtService::verify(std::string_view token) const {
  return verify(token, options_.verify);
}

auth::TokenResult JwtService::verify(std::string_view token, auth::VerifyOptions const& options) const {
  if (options_.key && options_.keys.empty())
    return auth::verify(token, *options_.key, options, clock_.wall());
  auto own = auth::verify(token, options_.keys, options, clock_.wall());
  if (jwks_ == nullptr || own || own.error() != auth::TokenError::unknown_key) return own;
  auto const published = jwks_->keys();
  return published == nullptr ? own : auth::verify(token, *published, options, clock_.wall());
}

// --- What has to be waited for

bool JwtService::asks_again(ExecutionContext const& context) const {
  if (!options_.revoked) return false;
  auto const* const life = context.find<TokenLife>();
  return life == nullptr || life->claims == nullptr ||
         clock_.now() - life->asked_at >= options_.revocation_interval;
}

bool JwtService::needs_keys(ExecutionContext const& context) const {
  if (jwks_ == nullptr || context.find<TokenLife>() != nullptr) return false;
  auto const sent = gateway::find_token(context, {options_.token_in_query, options_.cookie});
  auto const text = sent.get_if<std::string_view>();
  if (!text) return false;
  auto const id = auth::key_id_of(*text);
  return options_.keys.find(id) == nullptr && jwks_->wants_to_read(id);
}

bool JwtService::has_to_wait(ExecutionContext& context) const {
  return asks_again(context) || needs_keys(context);
}

Task<void> JwtService::prepare(ExecutionContext& context) const {
  if (needs_keys(context)) co_await jwks_->read();
}

Task<void> JwtService::require_unrevoked(ExecutionContext& context) const {
  if (!asks_again(context)) co_return;
  auto const* const life = context.find<TokenLife>();
  if (life == nullptr || life->claims == nullptr) refuse(context, auth::TokenError::missing);
  auto const claims = life->claims;
  auto asked = options_.revoked(*claims);
  auto const is_revoked = co_await std::move(asked);
  if (is_revoked) refuse(context, auth::TokenError::revoked);
  if (auto* const known = context.find<TokenLife>()) known->asked_at = clock_.now();
}

void JwtService::read(auth::TokenResult const& token, TypeOps const& ops, void* claims) {
  if (!token) throw TokenException(token.error());
  auto const valid = validate(ops, token.claims());
  if (!valid || aerie::detail::decode_validated(valid.plain, ops, claims)) {
    throw TokenException(auth::TokenError::bad_claim);
  }
}

bool JwtService::is_known(ExecutionContext& context) const {
  auto const* const life = context.find<TokenLife>();
  if (life == nullptr) return false;
  if (life->end && seconds_of(clock_.wall()) >= *life->end) refuse(context, auth::TokenError::expired);
  return true;
}

void JwtService::admit(ExecutionContext& context, TypeOps const& ops, void* claims) const {
  auto const sent = gateway::find_token(context, {options_.token_in_query, options_.cookie});
  if (sent.is_undefined()) refuse(context, auth::TokenError::missing);
  auto const text = sent.get_if<std::string_view>();
  if (!text) refuse(context, auth::TokenError::malformed);
  auto const token = verify(*text);
  if (!token) refuse(context, token.error());
  try {
    read(token, ops, claims);
  } catch (TokenException const& error) {
    refuse(context, error.reason());
  }
  auto const is_new = context.find<TokenLife>() == nullptr;
  auto const subject = std::string(token.claims()["sub"].get_if<std::string_view>().value_or(""));
  auto const& expiry = token.claims()["exp"];
  auto const claims_for_later =
      options_.revoked ? std::make_shared<Value const>(token.claims()) : std::shared_ptr<Value const>();
  if (expiry.is_undefined()) {
    context.set(TokenLife{std::nullopt, subject, claims_for_later});
    return;
  }
  auto const end = expiry.as_double() + Seconds(options_.verify.leeway).count();
  context.set(TokenLife{end, subject, claims_for_later});
  auto* const socket = context.find_socket();
  if (!is_new || socket == nullptr || !options_.session_grace) return;
  auto const until = expiry.as_double() + Seconds(*options_.session_grace).count();
  end_session(context, *socket, until - seconds_of(clock_.wall()));
}

void JwtService::refuse(ExecutionContext const& context, auth::TokenError reason) const {
  // Why is said here and nowhere else, and never with the token.
  log_.debug("jwt", core::concat(context.class_name(), " refuses ", context.client_address(), ": ",
                                 auth::to_string(reason)));
  if (context.type() == ContextType::http) throw UnauthorizedException(Value(auth::to_code(reason)));
  throw TokenException(reason);
}

DynamicModule JwtModule::for_root(JwtOptions options) {
  return dynamic_module<JwtModule>([options = std::move(options)](Module& m) { m.provides_value(options); });
}

void JwtModule::describe(Module& m) {
  m.provides<JwksOfModule>([](JwtOptions const& options, Runtime& runtime) {
    return JwksOfModule{options.jwks ? std::make_unique<JwksSource>(runtime, *options.jwks) : nullptr};
  });
  m.provides<JwtService>(
      [](JwtOptions const& options, core::Clock const& clock, Logger const& log, JwksOfModule& jwks) {
        return std::make_unique<JwtService>(options, clock, log, jwks.source.get());
      });
  m.exports<JwtService>();
}

}}  // namespace aerie::v1
