#pragma once

/// \file
/// The settings of gateways that share a server.

#include <aerie/gateway/gateway.hpp>
#include <aerie/socketio/options.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// Adds what `more` sets to `options`. Throws StartError if both set the same thing differently; `gateway`
/// and `others` name who does.
void merge(GatewayOptions& options, GatewayOptions const& more, std::string_view gateway,
           std::string_view others);

/// The settings of a server: the defaults, the application's CORS, and what the gateways have set.
ServerOptions server_options(GatewayOptions const& options, std::optional<http::CorsOptions> const& cors);

}}}  // namespace aerie::v1::gateway
