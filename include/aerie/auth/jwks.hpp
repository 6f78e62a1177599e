#pragma once

/// \file
/// Keys as servers of identities publish them: JSON Web Key Sets (RFC 7517).

#include <aerie/auth/key.hpp>
#include <aerie/core/api.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace auth {

/// What is read of a set. Beyond it nothing is.
struct JwksLimits {
  /// Bytes of its JSON.
  std::size_t max_bytes = std::size_t{64} * 1024;
  /// Keys in it, those that are ignored included.
  std::size_t max_keys = 100;
};

/// What was read of a set.
struct Jwks {
  /// Those that verify signatures, by their ids.
  KeySet keys{};
  /// Why others are not among them, a sentence for each.
  std::vector<std::string> ignored{};
};

/// The public keys of a set. The algorithm belongs to the key: it is the one that its `alg` names, without
/// one that of its curve, and RS256 of an RSA key. Left out are keys for encryption (`use`, `key_ops`),
/// shared secrets (`oct`), which nobody should publish, keys of other kinds or that are too short (RSA of
/// less than 2048 bits), of more than 16384 bits, a second one of an id, and one without an id beside others.
/// Throws std::invalid_argument for what is no set, or is beyond the limits.
AERIE_API Jwks read_jwks(std::string_view json, JwksLimits const& limits = {});

}}}  // namespace aerie::v1::auth
