#pragma once

/// \file
/// Modules: what belongs together, and what of it others may use.
///
///     struct ChatModule {
///       static void describe(aerie::Module& m) {
///         m.imports<AuthModule>();
///         m.provides<ChatService>().provides<MessageStore, SqliteMessageStore>();
///         m.gateways<ChatGateway>().controllers<ChatController>();
///         m.exports<ChatService>();
///       }
///     };
///
/// A provider is seen in its own module, and in those that import it if the module exports it. Everything
/// provided is built once, at start. https://docs.nestjs.com/modules

#include <aerie/core/api.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/lifecycle.hpp>
#include <aerie/gateway/type_id.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Module;

namespace gateway {
struct GatewayDescription;
struct ControllerDescription;

/// A built provider.
struct Instance {
  std::shared_ptr<void> object;  // points at the type it is provided as
  LifecycleHooks hooks;
};

/// How to build one provider.
struct Provider {
  TypeId type = nullptr;
  /// What stands behind the type, for messages: the implementation of an interface.
  TypeId built = nullptr;
  std::function<Instance(Resolver&)> build;
};

/// A module as it is imported.
struct ModuleReference {
  TypeId type = nullptr;
  /// Empty but for dynamic modules, of which two are never the same.
  std::shared_ptr<std::function<void(Module&)> const> extra;
  void (*describe)(Module&) = nullptr;
};

/// A gateway or a controller: a provider with a description.
template <class Description>
struct Listed {
  TypeId type = nullptr;
  std::shared_ptr<Description const> (*describe)() = nullptr;
};

// Defined in aerie/gateway/gateway.hpp and aerie/gateway/controller.hpp.
template <class G>
std::shared_ptr<GatewayDescription const> describe_gateway();
template <class C>
std::shared_ptr<ControllerDescription const> describe_controller();

template <class T>
Provider provider_of() {
  return {type_id<T>(), type_id<T>(), [](Resolver& resolver) {
            auto object = make_injected<T>(resolver);
            auto hooks = hooks_of(*object);
            return Instance{std::move(object), std::move(hooks)};
          }};
}

}  // namespace gateway

/// A module with settings of its own, the result of its `for_root(options)`; see `dynamic_module`.
struct DynamicModule {
  gateway::ModuleReference reference;
};

/// What a module's `describe` is given. A plain record; belongs to whoever builds it.
class AERIE_API Module {
 public:
  template <class... Modules>
  Module& imports() {
    (add_import({gateway::type_id<Modules>(), nullptr, &Modules::describe}), ...);
    return *this;
  }
  Module& imports(DynamicModule module) {
    add_import(std::move(module.reference));
    return *this;
  }

  /// A class, built with what its constructor asks for.
  template <class T>
  Module& provides() {
    return add_provider(gateway::provider_of<T>());
  }
  /// An interface and the class that stands behind it.
  template <class Interface, class Implementation>
  requires std::derived_from<Implementation, Interface> Module& provides() {
    return add_provider(
        {gateway::type_id<Interface>(), gateway::type_id<Implementation>(), [](gateway::Resolver& resolver) {
           auto object = gateway::make_injected<Implementation>(resolver);
           auto hooks = gateway::hooks_of(*object);
           return gateway::Instance{std::shared_ptr<Interface>(std::move(object)), std::move(hooks)};
         }});
  }
  /// A function that takes providers by reference and returns a T, or a std::shared_ptr or std::unique_ptr to
  /// one or to a class derived from it.
  template <class T, class Factory>
  Module& provides(Factory factory) {
    return add_provider({gateway::type_id<T>(), gateway::type_id<T>(),
                         [factory = std::move(factory)](gateway::Resolver& resolver) mutable {
                           auto object = own<T>([&]() -> decltype(auto) {
                             return gateway::detail::call_injected(factory, resolver);
                           });
                           if (object == nullptr) return gateway::Instance{};  // which the container refuses
                           auto hooks = gateway::hooks_of(*object);
                           return gateway::Instance{std::move(object), std::move(hooks)};
                         }});
  }
  /// An object that exists already; it is copied or moved into the module.
  template <class T>
  Module& provides_value(T value) {
    auto object = std::make_shared<T>(std::move(value));
    return add_provider({gateway::type_id<T>(), gateway::type_id<T>(), [object](gateway::Resolver&) {
                           return gateway::Instance{object, gateway::hooks_of(*object)};
                         }});
  }
  /// An object that somebody else owns and that outlives the application.
  template <class T>
  Module& provides_reference(T& object) {
    return add_provider(
        {gateway::type_id<T>(), gateway::type_id<T>(), [&object](gateway::Resolver&) {
           return gateway::Instance{std::shared_ptr<void>(std::shared_ptr<void>(), &object), {}};
         }});
  }

  /// Another name for a provider: whoever asks for the interface gets the one object of the class.
  template <class Interface, class Existing>
  requires std::derived_from<Existing, Interface> Module& provides_existing() {
    return add_provider(
        {gateway::type_id<Interface>(), gateway::type_id<Existing>(), [](gateway::Resolver& resolver) {
           Interface& object = resolver.get<Existing>();
           return gateway::Instance{std::shared_ptr<Interface>(std::shared_ptr<void>(), &object), {}};
         }});
  }

  /// Makes providers of this module, or whole modules that it imports, visible to whoever imports it.
  template <class... Ts>
  Module& exports() {
    (exports_.push_back(gateway::type_id<Ts>()), ...);
    return *this;
  }
  /// What it exports is visible everywhere, without an import.
  Module& global() {
    is_global_ = true;
    return *this;
  }

  template <class... Gateways>
  Module& gateways();
  template <class... Controllers>
  Module& controllers();

  // --- For the framework.

  std::vector<gateway::ModuleReference> const& imported() const { return imports_; }
  std::vector<gateway::Provider> const& providers() const { return providers_; }
  std::vector<gateway::TypeId> const& exported() const { return exports_; }
  std::vector<gateway::Listed<gateway::GatewayDescription>> const& gateway_list() const { return gateways_; }
  std::vector<gateway::Listed<gateway::ControllerDescription>> const& controller_list() const {
    return controllers_;
  }
  bool is_global() const { return is_global_; }

 private:
  template <class T, class Call>
  static std::shared_ptr<T> own(Call call) {
    using Result = std::remove_cvref_t<decltype(call())>;
    if constexpr (std::is_constructible_v<std::shared_ptr<T>, Result>) {
      return std::shared_ptr<T>(call());
    } else {
      return std::shared_ptr<T>(new T(call()));
    }
  }

  void add_import(gateway::ModuleReference reference);
  Module& add_provider(gateway::Provider provider);

  std::vector<gateway::ModuleReference> imports_;
  std::vector<gateway::Provider> providers_;
  std::vector<gateway::TypeId> exports_;
  std::vector<gateway::Listed<gateway::GatewayDescription>> gateways_;
  std::vector<gateway::Listed<gateway::ControllerDescription>> controllers_;
  bool is_global_ = false;
};

namespace gateway {

template <class M>
concept ModuleClass = requires(Module& module) {
  M::describe(module);
};

template <class M>
ModuleReference module_reference() {
  static_assert(ModuleClass<M>, "aerie: a module has a `static void describe(aerie::Module& m)`");
  return {type_id<M>(), nullptr, &M::describe};
}

}  // namespace gateway

/// A module whose contents depend on settings:
///
///     static aerie::DynamicModule for_root(StoreOptions options) {
///       return aerie::dynamic_module<StoreModule>([options](aerie::Module& m) { m.provides_value(options);
///       });
///     }
///
/// `extra` adds to what the module's own `describe` says.
template <class M>
DynamicModule dynamic_module(std::function<void(Module&)> extra) {
  auto reference = gateway::module_reference<M>();
  reference.extra = std::make_shared<std::function<void(Module&)> const>(std::move(extra));
  return {std::move(reference)};
}

template <class... Gateways>
Module& Module::gateways() {
  (gateways_.push_back({gateway::type_id<Gateways>(), &gateway::describe_gateway<Gateways>}), ...);
  (add_provider(gateway::provider_of<Gateways>()), ...);
  return *this;
}

template <class... Controllers>
Module& Module::controllers() {
  (controllers_.push_back({gateway::type_id<Controllers>(), &gateway::describe_controller<Controllers>}),
   ...);
  (add_provider(gateway::provider_of<Controllers>()), ...);
  return *this;
}

}}  // namespace aerie::v1
