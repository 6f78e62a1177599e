#pragma once

/// \file
/// Where clients put their tokens.

#include <aerie/gateway/execution_context.hpp>
#include <aerie/schema/value.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

/// The token of a message or request: whatever the client has sent as such, of any type; undefined if it is
/// missing or empty. `auth.token` of the handshake counts before the query, that before the header.
Value find_token(ExecutionContext const& context, bool in_query);

}}}  // namespace aerie::v1::gateway
