#pragma once

/// \file
/// What a handler takes and returns, read off its type.

#include <aerie/core/task.hpp>

#include <functional>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace socketio {

template <class... Ts>
struct TypeList {
  static constexpr std::size_t size = sizeof...(Ts);
};

/// Signature<F>::Result and ::Parameters of a function, function object or lambda.
template <class F>
struct Signature;

template <class F>
concept HasOneCallOperator = requires {
  &F::operator();
};

template <class F>
requires HasOneCallOperator<F>
struct Signature<F> : Signature<decltype(&F::operator())> {
};

template <class F>
requires(!HasOneCallOperator<F>) struct Signature<F> {
  static_assert(
      !std::is_class_v<F>,
      "aerie: a handler must name the types of its parameters: a lambda with auto parameters, or an object "
      "with several call operators, does not tell what to decode; write [](aerie::Socket& socket, "
      "std::string text) instead");
};

template <class R, class... Ps>
struct Signature<R(Ps...)> {
  using Result = R;
  using Parameters = TypeList<Ps...>;
};
template <class R, class... Ps>
struct Signature<R (*)(Ps...)> : Signature<R(Ps...)> {};
template <class R, class... Ps>
struct Signature<R (*)(Ps...) noexcept> : Signature<R(Ps...)> {};
template <class R, class C, class... Ps>
struct Signature<R (C::*)(Ps...)> : Signature<R(Ps...)> {};
template <class R, class C, class... Ps>
struct Signature<R (C::*)(Ps...) const> : Signature<R(Ps...)> {};
template <class R, class C, class... Ps>
struct Signature<R (C::*)(Ps...) noexcept> : Signature<R(Ps...)> {};
template <class R, class C, class... Ps>
struct Signature<R (C::*)(Ps...) const noexcept> : Signature<R(Ps...)> {};

template <class T>
struct TaskTraits {
  static constexpr bool is_task = false;
  using Value = T;
};
template <class T>
struct TaskTraits<Task<T>> {
  static constexpr bool is_task = true;
  using Value = T;
};

/// A member function and its object as one callable with the member's parameters.
template <class R, class C, class... Ps>
auto bind_member(R (C::*member)(Ps...), C& object) {
  return [member, &object](Ps... args) -> R { return (object.*member)(std::forward<Ps>(args)...); };
}
template <class R, class C, class... Ps>
auto bind_member(R (C::*member)(Ps...) const, C const& object) {
  return [member, &object](Ps... args) -> R { return (object.*member)(std::forward<Ps>(args)...); };
}

}}}  // namespace aerie::v1::socketio
