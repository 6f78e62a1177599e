#include "socketio/admin.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/log.hpp>
#include <aerie/socketio/admin.hpp>

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace aerie { inline namespace v1 {

bool socketio::is_bcrypt(std::string_view hash) noexcept {
  constexpr std::size_t hash_size = 60;
  return hash.size() == hash_size && hash.starts_with("$2") &&
         (hash[2] == 'a' || hash[2] == 'b' || hash[2] == 'y') && hash[3] == '$' && core::is_digit(hash[4]) &&
         core::is_digit(hash[5]) && hash[6] == '$';
}

namespace {

using socketio::is_bcrypt;

/// Empty if it cannot be.
std::string crypted(std::string const& password, std::string const& setting) {
  // Some 32 KiB, which are no stack's business.
  auto const data = std::make_unique<crypt_data>();
  auto const* const result = ::crypt_r(password.c_str(), setting.c_str(), data.get());
  return result == nullptr || result[0] == '*' ? std::string() : std::string(result);
}

}  // namespace

std::string bcrypt_hash(std::string const& password, unsigned cost) {
  if (cost < 4 || cost > 31) {
    throw std::invalid_argument(
        core::concat("aerie: bcrypt_hash: the cost is ", std::to_string(cost), "; use 4 to 31, 10 is usual"));
  }
  std::string setting(CRYPT_GENSALT_OUTPUT_SIZE, '\0');
  auto const* const made =
      ::crypt_gensalt_rn("$2b$", cost, nullptr, 0, setting.data(), static_cast<int>(setting.size()));
  auto hash = made == nullptr ? std::string() : crypted(password, made);
  if (!is_bcrypt(hash)) {
    throw std::runtime_error(
        "aerie: the system's crypt library knows no bcrypt; make the hash elsewhere, with htpasswd or "
        "bcryptjs");
  }
  return hash;
}

bool bcrypt_matches(std::string const& password, std::string const& hash) {
  if (!is_bcrypt(hash)) return false;
  // A NUL would end it early for the library.
  if (password.find('\0') != std::string::npos) return false;
  auto const made = crypted(password, hash);
  return made.size() == hash.size() && CRYPTO_memcmp(made.data(), hash.data(), hash.size()) == 0;
}

}}  // namespace aerie::v1
