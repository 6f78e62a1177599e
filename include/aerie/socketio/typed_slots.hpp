#pragma once

/// \file
/// What an application keeps with a socket. Belongs to the socket's shard.

#include <aerie/core/api.hpp>
#include <aerie/schema/describe_trait.hpp>

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
    slots_[key<T>()] = {std::move(object), Described<T>};
    return kept;
  }
  template <class T>
  T* find() const noexcept {
    auto const found = slots_.find(key<T>());
    return found == slots_.end() ? nullptr : static_cast<T*>(found->second.object.get());
  }
  bool empty() const noexcept { return slots_.empty(); }

  /// Those whose types are described: plain data, which may go to another shard.
  TypedSlots described() const {
    TypedSlots chosen;
    for (auto const& [type, slot] : slots_) {
      if (slot.is_described) chosen.slots_.emplace(type, slot);
    }
    return chosen;
  }
  /// Adds the others' of which there is none here.
  void add(TypedSlots others) { slots_.merge(others.slots_); }

 private:
  template <class T>
  AERIE_API static constexpr char identity = 0;
  template <class T>
  static void const* key() noexcept {
    return &identity<T>;
  }
  struct Slot {
    std::shared_ptr<void> object;
    bool is_described = false;
  };
  std::map<void const*, Slot> slots_;
};

}}}  // namespace aerie::v1::socketio
