#pragma once

/// \file
/// Puts together what stands around a handler: the application's layers, its class' and its own.

#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/route.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// A layer that was made.
struct MadeLayer {
  Layer layer;
  bool on_connection = false;
};

/// What all routes of an application have that are of one type, gateways' or controllers'.
struct ApplicationLayers {
  std::vector<MadeLayer> layers{};
  NestjsVersion nestjs = NestjsVersion::v12;
  ContextType type = ContextType::ws;
};

/// Throws StartError where a layer is made for each client and requests would have to pass it.
void require_client(LayerSpec const& spec, Layer const& layer, ContextType type);
std::vector<MadeLayer> make_layers(Layers const& specs, Resolver& resolver, ContextType type);

/// Makes the routes of one gateway or controller, which share the layers of their class.
class RouteBuilder {
 public:
  RouteBuilder(TypeId type, void* object, Resolver& resolver, ApplicationLayers const& global,
               Layers const& of_class, std::vector<Metadata> const& metadata);

  Route make(std::string pattern, HandlerDescription const& handler, Layers const& of_handler,
             std::vector<Metadata> const& metadata);
  /// For the hooks of connections: no layers but filters.
  Route make_hook(std::string_view pattern, HandlerDescription const& handler);
  /// The guards of connections.
  Route make_connection_guards();

 private:
  void add(Route& route, std::vector<MadeLayer> const& layers) const;
  void add_pipes(Route& route, std::vector<MadeLayer> const& of_handler) const;

  TypeId type_;
  void* object_;
  Resolver& resolver_;
  ApplicationLayers const& global_;
  std::vector<MadeLayer> of_class_;
  std::vector<Metadata> const& metadata_;
};

}}}  // namespace aerie::v1::gateway
