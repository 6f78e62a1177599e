#include "gateway/route_builder.hpp"

#include "gateway/instance_tree.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {
namespace {

bool may_wait(Route const& route) {
  auto const waits = [](auto const& layer) { return layer->may_wait(); };
  return !route.interceptors.empty() || !route.handler->answers_at_once ||
         std::ranges::any_of(route.guards, waits) || std::ranges::any_of(route.filters, waits) ||
         std::ranges::any_of(route.pipes,
                             [&](auto const& pipes) { return std::ranges::any_of(pipes, waits); });
}

}  // namespace

Layer make_layer(LayerSpec const& spec, Resolver& resolver) {
  auto const* const override = resolver.find_layer_override(spec.type);
  auto const& chosen = override == nullptr ? spec : *override;
  try {
    return chosen.make(resolver);
  } catch (NeedsConnection) {
    auto* const module = dynamic_cast<ModuleNode*>(&resolver);
    if (module == nullptr) throw;
    return layer_per_connection(chosen, *module);
  }
}

void require_client(LayerSpec const& spec, Layer const& layer, ContextType type) {
  if (type == ContextType::ws || !layer.is_per_connection) return;
  throw StartError(
      core::concat("aerie: ", spec.type->name,
                   " asks for what each client of a gateway has of its own, and requests have no "
                   "such client; use it in gateways, or say .only(aerie::ContextType::ws)"));
}

std::vector<MadeLayer> make_layers(Layers const& specs, Resolver& resolver, ContextType type) {
  std::vector<MadeLayer> made;
  for (auto const& spec : specs) {
    made.push_back({make_layer(spec, resolver), spec.on_connection});
    require_client(spec, made.back().layer, type);
  }
  return made;
}

RouteBuilder::RouteBuilder(TypeId type, void* object, Resolver& resolver, ApplicationLayers const& global,
                           Layers const& of_class, std::vector<Metadata> const& metadata)
    : type_(type),
      object_(object),
      resolver_(resolver),
      global_(global),
      of_class_(make_layers(of_class, resolver, global.type)),
      metadata_(metadata) {}

void RouteBuilder::add(Route& route, std::vector<MadeLayer> const& layers) const {
  for (auto const& [layer, on_connection] : layers) {
    if (layer.guard) route.guards.push_back(layer.guard);
    if (layer.interceptor) route.interceptors.push_back(layer.interceptor);
  }
  // From the inside out, and of one level the last one first.
  std::vector<std::shared_ptr<Filter>> filters;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (layer->layer.filter) filters.push_back(layer->layer.filter);
  }
  route.filters.insert(route.filters.begin(), filters.begin(), filters.end());
}

void RouteBuilder::add_pipes(Route& route, std::vector<MadeLayer> const& of_handler) const {
  std::vector<std::shared_ptr<Pipe>> shared;
  for (auto const* const level : {&global_.layers, &of_class_, &of_handler}) {
    for (auto const& [layer, on_connection] : *level) {
      if (layer.pipe) shared.push_back(layer.pipe);
    }
  }
  for (auto const& parameter : route.handler->piped) {
    auto pipes = shared;
    if (parameter.pipes != nullptr) {
      for (auto const& spec : parameter.pipes())
        pipes.push_back(make_layer(spec, resolver_).pipe);
    }
    route.is_unpiped = route.is_unpiped && pipes.empty();
    route.pipes.push_back(std::move(pipes));
  }
}

Route RouteBuilder::make(std::string pattern, HandlerDescription const& handler, Layers const& of_handler,
                         std::vector<Metadata> const& metadata) {
  Route route;
  route.class_name = type_->name;
  route.pattern = std::move(pattern);
  route.handler = &handler;
  route.object = object_;
  route.nestjs = global_.nestjs;
  auto const own = make_layers(of_handler, resolver_, global_.type);
  add(route, global_.layers);
  add(route, of_class_);
  add(route, own);
  add_pipes(route, own);
  route.may_wait = may_wait(route);
  route.metadata = metadata;
  route.metadata.insert(route.metadata.end(), metadata_.begin(), metadata_.end());
  return route;
}

Route RouteBuilder::make_hook(std::string_view pattern, HandlerDescription const& handler) {
  auto route = make(std::string(pattern), handler, {}, {});
  route.guards.clear();
  route.interceptors.clear();
  route.is_unpiped = true;
  return route;
}

Route RouteBuilder::make_connection_guards() {
  Route route;
  route.class_name = type_->name;
  route.pattern = "connection";
  route.object = object_;
  for (auto const* const level : {&global_.layers, &std::as_const(of_class_)}) {
    for (auto const& [layer, on_connection] : *level) {
      if (layer.guard && on_connection) route.guards.push_back(layer.guard);
    }
  }
  route.metadata = metadata_;
  return route;
}

}}}  // namespace aerie::v1::gateway
