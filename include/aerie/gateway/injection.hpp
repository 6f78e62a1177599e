#pragma once

/// \file
/// Constructor injection: a provider's one public constructor says what it needs by taking references.
///
///     class ChatService {
///      public:
///       ChatService(MessageStore& store, Clock const& clock);
///     };
///
/// Where that is not enough, a type names its dependencies: `using inject = aerie::inject<A, B>;`, or it is
/// provided by a factory (aerie/gateway/module.hpp).

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/socketio/callable.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// Names the dependencies of a type whose constructor cannot be read: one that is overloaded or a template.
template <class... Dependencies>
struct inject {};

namespace gateway {

struct LayerSpec;
struct Provider;

namespace detail {

/// Types that no module provides: the framework makes one for whoever asks, by `MadeOnDemand<T>::provider()`.
template <class T>
inline constexpr bool is_made_on_demand = false;
template <class T>
struct MadeOnDemand;

}  // namespace detail

/// A type that is asked for, and whether the framework makes one where no module provides it.
struct Need {
  TypeId type = nullptr;
  bool made_on_demand = false;
};

/// Finds what a provider asks for; builds it first if need be. Throws StartError.
class AERIE_API Resolver {
 public:
  virtual ~Resolver() = default;
  virtual void* resolve(TypeId type) = 0;
  /// The same for what the framework makes if nobody provides it.
  virtual void* resolve_on_demand(TypeId type, Provider const& provider) = 0;
  /// The same without an error: null if nothing of that type is visible.
  virtual std::shared_ptr<void> find(TypeId type) = 0;
  /// The layer that stands in for layers of that class, as tests may want it; null if none does.
  virtual LayerSpec const* find_layer_override(TypeId) const noexcept { return nullptr; }

  template <class T>
  T& get() {
    using Plain = std::remove_const_t<T>;
    if constexpr (detail::is_made_on_demand<Plain>) {
      return *static_cast<Plain*>(resolve_on_demand(type_id<T>(), detail::MadeOnDemand<Plain>::provider()));
    } else {
      return *static_cast<Plain*>(resolve(type_id<T>()));
    }
  }
  /// The provider of that type if there is one, otherwise a T of the caller's own with its dependencies.
  template <class T>
  std::shared_ptr<T> find_or_make();
};

namespace detail {

// Converts to a reference to whatever the constructor of Owner asks for. The second operator makes a
// parameter that is taken by value ambiguous, so that no service is ever copied silently; references bind to
// the first alone. Neither gives an Owner, which would be its copy constructor.
template <class Owner>
struct Dependency {
  Resolver* resolver = nullptr;

  template <class U>
  requires(!std::is_same_v<std::remove_cv_t<U>, Owner>) operator U&() const { return resolver->get<U>(); }
  template <class U>
  requires(!std::is_same_v<std::remove_cv_t<U>, Owner>) operator U() const;
};

template <class T, std::size_t>
using DependencyAt = Dependency<T>;

template <class T, std::size_t... Index>
consteval bool takes(std::index_sequence<Index...>) {
  return std::is_constructible_v<T, DependencyAt<T, Index>...>;
}

inline constexpr std::size_t max_dependencies = 12;
inline constexpr std::size_t no_arity = 100;

/// How many arguments a constructor of T takes, from `from` upwards.
template <class T, std::size_t from>
consteval std::size_t next_arity() {
  if constexpr (from > max_dependencies) {
    return no_arity;
  } else if constexpr (takes<T>(std::make_index_sequence<from>())) {
    return from;
  } else {
    return next_arity<T, from + 1>();
  }
}

template <class T>
consteval std::size_t arity() {
  constexpr auto first = next_arity<T, 0>();
  static_assert(first != no_arity,
                "aerie: this type cannot be injected: it needs one public constructor whose parameters are "
                "references to providers (T& or T const&), or a `using inject = aerie::inject<A, B>;`, or a "
                "factory: m.provides<T>([](A& a) { return T(a, 42); })");
  if constexpr (first != no_arity) {
    static_assert(next_arity<T, first + 1>() == no_arity,
                  "aerie: this type has several constructors that injection could use: say which with "
                  "`using inject = aerie::inject<A, B>;`");
  }
  return first;
}

template <class T>
concept NamesDependencies = requires {
  typename T::inject;
};

// Each T is made where it stays: it may have told others of its address, and need not be movable. (Returned
// by value, a trivially copyable one may be copied: [class.temporary]/3.)
template <class T, class... Ds>
T* construct_from(Resolver& resolver, inject<Ds...>) {
  static_assert(std::is_constructible_v<T, Ds&...>,
                "aerie: no constructor takes what `inject` names, in that order");
  return new T(resolver.get<Ds>()...);
}

template <class T, std::size_t... Index>
T* construct_with(Resolver& resolver, std::index_sequence<Index...>) {
  return new T(DependencyAt<T, ((void)Index, Index)>{&resolver}...);
}

/// Notes what a constructor asks for and keeps it from running: the last thing that is asked for throws.
/// Until then each parameter is bound to an address at which there is nothing, and which nobody reads.
class AERIE_API NeedsOfConstructor final : public Resolver {
 public:
  /// Thrown instead of calling the constructor.
  struct AllKnown {};

  explicit NeedsOfConstructor(std::size_t count) : count_(count) {}
  // Not inline: a compiler that sees what they return warns of a constructor that would read it.
  void* resolve(TypeId type) override;
  void* resolve_on_demand(TypeId type, Provider const& provider) override;
  std::shared_ptr<void> find(TypeId type) override;
  std::vector<Need> take() { return std::move(needs_); }

 private:
  void* note(Need need);

  std::size_t count_;
  std::vector<Need> needs_;
  alignas(64) std::array<std::byte, 64> nowhere_{};
};

template <class... Ts>
std::vector<Need> needs_of(socketio::TypeList<Ts...>) {
  return {Need{type_id<Ts>(), is_made_on_demand<std::remove_cvref_t<Ts>>}...};
}

template <class T>
T* construct(Resolver& resolver) {
  if constexpr (NamesDependencies<T>) {
    return construct_from<T>(resolver, typename T::inject());
  } else {
    constexpr auto count = arity<T>();
    if constexpr (count != no_arity)
      return construct_with<T>(resolver, std::make_index_sequence<count>());
    else
      return static_cast<T*>(nullptr);  // `arity` has said why
  }
}

template <class Parameter>
decltype(auto) resolve_parameter(Resolver& resolver) {
  static_assert(std::is_lvalue_reference_v<Parameter>,
                "aerie: a factory takes providers by reference: T& or T const&");
  return resolver.get<std::remove_reference_t<Parameter>>();
}

template <class F, class... Ps>
decltype(auto) call_injected(F& function, Resolver& resolver, socketio::TypeList<Ps...>) {
  return function(resolve_parameter<Ps>(resolver)...);
}

/// Calls `function` with providers for all its parameters.
template <class F>
decltype(auto) call_injected(F& function, Resolver& resolver) {
  return call_injected(function, resolver, typename socketio::Signature<F>::Parameters());
}

}  // namespace detail

/// What the constructor of T asks for, which is not called.
template <class T>
std::vector<Need> needs_of_constructor() {
  if constexpr (detail::NamesDependencies<T>) {
    return []<class... Ds>(inject<Ds...>) {
      return detail::needs_of(socketio::TypeList<Ds...>());
    }(typename T::inject());
  } else {
    constexpr auto count = detail::arity<T>();
    if constexpr (count == 0 || count == detail::no_arity) {
      return {};
    } else {
      detail::NeedsOfConstructor needs(count);
      try {
        static_cast<void>(detail::construct_with<T>(needs, std::make_index_sequence<count>()));
      } catch (detail::NeedsOfConstructor::AllKnown const&) {
      }
      return needs.take();
    }
  }
}

/// What a factory asks for.
template <class F>
std::vector<Need> needs_of_factory() {
  return detail::needs_of(typename socketio::Signature<F>::Parameters());
}

/// Builds a T with its dependencies.
template <class T>
std::shared_ptr<T> make_injected(Resolver& resolver) {
  return std::shared_ptr<T>(detail::construct<T>(resolver));
}

template <class T>
std::shared_ptr<T> Resolver::find_or_make() {
  if (auto found = find(type_id<T>())) return std::static_pointer_cast<T>(std::move(found));
  return make_injected<T>(*this);
}

}  // namespace gateway
}}  // namespace aerie::v1
