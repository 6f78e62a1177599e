/// \file
/// Fuzz target: a token from a client. Nothing that was not signed is ever accepted, what is signed is, and a
/// changed byte of it is not. `script/fuzz jwt` runs it.

#include "fuzz/require.hpp"

#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace aerie;
using aerie::fuzz::require;

std::string const& secret() {
  static std::string const made(48, 'k');
  return made;
}

auth::Key const& key() {
  static auto const made = auth::Key::hmac(auth::Algorithm::hs256, secret());
  return made;
}

auth::KeySet const& keys() {
  static auto const made = [] {
    auth::KeySet set;
    set.add("k", key());
    set.add("other", auth::Key::hmac(auth::Algorithm::hs256, std::string(48, 'o')));
    return set;
  }();
  return made;
}

/// Whoever is refused is told why, and by one of three codes.
void check_refusal(auth::TokenResult const& result) {
  if (result) return;
  require(!auth::to_string(result.error()).empty() && auth::to_code(result.error()).ends_with("_TOKEN"));
}

/// Somebody who has the key, and signs whatever header and claims.
void check_signed(std::string_view input) {
  auto const line = input.find('\n');
  if (line == input.npos) return;
  auto token = base64::encode_url(input.substr(0, line)) + "." + base64::encode_url(input.substr(line + 1));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret().data(), static_cast<int>(secret().size()),
       reinterpret_cast<unsigned char const*>(token.data()), token.size(), mac, &size);
  token += "." + base64::encode_url({reinterpret_cast<char const*>(mac), size});
  auto const now = auth::WallClock::time_point(std::chrono::seconds(1'800'000'000));
  auto const result = auth::verify(token, key(), {.audiences = {"a"}, .issuer = "i"}, now);
  if (result) require(result.header()["alg"] == Value("HS256") && result.claims()["iss"] == Value("i"));
  auto const lenient = auth::verify(token, key(), {.require_expiry = false}, now);
  require(!result || lenient);
  auto const of_set = auth::verify(token, keys(), {.subject = "s", .require_expiry = false}, now);
  // A set asks for one thing more: the key's name.
  if (of_set)
    require(lenient && lenient.header()["kid"] == Value("k") && lenient.claims()["sub"] == Value("s"));
  for (auto const* const each : {&result, &lenient, &of_set})
    check_refusal(*each);
  if (lenient) require(lenient.header()["alg"] == Value("HS256") && lenient.claims().is_object());
}

void check(std::string_view input) {
  auto const now = auth::WallClock::time_point(std::chrono::seconds(1'800'000'000));
  // Without the key nobody makes a token.
  require(!auth::verify(input, key(), {.require_expiry = false}, now).ok());
  auto const unproven = auth::decode_unverified(input);
  if (unproven) require(unproven.claims().is_object() && unproven.header().is_object());

  check_signed(input);
  // A token about the input.
  if (!utf8::is_valid(input) || input.size() > 4096) return;
  auto const claims = Value::object({{"text", input}});
  auto token = auth::sign(key(), claims, {.expires_in = std::chrono::seconds(60)}, now);
  if (token.size() > auth::max_token_size) return;
  auto const verified = auth::verify(token, key(), {}, now);
  require(verified.ok() && verified.claims()["text"] == Value(input));
  require(!auth::verify(token, key(), {}, now + std::chrono::seconds(60)).ok());
  auto const at = input.empty() ? 0 : static_cast<unsigned char>(input.front()) % token.size();
  // The last character of a part has bits that mean nothing; a point takes the form away.
  token[at] = token[at] == '.' ? 'A' : '.';
  require(!auth::verify(token, key(), {}, now).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
