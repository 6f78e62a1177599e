#include "gateway/container.hpp"
#include "gateway/route_paths.hpp"

#include <aerie/gateway/descriptions.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

Descriptions describe(ModuleReference const& root, RouteSettings const& settings) {
  if (settings.versioning) check(*settings.versioning);
  // Its providers are never built.
  Container const container(root, {});
  Descriptions all;
  for (auto const& node : container.modules()) {
    for (auto const& listed : node->module().gateway_list())
      all.gateways.push_back(listed.describe());
    for (auto const& listed : node->module().controller_list()) {
      auto const controller = listed.describe();
      for (auto const& route : controller->routes) {
        for (auto& place : places_of(route, *controller, settings))
          all.routes.push_back({controller, &route, std::move(place.path), std::move(place.versions)});
      }
    }
  }
  return all;
}

}}}  // namespace aerie::v1::gateway
