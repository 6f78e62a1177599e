#pragma once

/// \file
/// The modules of an application with everything they provide, built.

#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/module_ref.hpp>
#include <aerie/gateway/overrides.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class Container;
class InstanceTree;

/// Thrown where what each client has of its own is asked for when there is no client: the gateway or layer
/// that asks is made when there is one.
struct NeedsConnection {};

/// Thrown by providers of what is not there before the application starts; who asks for it is built then.
struct NotYet {};

/// A module in the container: what it provides and what it sees. As a Resolver it stands for itself: it finds
/// what is visible in it.
class ModuleNode final : public Resolver, private ModuleRef {
 public:
  ModuleNode(Container& container, TypeId type) : container_(container), type_(type) {}
  ~ModuleNode() override = default;

  void* resolve(TypeId type) override;
  void* resolve_on_demand(TypeId type, Provider const& provider) override;
  std::shared_ptr<void> find(TypeId type) override;
  LayerSpec const* find_layer_override(TypeId type) const noexcept override;

  Module const& module() const { return module_; }
  std::string_view name() const { return type_->name; }
  Container& container() noexcept { return container_; }
  ModuleRef& ref() noexcept { return *this; }

 private:
  friend class Container;

  std::shared_ptr<void> look_up(TypeId type, bool required) override;
  std::shared_ptr<Resolver> open() override;
  std::shared_ptr<void> take_transient(Resolver& scope, TypeId type) override;

  Container& container_;
  TypeId type_;
  Module module_;
  std::vector<ModuleNode*> imports_;
  /// It was imported with options, and to import it without them is to import another one.
  bool has_options_ = false;
};

/// Builds everything once, what is needed first, and destroys it in reverse. Not synchronised: it is used
/// while the application starts, and read-only once it is `settled`, when any thread may ask.
class Container {
 public:
  /// Somebody whose dependencies are being looked for.
  struct Asker {
    ModuleNode const* owner;
    TypeId type;
    std::string_view name;
    Scope scope;
  };
  struct Found {
    ModuleNode* owner = nullptr;
    Provider const* provider = nullptr;
  };

  /// Reads the modules. Of a module that is loaded late `parent` is the application's container, whose
  /// modules it shares. Throws StartError.
  Container(ModuleReference const& root, std::vector<Provider> built_in, Overrides overrides = {},
            Container* parent = nullptr);
  ~Container();
  Container(Container const&) = delete;
  Container& operator=(Container const&) = delete;

  /// Builds all providers but those that ask for something which is not there yet (`NotYet`); to be called
  /// again when it is. Throws StartError, naming the chain of who asked for whom.
  void build();

  /// From here on nothing is built or changed any more.
  void settle();
  bool is_settled() const noexcept { return is_settled_; }

  /// In the order of their imports, what is imported first.
  std::vector<std::unique_ptr<ModuleNode>> const& modules() const { return modules_; }
  ModuleNode& root() const { return *modules_.back(); }
  /// The root first, then what it imports with all behind that, one import after the other.
  std::vector<ModuleNode*> modules_from_root() const;
  /// The module if the application has it; null otherwise.
  ModuleNode* find_module(ModuleReference const& reference) const;
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

  /// Whether it is provided for each client, or for each who asks.
  bool is_built_later(TypeId type) const;

  // --- What each client has of its own

  /// Whether a gateway is made for each client, as it asks for what is. Known when it was tried to build it.
  bool is_per_connection(ModuleNode const& node, TypeId gateway) const;
  /// Which types of clients are asked for.
  std::vector<TypeId> const& clients_asked_for() const noexcept { return clients_; }

  // --- For InstanceTree

  /// Null in both if none is visible.
  Found find_visible(ModuleNode& from, TypeId type);
  /// That provider, or what a test has put in its place.
  Provider const& effective(Provider const& provider) const;
  /// What there is one of, which `found` is. Once it is settled this changes nothing.
  std::shared_ptr<void> shared(Found found);
  [[noreturn]] void missing(ModuleNode const& from, TypeId type, std::vector<Asker> const& asking) const;
  [[noreturn]] static void refuse_cycle(std::vector<Asker> const& asking, TypeId last);
  ModuleNode& framework() noexcept { return *framework_; }

 private:
  friend class ModuleNode;

  struct Built {
    ModuleNode const* owner;
    TypeId type;
    Instance instance;
    bool is_own = false;  // somebody's, which nobody else finds
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
  Found find_own(ModuleNode& node, TypeId type);
  Found find_exported(ModuleNode& node, TypeId type);
  std::shared_ptr<void> obtain(Found found);
  void try_to_build(Found found);
  [[noreturn]] void refuse_connection(Found found);
  /// Throws what building it for a client would throw.
  void check(Found found);
  bool is_gateway(ModuleNode const& node, TypeId type) const;
  std::shared_ptr<void> built(ModuleNode const& owner, TypeId type) const;
  std::string way_to(ModuleNode const& wanted, ModuleNode const& from) const;
  void check_exports(ModuleNode const& node) const;
  void check_gateways() const;

  Overrides overrides_;
  std::vector<Provider> built_in_;
  std::deque<Provider> on_demand_;  // referred to by what is being built
  std::vector<std::unique_ptr<ModuleNode>> modules_;
  std::vector<std::pair<ModuleReference, ModuleNode*>> known_;
  std::vector<Asker> asking_;
  std::vector<std::unique_ptr<Built>> built_;
  std::vector<std::pair<ModuleNode const*, TypeId>> per_connection_;  // gateways
  std::vector<TypeId> clients_;
  ModuleNode* framework_ = nullptr;
  Container* parent_ = nullptr;
  std::atomic<bool> is_settled_{false};
};

}}}  // namespace aerie::v1::gateway
