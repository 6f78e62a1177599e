#pragma once

/// \file
/// The paths of controllers' routes and the versions of requests. Plain functions.

#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/descriptions.hpp>
#include <aerie/gateway/versioning.hpp>
#include <aerie/http/request_head.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// "/chat/rooms" of "/chat/" and "rooms"; "/" of nothing.
std::string join_paths(std::initializer_list<std::string_view> parts);

/// Whether one of `exclude` (GlobalPrefixOptions) is the route at `path`.
bool is_excluded(GlobalPrefixOptions const& options, std::string_view method, std::string_view path);

/// Where a route is: one place, or one for each version that is a part of the path.
struct RoutePlace {
  std::string path;
  /// The versions that it answers there; empty: whatever is asked for.
  std::vector<std::string> versions;
};
std::vector<RoutePlace> places_of(ControllerRoute const& route, ControllerDescription const& controller,
                                  RouteSettings const& settings);

/// The version that a request asks for by a header or media type; nothing if it does not say.
std::optional<std::string> requested_version(VersioningOptions const& options, http::RequestHead const& head);

/// Throws StartError for what cannot work, with the remedy.
void check(VersioningOptions const& options);

}}}  // namespace aerie::v1::gateway
