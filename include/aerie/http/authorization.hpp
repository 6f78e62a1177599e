#pragma once

/// \file
/// The credentials of a request.

#include <aerie/core/api.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// The token of an `Authorization` header's value that is "Bearer" and a token (RFC 6750 §2.1), the scheme in
/// any case (RFC 9110 §11.1). Empty if the value is anything else, or has no token. Thread-safe.
AERIE_API std::string_view bearer_token(std::string_view authorization) noexcept;

}}}  // namespace aerie::v1::http
