#include "auth/ecdsa_signature.hpp"

#include "auth/bytes_of.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <memory>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {
namespace {

struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Signature = std::unique_ptr<ECDSA_SIG, FreeSignature>;

}  // namespace

std::optional<std::string> ecdsa_to_der(std::string_view raw, std::size_t integer_size) {
  if (raw.size() != 2 * integer_size) return std::nullopt;
  Signature const signature(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(bytes_of(raw), static_cast<int>(integer_size), nullptr);
  BIGNUM* const s = BN_bin2bn(bytes_of(raw) + integer_size, static_cast<int>(integer_size), nullptr);
  // From here on the signature owns both integers.
  if (signature == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  int const size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return std::nullopt;
  std::string der(static_cast<std::size_t>(size), '\0');
  unsigned char* at = bytes_of(der);
  i2d_ECDSA_SIG(signature.get(), &at);
  return der;
}

std::optional<std::string> ecdsa_from_der(std::string_view der, std::size_t integer_size) {
  unsigned char const* at = bytes_of(der);
  Signature const signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (signature == nullptr) return std::nullopt;
  std::string raw(2 * integer_size, '\0');
  int const size = static_cast<int>(integer_size);
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes_of(raw), size) != size) return std::nullopt;
  if (BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes_of(raw) + integer_size, size) != size)
    return std::nullopt;
  return raw;
}

}}}}  // namespace aerie::v1::auth::detail
