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

// With claims: to be signed. With a token: to be verified.
struct Request {
  std::string alg;
  std::string key;
  std::int64_t now = 0;
  std::optional<aerie::Object> claims;
  std::string token;
  std::string issuer;
  std::vector<std::string> audiences;

  static void describe(aerie::Schema<Request>& s) {
    s.field<&Request::alg>();
    s.field<&Request::key>();
    s.field<&Request::now>();
    s.field<&Request::claims>();
    s.field<&Request::token>().optional();
    s.field<&Request::issuer>().optional();
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
  for (auth::Algorithm const algorithm : {hs256, hs384, hs512, rs256, rs384, rs512, es256, es384, eddsa}) {
    if (to_string(algorithm) == name) return algorithm;
  }
  throw std::invalid_argument("no such algorithm");
}

auth::Key key_of(Request const& request) {
  auth::Algorithm const algorithm = algorithm_named(request.alg);
  if (request.key.find("PRIVATE KEY") != std::string::npos)
    return auth::Key::private_pem(algorithm, request.key);
  if (request.key.find("PUBLIC KEY") != std::string::npos)
    return auth::Key::public_pem(algorithm, request.key);
  return auth::Key::hmac(algorithm, request.key);
}

Reply answer(Request const& request) {
  auth::WallClock::time_point const now{std::chrono::seconds(request.now)};
  auth::Key const key = key_of(request);
  if (request.claims)
    return {.token = auth::sign(key, *request.claims, {.issued_at = false}, now), .claims = {}, .error = {}};
  auth::VerifyOptions const options{
      .audiences = request.audiences, .issuer = request.issuer, .subject = {}, .require_expiry = false};
  auto const result = auth::verify(request.token, key, options, now);
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
