#pragma once

/// \file
/// What is built after the start: for one client, or for one who asks a ModuleRef.

#include "gateway/container.hpp"

#include <aerie/core/account.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/layers.hpp>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// Builds each thing when it is first asked for, what that needs before, and destroys all in reverse. What
/// there is one of for the application is the container's, which has to be settled and is only read. Belongs
/// to one thread at a time: of a client's it is its shard's.
class InstanceTree {
 public:
  /// Of a type that those may ask for that are built here.
  struct Client {
    TypeId type = nullptr;
    void* object = nullptr;
  };

  /// Without a client: what belongs to clients is refused.
  InstanceTree() = default;
  /// What is built is charged to the account.
  InstanceTree(Client client, core::Account& account) : client_(client), charge_(std::in_place, account, 0) {}
  ~InstanceTree();
  InstanceTree(InstanceTree const&) = delete;
  InstanceTree& operator=(InstanceTree const&) = delete;

  /// What is visible in a module, built if it is not there yet. Throws StartError, and what constructors
  /// throw.
  void* resolve(ModuleNode& from, TypeId type);
  void* resolve_on_demand(ModuleNode& from, TypeId type, Provider const& provider);
  /// Null if nothing of that type is visible.
  std::shared_ptr<void> find(ModuleNode& from, TypeId type);
  /// Whether a module's own provider has been built.
  bool has(ModuleNode const& owner, TypeId type) const noexcept { return built(owner, type) != nullptr; }
  /// A layer with dependencies, made when it is first asked for by that key.
  Layer const& layer(void const* key, LayerSpec const& spec, ModuleNode& from);

 private:
  struct Built {
    ModuleNode const* owner;
    TypeId type;  // null: somebody's own, which nobody else finds
    std::shared_ptr<void> object;
  };

  std::shared_ptr<void> obtain(Container::Found found);
  std::shared_ptr<void> build(Container::Found found, Provider const& provider, bool is_own);
  std::shared_ptr<void> built(ModuleNode const& owner, TypeId type) const noexcept;

  Client client_;
  std::optional<core::Charge> charge_;
  std::vector<Container::Asker> asking_;
  std::vector<Built> built_;
  std::map<void const*, Layer> layers_;
};

/// A tree as it is seen from a module.
class TreeView final : public Resolver {
 public:
  TreeView(InstanceTree& tree, ModuleNode& from) : tree_(tree), from_(from) {}

  void* resolve(TypeId type) override { return tree_.resolve(from_, type); }
  void* resolve_on_demand(TypeId type, Provider const& provider) override {
    return tree_.resolve_on_demand(from_, type, provider);
  }
  std::shared_ptr<void> find(TypeId type) override { return tree_.find(from_, type); }
  LayerSpec const* find_layer_override(TypeId type) const noexcept override {
    return from_.find_layer_override(type);
  }

 private:
  InstanceTree& tree_;
  ModuleNode& from_;
};

/// The tree of one who asks a ModuleRef.
class TreeOfModule final : public Resolver {
 public:
  explicit TreeOfModule(ModuleNode& from) : view_(tree_, from) {}

  void* resolve(TypeId type) override { return view_.resolve(type); }
  void* resolve_on_demand(TypeId type, Provider const& provider) override {
    return view_.resolve_on_demand(type, provider);
  }
  std::shared_ptr<void> find(TypeId type) override { return view_.find(type); }

 private:
  InstanceTree tree_;
  TreeView view_;
};

/// The tree of the context's client, made if there is none yet. Throws StartError for a request.
InstanceTree& tree_of(ExecutionContext& context);
/// The same; null if there is none yet.
InstanceTree* find_tree(ExecutionContext const& context) noexcept;

/// A layer that asks for what belongs to clients: each has one of its own, made when it is first needed.
/// Throws StartError for a pipe, which does not know whose value it is given.
Layer layer_per_connection(LayerSpec const& spec, ModuleNode& from);

}}}  // namespace aerie::v1::gateway
