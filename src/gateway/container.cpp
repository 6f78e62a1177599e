#include "gateway/container.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// What the application itself provides to every module.
struct FrameworkModule {};

}  // namespace

void* ModuleNode::resolve(TypeId type) {
  auto const found = container_.find_visible(*this, type);
  if (found.provider == nullptr) container_.missing(*this, type);
  return container_.obtain(found).get();
}

void* ModuleNode::resolve_on_demand(TypeId type, Provider const& provider) {
  auto found = container_.find_visible(*this, type);
  if (found.provider == nullptr) {
    auto& known = container_.on_demand_;
    auto const is_it = [&](Provider const& other) { return other.type == type; };
    auto at = std::ranges::find_if(known, is_it);
    if (at == known.end()) at = known.insert(known.end(), provider);
    found = {container_.framework_, &*at};
  }
  return container_.obtain(found).get();
}

std::shared_ptr<void> ModuleNode::find(TypeId type) {
  auto const found = container_.find_visible(*this, type);
  return found.provider == nullptr ? nullptr : container_.obtain(found);
}

LayerSpec const* ModuleNode::find_layer_override(TypeId type) const noexcept {
  auto const& layers = container_.overrides_.layers;
  auto const found = layers.find(type);
  return found == layers.end() ? nullptr : &found->second;
}

Container::Container(ModuleReference const& root, std::vector<Provider> built_in, Overrides overrides)
    : overrides_(std::move(overrides)), built_in_(std::move(built_in)) {
  modules_.push_back(std::make_unique<ModuleNode>(*this, type_id<FrameworkModule>()));
  framework_ = modules_.back().get();
  std::vector<TypeId> path;
  add(root, path);
  for (auto const& node : modules_)
    check_exports(*node);
  check_gateways();
}

Container::~Container() {
  while (!built_.empty())
    built_.pop_back();
}

ModuleNode& Container::add(ModuleReference const& reference, std::vector<TypeId>& path) {
  for (auto const& [other, node] : known_) {
    if (other.type == reference.type && other.extra == reference.extra) return *node;
  }
  if (std::ranges::find(path, reference.type) != path.end()) {
    std::string cycle;
    for (auto const* const type : path)
      cycle += core::concat(type->name, " → ");
    throw StartError(core::concat("aerie: modules import each other: ", cycle, reference.type->name,
                                  "; move what both need into a module of its own"));
  }
  path.push_back(reference.type);
  auto node = std::make_unique<ModuleNode>(*this, reference.type);
  reference.describe(node->module_);
  if (reference.extra) (*reference.extra)(node->module_);
  for (auto const& import : node->module_.imported())
    node->imports_.push_back(&add(import, path));
  path.pop_back();
  known_.emplace_back(reference, node.get());
  modules_.push_back(std::move(node));
  return *modules_.back();
}

Container::Found Container::find_own(ModuleNode& node, TypeId type) {
  for (auto const& provider : node.module_.providers()) {
    if (provider.type == type) return {&node, &provider};
  }
  return {};
}

Container::Found Container::find_exported(ModuleNode& node, TypeId type) {
  for (auto const* const exported : node.module_.exported()) {
    if (exported == type) {
      if (auto const own = find_own(node, type); own.provider != nullptr) return own;
    }
    for (auto* const import : node.imports_) {
      if (import->type_ != exported && exported != type) continue;
      if (auto const found = find_exported(*import, type); found.provider != nullptr) return found;
    }
  }
  return {};
}

Container::Found Container::find_visible(ModuleNode& from, TypeId type) {
  if (auto const own = find_own(from, type); own.provider != nullptr) return own;
  for (auto* const import : from.imports_) {
    if (auto const found = find_exported(*import, type); found.provider != nullptr) return found;
  }
  for (auto const& node : modules_) {
    if (!node->module_.is_global()) continue;
    if (auto const found = find_exported(*node, type); found.provider != nullptr) return found;
  }
  for (auto const& provider : built_in_) {
    if (provider.type == type) return {framework_, &provider};
  }
  return {};
}

std::shared_ptr<void> Container::built(ModuleNode const& owner, TypeId type) const {
  for (auto const& each : built_) {
    if (each->owner == &owner && each->type == type) return each->instance.object;
  }
  return nullptr;
}

std::shared_ptr<void> Container::obtain(Found found) {
  auto const type = found.provider->type;
  if (auto object = built(*found.owner, type)) return object;
  for (auto const& asker : asking_) {
    if (asker.owner == found.owner && asker.type == type) {
      throw StartError(core::concat("aerie: ", chain(found.provider->built->name),
                                    ": these need each other; break the cycle with a factory, or move what "
                                    "both need into a class of its own"));
    }
  }
  Asking const asking(asking_, {found.owner, type, found.provider->built->name});
  auto const overridden = overrides_.providers.find(type);
  auto const& provider = overridden == overrides_.providers.end() ? *found.provider : overridden->second;
  auto instance = provider.build(*found.owner);
  if (!instance.object) {
    throw StartError(core::concat("aerie: the factory of ", type->name, " returned nothing"));
  }
  built_.push_back(std::make_unique<Built>(Built{found.owner, type, std::move(instance)}));
  return built_.back()->instance.object;
}

void Container::try_to_build(Found found) {
  try {
    obtain(found);
  } catch (NotYet) {
    // Later, then.
  }
}

void Container::build() {
  for (auto const& node : modules_) {
    for (auto const& provider : node->module_.providers())
      try_to_build({node.get(), &provider});
  }
}

std::vector<Container::Hooked> Container::hooks() const {
  std::vector<Hooked> result;
  for (auto const& each : built_)
    result.push_back({each->type, &each->instance.hooks});
  return result;
}

void* Container::find_anywhere(TypeId type) {
  for (auto const& each : built_) {
    if (each->type == type) return each->instance.object.get();
  }
  for (auto const& provider : built_in_) {
    if (provider.type == type) return obtain({framework_, &provider}).get();
  }
  return nullptr;
}

bool Container::provides(TypeId type) const {
  return std::ranges::any_of(modules_, [&](auto const& node) {
    auto const& providers = node->module_.providers();
    return std::ranges::any_of(providers, [&](auto const& provider) { return provider.type == type; });
  });
}

// --- What cannot be

std::string Container::chain(std::string_view last) const {
  std::string text;
  for (auto const& asker : asking_)
    text += core::concat(asker.name, " → ");
  return text.append(last);
}

void Container::missing(ModuleNode const& from, TypeId type) const {
  for (auto const& node : modules_) {
    auto const provides = std::ranges::any_of(node->module_.providers(),
                                              [&](auto const& provider) { return provider.type == type; });
    if (!provides) continue;
    auto const exports = std::ranges::find(node->module_.exported(), type) != node->module_.exported().end();
    auto const remedy = exports ? core::concat("let ", from.name(), " import ", node->name())
                                : core::concat("let ", node->name(), " export it, and ", from.name(),
                                               " import ", node->name());
    throw StartError(core::concat("aerie: ", chain(type->name), ": ", type->name, " is private to ",
                                  node->name(), "; ", remedy));
  }
  throw StartError(core::concat("aerie: ", chain(type->name), ": no provider; add m.provides<", type->name,
                                ">() to ", from.name(), " or import a module that exports it"));
}

void Container::check_exports(ModuleNode const& node) const {
  for (auto const* const exported : node.module_.exported()) {
    auto const& providers = node.module_.providers();
    auto const is_own =
        std::ranges::any_of(providers, [&](auto const& provider) { return provider.type == exported; });
    auto const is_imported = std::ranges::any_of(node.imports_, [&](auto* import) {
      return import->type_ == exported ||
             std::ranges::find(import->module_.exported(), exported) != import->module_.exported().end();
    });
    if (is_own || is_imported) continue;
    throw StartError(core::concat("aerie: ", node.name(), " exports ", exported->name,
                                  ", which it neither provides nor imports"));
  }
}

void Container::check_gateways() const {
  // Two instances of a gateway would handle every message twice.
  std::map<TypeId, ModuleNode const*> seen;
  for (auto const& node : modules_) {
    for (auto const& gateway : node->module_.gateway_list()) {
      auto const [entry, is_new] = seen.emplace(gateway.type, node.get());
      if (is_new) continue;
      throw StartError(core::concat("aerie: ", gateway.type->name, " is a gateway of both ",
                                    entry->second->name(), " and ", node->name(),
                                    ", and would handle every message twice; list it in one of them"));
    }
  }
}

}}}  // namespace aerie::v1::gateway
