#pragma once

#include <aerie/redis/client_options.hpp>
#include <aerie/redis/url.hpp>

namespace aerie { inline namespace v1 { namespace redis {

/// The topology that options and URL ask for. Throws std::invalid_argument, naming the setting and the
/// remedy, if one of them is impossible.
Topology checked_topology(ClientOptions& options, Url const& url);

}}}  // namespace aerie::v1::redis
