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
/// A provider is seen in its own module, and in those that import it if the module exports it. What is
/// `provides` is built once, at start; `per_connection` and `transient` build as often as they say.
/// https://docs.nestjs.com/modules, https://docs.nestjs.com/fundamentals/injection-scopes

#include <aerie/core/api.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/lifecycle.hpp>
#include <aerie/gateway/type_id.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
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

/// How often a provider is built, and how long it lives.
enum class Scope : std::uint8_t {
  application,  ///< Once, as long as the application.
  connection,   ///< Once for each client, as long as its socket.
  transient,    ///< For each that asks for it, as long as that.
};

/// How to build one provider.
struct Provider {
  TypeId type = nullptr;
  /// What stands behind the type, for messages: the implementation of an interface.
  TypeId built = nullptr;
  std::function<Instance(Resolver&)> build;
  Scope scope = Scope::application;
  /// What it asks for, so that what is built later is known to have it; null if nobody knows.
  std::vector<Need> (*needs)() = nullptr;
  /// Bytes of its object.
  std::size_t size = 0;
  /// Made on demand for each module by itself, of what is visible there.
  bool is_of_module = false;
};

/// A layer of the whole application.
struct GlobalLayer {
  LayerSpec spec;
  /// Empty: for both.
  std::optional<ContextType> only = std::nullopt;
  /// Made when it is first needed: gateways and controllers share it.
  std::optional<Layer> made = std::nullopt;
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

namespace detail {

template <class T, class Call>
std::shared_ptr<T> own(Call call) {
  using Result = std::remove_cvref_t<decltype(call())>;
  if constexpr (std::is_constructible_v<std::shared_ptr<T>, Result>) {
    return std::shared_ptr<T>(call());
  } else {
    return std::shared_ptr<T>(new T(call()));
  }
}

}  // namespace detail

/// Of a class, known as itself or as an interface.
template <class Interface, class T = Interface>
Provider provider_of(Scope scope = Scope::application) {
  return {type_id<Interface>(),
          type_id<T>(),
          [](Resolver& resolver) {
            auto object = make_injected<T>(resolver);
            auto hooks = hooks_of(*object);
            return Instance{std::shared_ptr<Interface>(std::move(object)), std::move(hooks)};
          },
          scope,
          &needs_of_constructor<T>,
          sizeof(T)};
}

/// Of a function.
template <class T, class Factory>
Provider provider_by(Factory factory, Scope scope = Scope::application) {
  return {type_id<T>(),
          type_id<T>(),
          [factory = std::move(factory)](Resolver& resolver) {
            // Shards may be in it at once: each has one of its own if it changes what it has caught.
            auto call = factory;
            auto object =
                detail::own<T>([&]() -> decltype(auto) { return detail::call_injected(call, resolver); });
            if (object == nullptr) return Instance{};  // which the container refuses
            auto hooks = hooks_of(*object);
            return Instance{std::move(object), std::move(hooks)};
          },
          scope,
          &needs_of_factory<Factory>,
          sizeof(T)};
}

}  // namespace gateway

/// A module with settings of its own, the result of its `for_root(options)`; see `dynamic_module`.
struct DynamicModule {
  /// For the framework: the module and its settings.
  gateway::ModuleReference reference;
};

/// What a module's `describe` is given. A plain record; belongs to whoever builds it.
class AERIE_API Module {
 public:
  /// Modules whose exported providers this one may ask for.
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
    return add_provider(gateway::provider_of<Interface, Implementation>());
  }
  /// A function that takes providers by reference and returns a T, or a std::shared_ptr or std::unique_ptr to
  /// one or to a class derived from it.
  template <class T, class Factory>
  Module& provides(Factory factory) {
    return add_provider(provider_once<T>(std::move(factory)));
  }

  // --- What is not built once

  /// A class of which each client has one of its own, from its connection to the end of its last handler. It
  /// may ask for the client (`aerie::Socket&`, `aerie::WsClient&`), for others of the client's and for any
  /// provider; gateways, guards, interceptors and filters may ask for it, and handlers with
  /// `aerie::OfConnection<T>`. Built, used and destroyed on the shard of the client. It has no lifecycle
  /// hooks. A gateway that asks for one is per connection itself.
  template <class T>
  Module& per_connection() {
    return add_provider(gateway::provider_of<T>(gateway::Scope::connection));
  }
  template <class Interface, class Implementation>
  requires std::derived_from<Implementation, Interface> Module& per_connection() {
    return add_provider(gateway::provider_of<Interface, Implementation>(gateway::Scope::connection));
  }
  /// The factory is called on several shards at once, each with a copy of it.
  template <class T, class Factory>
  Module& per_connection(Factory factory) {
    return add_provider(gateway::provider_by<T>(std::move(factory), gateway::Scope::connection));
  }
  /// A class of which everybody who asks for it gets one of their own, which lives as long as they do.
  template <class T>
  Module& transient() {
    return add_provider(gateway::provider_of<T>(gateway::Scope::transient));
  }
  template <class Interface, class Implementation>
  requires std::derived_from<Implementation, Interface> Module& transient() {
    return add_provider(gateway::provider_of<Interface, Implementation>(gateway::Scope::transient));
  }
  template <class T, class Factory>
  Module& transient(Factory factory) {
    return add_provider(gateway::provider_by<T>(std::move(factory), gateway::Scope::transient));
  }

  // --- What is there already

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

  /// A layer around every handler of the application, from any of its modules, made of what is visible in
  /// this one: as `Application::use`, before which it runs. Of several modules the root's come first, then
  /// those of what it imports. https://docs.nestjs.com/guards#binding-guards, APP_GUARD
  template <class T, class... Args>
  gateway::GlobalLayerBuilder use_everywhere(Args&&... args) {
    return add_layer(gateway::layer_spec<T>(std::forward<Args>(args)...));
  }
  template <gateway::HasOptions T>
  gateway::GlobalLayerBuilder use_everywhere(typename T::Options const& options) {
    return add_layer(gateway::layer_spec<T>(options));
  }

  /// Classes that handle the messages of clients; each is a provider as well.
  template <class... Gateways>
  Module& gateways();
  /// Classes that handle HTTP requests; each is a provider as well.
  template <class... Controllers>
  Module& controllers();

  // --- For the framework.

  /// What `imports` was told.
  std::vector<gateway::ModuleReference> const& imported() const { return imports_; }
  /// What may be asked for here.
  std::vector<gateway::Provider> const& providers() const { return providers_; }
  /// The types of those that others may ask for.
  std::vector<gateway::TypeId> const& exported() const { return exports_; }
  /// What `gateways` was told.
  std::vector<gateway::Listed<gateway::GatewayDescription>> const& gateway_list() const { return gateways_; }
  /// What `controllers` was told.
  std::vector<gateway::Listed<gateway::ControllerDescription>> const& controller_list() const {
    return controllers_;
  }
  /// Whether its exports are everybody's.
  bool is_global() const { return is_global_; }
  /// What `use_everywhere` was told.
  std::deque<gateway::GlobalLayer> const& layers() const { return layers_; }

 private:
  // Called once, so that it need not be copied.
  template <class T, class Factory>
  static gateway::Provider provider_once(Factory factory) {
    return {gateway::type_id<T>(),
            gateway::type_id<T>(),
            [factory = std::move(factory)](gateway::Resolver& resolver) mutable {
              auto object = gateway::detail::own<T>(
                  [&]() -> decltype(auto) { return gateway::detail::call_injected(factory, resolver); });
              if (object == nullptr) return gateway::Instance{};  // which the container refuses
              auto hooks = gateway::hooks_of(*object);
              return gateway::Instance{std::move(object), std::move(hooks)};
            },
            gateway::Scope::application,
            &gateway::needs_of_factory<Factory>,
            sizeof(T)};
  }

  gateway::GlobalLayerBuilder add_layer(gateway::LayerSpec spec);
  void add_import(gateway::ModuleReference reference);
  Module& add_provider(gateway::Provider provider);

  std::vector<gateway::ModuleReference> imports_;
  std::vector<gateway::Provider> providers_;
  std::vector<gateway::TypeId> exports_;
  std::vector<gateway::Listed<gateway::GatewayDescription>> gateways_;
  std::vector<gateway::Listed<gateway::ControllerDescription>> controllers_;
  std::deque<gateway::GlobalLayer> layers_;  // builders keep references into it
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
