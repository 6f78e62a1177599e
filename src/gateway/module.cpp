#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/module.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 {

gateway::GlobalLayerBuilder Module::add_layer(gateway::LayerSpec spec) {
  layers_.push_back({std::move(spec)});
  return gateway::GlobalLayerBuilder(layers_.back().only);
}

void Module::add_import(gateway::ModuleReference reference) {
  imports_.push_back(std::move(reference));
}

Module& Module::add_provider(gateway::Provider provider) {
  auto const is_same = [&](auto const& other) { return other.type == provider.type; };
  if (std::ranges::any_of(providers_, is_same)) {
    throw gateway::StartError(
        core::concat("aerie: a module provides ", provider.type->name, " twice; remove one of them"));
  }
  providers_.push_back(std::move(provider));
  return *this;
}

}}  // namespace aerie::v1
