#pragma once

/// \file
/// What an application keeps with a socket. Belongs to the socket's shard.

#include <aerie/core/api.hpp>

#include <map>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

[[noreturn]] AERIE_API void throw_no_such_state();

/// One object of each type.
class TypedSlots {
 public:
  template <class T>
  T& set(T value) {
    auto object = std::make_shared<T>(std::move(value));
    auto& kept = *object;
    slots_[key<T>()] = std::move(object);
    return kept;
  }
  template <class T>
  T* find() const noexcept {
    auto const found = slots_.find(key<T>());
    return found == slots_.end() ? nullptr : static_cast<T*>(found->second.get());
  }

 private:
  template <class T>
  static constexpr char identity = 0;
  template <class T>
  static void const* key() noexcept {
    return &identity<T>;
  }
  std::map<void const*, std::shared_ptr<void>> slots_;
};

}}}  // namespace aerie::v1::socketio
