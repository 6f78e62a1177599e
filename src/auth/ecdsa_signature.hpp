#pragma once

/// \file
/// The two spellings of an ECDSA signature: tokens carry r and s as two integers of fixed size (RFC 7518
/// §3.4), OpenSSL takes the DER of ECDSA-Sig-Value (RFC 3279 §2.2.3).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {

/// Nothing unless `raw` has twice `integer_size` bytes.
std::optional<std::string> ecdsa_to_der(std::string_view raw, std::size_t integer_size);

/// Nothing unless `der` is a signature whose integers have at most `integer_size` bytes.
std::optional<std::string> ecdsa_from_der(std::string_view der, std::size_t integer_size);

}}}}  // namespace aerie::v1::auth::detail
