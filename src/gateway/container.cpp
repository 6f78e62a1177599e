#include "gateway/container.hpp"

#include "gateway/instance_tree.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// What the application itself provides to every module.
struct FrameworkModule {};

std::string chain(std::vector<Container::Asker> const& asking, std::string_view last) {
  std::string text;
  for (auto const& asker : asking)
    text += core::concat(asker.name, " → ");
  return text.append(last);
}

bool is_asking(std::vector<Container::Asker> const& asking, Container::Found found) {
  return std::ranges::any_of(asking, [&](auto const& asker) {
    return asker.owner == found.owner && asker.type == found.provider->type;
  });
}

}  // namespace

// --- A module

void* ModuleNode::resolve(TypeId type) {
  if (type == type_id<ModuleRef>()) return &ref();
  auto const found = container_.find_visible(*this, type);
  if (found.provider == nullptr) container_.missing(*this, type, container_.asking_);
  return container_.obtain(found).get();
}

void* ModuleNode::resolve_on_demand(TypeId type, Provider const& provider) {
  auto found = container_.find_visible(*this, type);
  if (found.provider == nullptr) {
    auto& known = container_.on_demand_;
    auto const is_it = [&](Provider const& other) { return other.type == type; };
    auto at = std::ranges::find_if(known, is_it);
    if (at == known.end()) at = known.insert(known.end(), provider);
    found = {provider.is_of_module ? this : container_.framework_, &*at};
  }
  return container_.obtain(found).get();
}

std::shared_ptr<void> ModuleNode::find(TypeId type) {
  auto const found = container_.find_visible(*this, type);
  return found.provider == nullptr ? nullptr : container_.obtain(found);
}

std::shared_ptr<void> ModuleNode::look_up(TypeId type, bool required) {
  auto const found = container_.find_visible(*this, type);
  if (found.provider == nullptr) {
    if (!required) return nullptr;
    container_.missing(*this, type, {});
  }
  auto const scope = container_.effective(*found.provider).scope;
  if (scope == Scope::application) return container_.shared(found);
  throw StartError(core::concat(
      "aerie: ", type->name, " is asked for of a ModuleRef, but ",
      scope == Scope::transient ? "everybody has one of their own; take ModuleRef::resolve"
                                : "each client has one of its own; take aerie::OfConnection in a handler"));
}

std::shared_ptr<Resolver> ModuleNode::open() {
  return std::make_shared<TreeOfModule>(*this);
}

std::shared_ptr<void> ModuleNode::take_transient(Resolver& scope, TypeId type) {
  auto const found = container_.find_visible(*this, type);
  if (found.provider == nullptr) container_.missing(*this, type, {});
  if (container_.effective(*found.provider).scope == Scope::transient) return scope.find(type);
  throw StartError(core::concat("aerie: ", type->name,
                                " is to be resolved by a ModuleRef, but it is not transient; take "
                                "ModuleRef::get, or provide it with m.transient"));
}

LayerSpec const* ModuleNode::find_layer_override(TypeId type) const noexcept {
  auto const& layers = container_.overrides_.layers;
  auto const found = layers.find(type);
  return found == layers.end() ? nullptr : &found->second;
}

// --- The modules

Container::Container(ModuleReference const& root, std::vector<Provider> built_in, Overrides overrides,
                     Container* parent)
    : overrides_(std::move(overrides)), built_in_(std::move(built_in)), parent_(parent) {
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
  if (auto* const known = find_module(reference)) return *known;
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
  node->has_options_ = reference.extra != nullptr;
  if (reference.extra) (*reference.extra)(node->module_);
  for (auto const& import : node->module_.imported())
    node->imports_.push_back(&add(import, path));
  path.pop_back();
  known_.emplace_back(reference, node.get());
  modules_.push_back(std::move(node));
  return *modules_.back();
}

ModuleNode* Container::find_module(ModuleReference const& reference) const {
  for (auto const& [other, node] : known_) {
    if (other.type == reference.type && other.extra == reference.extra) return node;
  }
  return parent_ == nullptr ? nullptr : parent_->find_module(reference);
}

std::vector<ModuleNode*> Container::modules_from_root() const {
  std::vector<ModuleNode*> result;
  auto const visit = [&](auto const& again, ModuleNode& node) -> void {
    if (std::ranges::find(result, &node) != result.end()) return;
    result.push_back(&node);
    for (auto* const import : node.imports_)
      again(again, *import);
  };
  visit(visit, root());
  return result;
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
  for (auto* container = this; container != nullptr; container = container->parent_) {
    for (auto const& node : container->modules_) {
      if (!node->module_.is_global()) continue;
      if (auto const found = find_exported(*node, type); found.provider != nullptr) return found;
    }
  }
  for (auto* container = this; container != nullptr; container = container->parent_) {
    for (auto const& provider : container->built_in_) {
      if (provider.type == type) return {container->framework_, &provider};
    }
  }
  return {};
}

// --- Building

std::shared_ptr<void> Container::built(ModuleNode const& owner, TypeId type) const {
  for (auto const& each : built_) {
    if (each->owner == &owner && each->type == type && !each->is_own) return each->instance.object;
  }
  return nullptr;
}

Provider const& Container::effective(Provider const& provider) const {
  if (parent_ != nullptr) return parent_->effective(provider);
  auto const overridden = overrides_.providers.find(provider.type);
  return overridden == overrides_.providers.end() ? provider : overridden->second;
}

std::shared_ptr<void> Container::shared(Found found) {
  if (&found.owner->container_ != this) return found.owner->container_.shared(found);
  if (!is_settled_) return obtain(found);
  if (auto object = built(*found.owner, found.provider->type)) return object;
  if (effective(*found.provider).scope != Scope::application) throw NeedsConnection{};
  // Only what the framework has to offer was not built, as nobody had asked for it: references.
  return effective(*found.provider).build(*found.owner).object;
}

std::shared_ptr<void> Container::obtain(Found found) {
  if (is_settled_ || &found.owner->container_ != this) return shared(found);
  auto const type = found.provider->type;
  auto const& provider = effective(*found.provider);
  if (provider.scope == Scope::connection) refuse_connection(found);
  auto const is_transient = provider.scope == Scope::transient;
  if (!is_transient) {
    if (auto object = built(*found.owner, type)) return object;
  }
  if (is_asking(asking_, found)) refuse_cycle(asking_, found.provider->built);
  Asking const asking(asking_, {found.owner, type, found.provider->built->name, provider.scope});
  auto instance = provider.build(*found.owner);
  if (!instance.object) {
    throw StartError(core::concat("aerie: the factory of ", type->name, " returned nothing"));
  }
  built_.push_back(std::make_unique<Built>(Built{found.owner, type, std::move(instance), is_transient}));
  return built_.back()->instance.object;
}

void Container::try_to_build(Found found) {
  if (effective(*found.provider).scope != Scope::application) return check(found);
  try {
    obtain(found);
  } catch (NotYet) {
    // Later, then.
  } catch (NeedsConnection) {
    check(found);
  }
}

void Container::build() {
  for (auto const& node : modules_) {
    for (auto const& provider : node->module_.providers())
      try_to_build({node.get(), &provider});
  }
}

void Container::settle() {
  is_settled_ = true;
}

// --- What each client has of its own

bool Container::is_gateway(ModuleNode const& node, TypeId type) const {
  auto const& list = node.module_.gateway_list();
  return std::ranges::any_of(list, [&](auto const& listed) { return listed.type == type; });
}

bool Container::is_per_connection(ModuleNode const& node, TypeId gateway) const {
  return std::ranges::find(per_connection_, std::pair(&node, gateway)) != per_connection_.end();
}

void Container::refuse_connection(Found found) {
  // What everybody has one of for themselves is as its owner is.
  auto asker = asking_.rbegin();
  while (asker != asking_.rend() && asker->scope == Scope::transient)
    ++asker;
  // A layer, which is made for each client then.
  if (asker == asking_.rend()) throw NeedsConnection{};
  if (is_gateway(*asker->owner, asker->type)) {
    auto const gateway = std::pair(asker->owner, asker->type);
    if (!is_per_connection(*gateway.first, gateway.second)) per_connection_.push_back(gateway);
    throw NeedsConnection{};
  }
  auto const& controllers = asker->owner->module_.controller_list();
  auto const is_controller =
      std::ranges::any_of(controllers, [&](auto const& listed) { return listed.type == asker->type; });
  throw StartError(core::concat(
      "aerie: ", chain(asking_, found.provider->built->name), ": each client has a ",
      found.provider->type->name, " of its own, but there is one ", asker->name,
      is_controller ? std::string(" for all requests, which have none; ask for it in a gateway")
                    : core::concat("; provide that with m.per_connection<", asker->name, ">() as well")));
}

void Container::check(Found found) {
  auto const& provider = effective(*found.provider);
  // A client, or what is known to be there.
  if (provider.needs == nullptr) return;
  if (is_asking(asking_, found)) refuse_cycle(asking_, found.provider->built);
  Asking const asking(asking_,
                      {found.owner, found.provider->type, found.provider->built->name, provider.scope});
  for (auto const& need : provider.needs()) {
    if (need.made_on_demand || need.type == type_id<ModuleRef>()) continue;
    auto const needed = find_visible(*found.owner, need.type);
    if (needed.provider == nullptr) missing(*found.owner, need.type, asking_);
    auto const scope = effective(*needed.provider).scope;
    if (!needed.provider->build && scope == Scope::connection) {
      if (std::ranges::find(clients_, need.type) == clients_.end()) clients_.push_back(need.type);
    } else if (scope != Scope::application) {
      check(needed);
    }
  }
}

// --- What there is

std::vector<Container::Hooked> Container::hooks() const {
  std::vector<Hooked> result;
  for (auto const& each : built_)
    result.push_back({each->type, &each->instance.hooks});
  return result;
}

void* Container::find_anywhere(TypeId type) {
  for (auto const& each : built_) {
    if (each->type == type && !each->is_own) return each->instance.object.get();
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

bool Container::is_built_later(TypeId type) const {
  return std::ranges::any_of(modules_, [&](auto const& node) {
    return std::ranges::any_of(node->module_.providers(), [&](auto const& provider) {
      return provider.type == type &&
             (effective(provider).scope != Scope::application || is_per_connection(*node, type));
    });
  });
}

// --- What cannot be

void Container::refuse_cycle(std::vector<Asker> const& asking, TypeId last) {
  throw StartError(core::concat("aerie: ", chain(asking, last->name),
                                ": these need each other; break the cycle with a factory, or move what "
                                "both need into a class of its own"));
}

/// How what a module exports comes to another one, in words.
std::string Container::way_to(ModuleNode const& wanted, ModuleNode const& from) const {
  if (!wanted.has_options_) return core::concat("let ", from.name(), " import ", wanted.name());
  auto const reaches = [](auto const& again, ModuleNode const& node, ModuleNode const& other) -> bool {
    return std::ranges::any_of(
        node.imports_, [&](auto const* import) { return import == &other || again(again, *import, other); });
  };
  for (auto const& node : modules_) {
    if (node.get() == &from || std::ranges::find(node->imports_, &wanted) == node->imports_.end()) continue;
    if (reaches(reaches, *node, from)) continue;  // they would import each other
    return core::concat("let ", node->name(), " export ", wanted.name(), ", and ", from.name(), " import ",
                        node->name());
  }
  return core::concat("import it with its options in a module of its own that exports it, and let ",
                      from.name(), " import that");
}

void Container::missing(ModuleNode const& from, TypeId type, std::vector<Asker> const& asking) const {
  for (auto const* container = this; container != nullptr; container = container->parent_) {
    for (auto const& node : container->modules_) {
      auto const provides = std::ranges::any_of(node->module_.providers(),
                                                [&](auto const& provider) { return provider.type == type; });
      if (!provides) continue;
      auto const& exported = node->module_.exported();
      auto const exports = std::ranges::find(exported, type) != exported.end();
      auto const remedy = exports ? way_to(*node, from)
                                  : core::concat("let ", node->name(), " export it, and ", from.name(),
                                                 " import ", node->name());
      throw StartError(core::concat("aerie: ", chain(asking, type->name), ": ", type->name, " is private to ",
                                    node->name(), "; ", remedy));
    }
  }
  throw StartError(core::concat("aerie: ", chain(asking, type->name), ": no provider; add m.provides<",
                                type->name, ">() to ", from.name(), " or import a module that exports it"));
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
