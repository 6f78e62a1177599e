#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// A static object that is never destroyed, for what threads use that may outlive `main`: the thread of a
/// client that was closed, or one that a user has detached. What it holds stays reachable, and is no leak.
template <class T>
class Immortal {
 public:
  template <class... Args>
  explicit Immortal(Args&&... args) {
    ::new (static_cast<void*>(storage_)) T(std::forward<Args>(args)...);
  }
  Immortal(Immortal const&) = delete;
  Immortal& operator=(Immortal const&) = delete;

  T const& operator*() const noexcept { return *std::launder(reinterpret_cast<T const*>(storage_)); }
  T& operator*() noexcept { return *std::launder(reinterpret_cast<T*>(storage_)); }

 private:
  alignas(T) std::byte storage_[sizeof(T)];
};

}}}  // namespace aerie::v1::core
