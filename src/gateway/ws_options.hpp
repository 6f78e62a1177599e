#pragma once

#include <aerie/gateway/ws_adapter.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

/// Throws StartError, naming the setting and the remedy, if `options` cannot work.
void check(WsAdapterOptions const& options);

}}}  // namespace aerie::v1::gateway
