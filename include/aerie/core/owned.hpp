#pragma once

/// \file
/// A member that is owned through a pointer.

#include <cstddef>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// An object that another one owns, or none: what `std::unique_ptr<T>` is, for the private members of public
/// headers. A file that includes them has each `std::unique_ptr` instantiated, which takes g++ 12 six
/// milliseconds, of this less than one, and there were thirty (docs/performance.md). It is made of a
/// `std::unique_ptr` and turns into one, so parameters and results are those. `T` has to be complete where it
/// is destroyed, and no sooner.
template <class T>
class Owned {
 public:
  Owned() noexcept = default;
  Owned(std::nullptr_t) noexcept {}
  /// Takes over what `object` owns.
  template <class U>
  Owned(std::unique_ptr<U> object) noexcept : object_(object.release()) {}
  Owned(Owned&& other) noexcept : object_(other.release()) {}
  Owned& operator=(Owned&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Owned() {
    static_assert(sizeof(T) > 0, "an incomplete type cannot be destroyed");
    delete object_;
  }

  /// Hands it over.
  operator std::unique_ptr<T>() && noexcept { return std::unique_ptr<T>(release()); }

  /// Null if there is none.
  T* get() const noexcept { return object_; }
  /// REQUIRES: there is one.
  T& operator*() const noexcept { return *object_; }
  /// REQUIRES: there is one.
  T* operator->() const noexcept { return object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  friend bool operator==(Owned const& left, std::nullptr_t) noexcept { return !left; }

  /// It is owned by the caller from here on.
  [[nodiscard]] T* release() noexcept { return std::exchange(object_, nullptr); }
  /// Destroys it and owns `object` instead, which is its own already when the old one is destroyed.
  void reset(T* object = nullptr) noexcept { Owned const old(std::exchange(object_, object)); }

 private:
  explicit Owned(T* object) noexcept : object_(object) {}

  T* object_ = nullptr;
};

}}}  // namespace aerie::v1::core
