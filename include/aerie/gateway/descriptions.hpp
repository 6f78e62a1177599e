#pragma once

/// \file
/// What an application's gateways and controllers say of themselves, without an application: no provider is
/// built, nothing listens. Contracts are made of it (aerie/contract/contract.hpp).

#include <aerie/core/api.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/versioning.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// What the application says of its controllers' paths.
struct RouteSettings {
  std::string prefix{};
  GlobalPrefixOptions prefix_options{};
  std::optional<VersioningOptions> versioning{};
};

/// A route at one path.
struct DescribedRoute {
  std::shared_ptr<ControllerDescription const> controller;
  /// One of the controller's.
  ControllerRoute const* route = nullptr;
  std::string path;
  /// Which version answers there; empty: whatever is asked for.
  std::vector<std::string> versions;
};

/// In the order of the modules' imports, what is imported first.
struct Descriptions {
  std::vector<std::shared_ptr<GatewayDescription const>> gateways;
  std::vector<DescribedRoute> routes;
};

/// Reads a module and all that it imports. Throws StartError as an application does whose modules do not fit
/// together. Callable on any thread.
AERIE_API Descriptions describe(ModuleReference const& root, RouteSettings const& settings = {});

}}}  // namespace aerie::v1::gateway
