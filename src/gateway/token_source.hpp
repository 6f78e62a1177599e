#pragma once

/// \file
/// Where clients put their tokens.

#include <aerie/gateway/execution_context.hpp>
#include <aerie/schema/value.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// Where tokens are looked for besides the handshake's `auth` and the header.
struct TokenPlaces {
  bool query = false;
  /// The cookie's name; empty: none.
  std::string_view cookie = {};
};

/// The token of a message or request: whatever the client has sent as such, of any type; undefined if it is
/// missing or empty. `auth.token` of the handshake counts before the query, that before the header, that
/// before the cookie.
Value find_token(ExecutionContext const& context, TokenPlaces const& places);

}}}  // namespace aerie::v1::gateway
