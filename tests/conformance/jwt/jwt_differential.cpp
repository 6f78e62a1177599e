// Signs and verifies tokens at the word of differential.mjs: every line of standard input is a Request in
// JSON, every line of standard output its Reply.

#include <aerie/auth/jwt.hpp>
#include <aerie/schema/codec.hpp>

#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace auth = aerie::auth;
using aerie::Value;

struct NamedKey {
  std::string kid;
  std::string alg;
  std::string key;

  static void describe(aerie::Schema<NamedKey>& s) {
    s.field<&NamedKey::kid>().optional();
    s.field<&NamedKey::alg>();
    s.field<&NamedKey::key>();
  }
};

// With claims: to be signed. With a token: to be verified, with `keys` if there are any. The times of `sign`
// and the leeway are in seconds.
struct Request {
  NamedKey key;
  std::vector<NamedKey> keys;
  std::int64_t now = 0;
  std::optional<aerie::Object> claims;
  std::optional<std::int64_t> expires_in;
  std::optional<std::int64_t> not_before_in;
  std::string token;
  std::int64_t leeway = 0;
  std::string issuer;
  std::string subject;
  std::string token_id;
  std::vector<std::string> audiences;

  static void describe(aerie::Schema<Request>& s) {
    s.field<&Request::key>();
    s.field<&Request::keys>().optional();
    s.field<&Request::now>();
    s.field<&Request::claims>();
    s.field<&Request::expires_in>("expiresIn");
    s.field<&Request::not_before_in>("notBeforeIn");
    s.field<&Request::token>().optional();
    s.field<&Request::leeway>().optional();
    s.field<&Request::issuer>().optional();
    s.field<&Request::subject>().optional();
    s.field<&Request::token_id>("tokenId").optional();
    s.field<&Request::audiences>().optional();
  }
};

struct Reply {
  std::optional<std::string> token;
  std::optional<Value> claims;
  std::optional<std::string> error;

  static void describe(aerie::Schema<Reply>& s) {
    s.field<&Reply::token>();
    s.field<&Reply::claims>();
    s.field<&Reply::error>();
  }
};

auth::Algorithm algorithm_named(std::string_view name) {
  using enum auth::Algorithm;
  for (auth::Algorithm const algorithm :
       {hs256, hs384, hs512, rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa}) {
    if (to_string(algorithm) == name) return algorithm;
  }
  throw std::invalid_argument("no such algorithm");
}

auth::Key key_of(NamedKey const& named) {
  auth::Algorithm const algorithm = algorithm_named(named.alg);
  if (named.key.find("PRIVATE KEY") != std::string::npos) return auth::Key::private_pem(algorithm, named.key);
  if (named.key.find("PUBLIC KEY") != std::string::npos) return auth::Key::public_pem(algorithm, named.key);
  return auth::Key::hmac(algorithm, named.key);
}

std::optional<std::chrono::seconds> seconds_of(std::optional<std::int64_t> count) {
  if (!count) return std::nullopt;
  return std::chrono::seconds(*count);
}

std::string sign(Request const& request, auth::WallClock::time_point now) {
  auth::SignOptions const options{.expires_in = seconds_of(request.expires_in),
                                  .not_before_in = seconds_of(request.not_before_in),
                                  .issuer = request.issuer,
                                  .audience = request.audiences.empty() ? "" : request.audiences.front(),
                                  .subject = request.subject,
                                  .token_id = request.token_id,
                                  .key_id = request.key.kid,
                                  .issued_at = false};
  return auth::sign(key_of(request.key), *request.claims, options, now);
}

auth::TokenResult verify(Request const& request, auth::WallClock::time_point now) {
  auth::VerifyOptions const options{.leeway = std::chrono::seconds(request.leeway),
                                    .audiences = request.audiences,
                                    .issuer = request.issuer,
                                    .subject = request.subject,
                                    .require_expiry = false};
  if (request.keys.empty()) return auth::verify(request.token, key_of(request.key), options, now);
  auth::KeySet keys;
  for (NamedKey const& named : request.keys)
    keys.add(named.kid, key_of(named));
  return auth::verify(request.token, keys, options, now);
}

Reply answer(Request const& request) {
  auth::WallClock::time_point const now{std::chrono::seconds(request.now)};
  if (request.claims) return {.token = sign(request, now), .claims = {}, .error = {}};
  auto const result = verify(request, now);
  if (!result) return {.token = {}, .claims = {}, .error = std::string(to_string(result.error()))};
  return {.token = {}, .claims = result.claims(), .error = {}};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    Request request;
    if (auto const result = aerie::json::parse(line, request); !result) {
      std::cerr << result.error().to_string() << '\n';
      return 1;
    }
    std::cout << aerie::json::stringify(answer(request)) << '\n';
  }
}
