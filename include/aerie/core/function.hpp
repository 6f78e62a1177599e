#pragma once

/// \file
/// A callable that can be moved but need not be copied: what std::function lacks until C++23.

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

/// A callable that need not be copyable, for a signature `R(Args...)`.
template <class Signature>
class UniqueFunction;

/// Holds any callable `R(Args...)`; callables of up to 32 bytes live inside, larger ones on the heap.
/// Calling an empty one is undefined. Not synchronised.
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() noexcept = default;
  UniqueFunction(std::nullptr_t) noexcept {}

  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, UniqueFunction> &&
           std::is_invocable_r_v<R, std::decay_t<F>&, Args...>) UniqueFunction(F&& function) {
    using Callable = std::decay_t<F>;
    if constexpr (fits_inside<Callable>) {
      ::new (static_cast<void*>(storage_)) Callable(std::forward<F>(function));
      operations_ = &inside<Callable>;
    } else {
      ::new (static_cast<void*>(storage_)) Callable*(new Callable(std::forward<F>(function)));
      operations_ = &outside<Callable>;
    }
  }

  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  UniqueFunction(UniqueFunction const&) = delete;
  UniqueFunction& operator=(UniqueFunction const&) = delete;
  ~UniqueFunction() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }

  /// Shallow const, as in std::function: the callable may change its own state.
  R operator()(Args... args) const {
    return operations_->call(const_cast<std::byte*>(storage_), std::forward<Args>(args)...);
  }

 private:
  struct Operations {
    R (*call)(void*, Args...);
    void (*relocate)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };

  static constexpr std::size_t inside_size = 32;

  template <class F>
  static constexpr bool fits_inside =
      sizeof(F) <= inside_size &&
      alignof(F) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<F>;

  template <class F>
  static R run(F& function, Args... args) {
    if constexpr (std::is_void_v<R>) {
      std::invoke(function, std::forward<Args>(args)...);
    } else {
      return std::invoke(function, std::forward<Args>(args)...);
    }
  }

  template <class F>
  static constexpr Operations inside{
      [](void* at, Args... args) -> R { return run(*static_cast<F*>(at), std::forward<Args>(args)...); },
      [](void* from, void* to) noexcept {
        ::new (to) F(std::move(*static_cast<F*>(from)));
        static_cast<F*>(from)->~F();
      },
      [](void* at) noexcept { static_cast<F*>(at)->~F(); }};

  template <class F>
  static constexpr Operations outside{
      [](void* at, Args... args) -> R { return run(**static_cast<F**>(at), std::forward<Args>(args)...); },
      [](void* from, void* to) noexcept { ::new (to) F*(*static_cast<F**>(from)); },
      [](void* at) noexcept { delete *static_cast<F**>(at); }};

  void take(UniqueFunction& other) noexcept {
    operations_ = std::exchange(other.operations_, nullptr);
    if (operations_ != nullptr) operations_->relocate(other.storage_, storage_);
  }
  void reset() noexcept {
    if (auto const* operations = std::exchange(operations_, nullptr)) operations->destroy(storage_);
  }

  alignas(std::max_align_t) std::byte storage_[inside_size];
  Operations const* operations_ = nullptr;
};

}}  // namespace aerie::v1
