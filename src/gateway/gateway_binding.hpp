#pragma once

#include "gateway/container.hpp"
#include "gateway/route_builder.hpp"

#include <aerie/gateway/type_id.hpp>
#include <aerie/gateway/websocket_adapter.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

/// Makes the routes of a gateway of `node`, and the gateway unless each client has one of its own.
///
/// \param global the application's layers
/// \param client what the clients of the application's adapter are
/// \throws StartError if a handler takes what messages or these clients do not have
void bind_gateway(BoundGateway& bound, Container const& container, ModuleNode& node,
                  ApplicationLayers const& global, TypeId client);

}}}  // namespace aerie::v1::gateway
