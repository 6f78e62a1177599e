#pragma once

/// \file
/// The modules of an application with everything they provide, built.

#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/overrides.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class Container;

/// Thrown by providers of what is not there before the application starts; who asks for it is built then.
struct NotYet {};

/// A module in the container: what it provides and what it sees. As a Resolver it stands for itself: it finds
/// what is visible in it.
class ModuleNode final : public Resolver {
 public:
  ModuleNode(Container& container, TypeId type) : container_(container), type_(type) {}

  void* resolve(TypeId type) override;
  void* resolve_on_demand(TypeId type, Provider const& provider) override;
  std::shared_ptr<void> find(TypeId type) override;
  LayerSpec const* find_layer_override(TypeId type) const noexcept override;

  Module const& module() const { return module_; }
  std::string_view name() const { return type_->name; }

 private:
  friend class Container;

  Container& container_;
  TypeId type_;
  Module module_;
  std::vector<ModuleNode*> imports_;
};

/// Builds everything once, what is needed first, and destroys it in reverse. Not synchronised: it is used
/// while the application starts, and read-only afterwards.
class Container {
 public:
  /// Reads the modules. Throws StartError.
  Container(ModuleReference const& root, std::vector<Provider> built_in, Overrides overrides = {});
  ~Container();
  Container(Container const&) = delete;
  Container& operator=(Container const&) = delete;

  /// Builds all providers but those that ask for something which is not there yet (`NotYet`); to be called
  /// again when it is. Throws StartError, naming the chain of who asked for whom.
  void build();

  /// In the order of their imports, what is imported first.
  std::vector<std::unique_ptr<ModuleNode>> const& modules() const { return modules_; }
  /// The hooks of everything that was built, in that order.
  struct Hooked {
    TypeId type;
    LifecycleHooks const* hooks;
  };
  std::vector<Hooked> hooks() const;
  /// From any module, or the application itself; null if there is none, or none yet.
  void* find_anywhere(TypeId type);
  /// Whether a module provides it, built or not.
  bool provides(TypeId type) const;

 private:
  friend class ModuleNode;

  struct Built {
    ModuleNode const* owner;
    TypeId type;
    Instance instance;
  };
  struct Found {
    ModuleNode* owner = nullptr;
    Provider const* provider = nullptr;
  };
  /// Somebody whose dependencies are being looked for.
  struct Asker {
    ModuleNode const* owner;
    TypeId type;
    std::string_view name;
  };
  /// Is in the list for as long as it lives.
  class Asking {
   public:
    Asking(std::vector<Asker>& list, Asker asker) : list_(list) { list.push_back(asker); }
    ~Asking() { list_.pop_back(); }
    Asking(Asking const&) = delete;
    Asking& operator=(Asking const&) = delete;

   private:
    std::vector<Asker>& list_;
  };

  ModuleNode& add(ModuleReference const& reference, std::vector<TypeId>& path);
  Found find_visible(ModuleNode& from, TypeId type);
  Found find_own(ModuleNode& node, TypeId type);
  Found find_exported(ModuleNode& node, TypeId type);
  std::shared_ptr<void> obtain(Found found);
  void try_to_build(Found found);
  std::shared_ptr<void> built(ModuleNode const& owner, TypeId type) const;
  std::string chain(std::string_view last) const;
  [[noreturn]] void missing(ModuleNode const& from, TypeId type) const;
  void check_exports(ModuleNode const& node) const;
  void check_gateways() const;

  Overrides overrides_;
  std::vector<Provider> built_in_;
  std::deque<Provider> on_demand_;  // referred to by what is being built
  std::vector<std::unique_ptr<ModuleNode>> modules_;
  std::vector<std::pair<ModuleReference, ModuleNode*>> known_;
  std::vector<Asker> asking_;
  std::vector<std::unique_ptr<Built>> built_;
  ModuleNode* framework_ = nullptr;
};

}}}  // namespace aerie::v1::gateway
