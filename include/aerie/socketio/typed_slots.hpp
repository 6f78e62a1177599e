#pragma once

/// \file
/// What an application keeps with a socket. Belongs to the socket's shard.

#include <aerie/core/api.hpp>
#include <aerie/schema/describe_trait.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

[[noreturn]] AERIE_API void throw_no_such_state();

/// One object of each type. There are few of them, and many lists: they stand one after the other.
class TypedSlots {
 public:
  template <class T>
  T& set(T value) {
    auto object = std::make_shared<T>(std::move(value));
    auto& kept = *object;
    Slot slot{key<T>(), std::move(object), Described<T>};
    if (auto* const found = find(slot.type)) {
      // What goes may look at the slots once more.
      std::swap(*found, slot);
    } else {
      slots_.push_back(std::move(slot));
    }
    return kept;
  }
  template <class T>
  T* find() const noexcept {
    auto const* const found = find(key<T>());
    return found == nullptr ? nullptr : static_cast<T*>(found->object.get());
  }
  bool empty() const noexcept { return slots_.empty(); }

  /// Those whose types are described: plain data, which may go to another shard.
  TypedSlots described() const {
    TypedSlots chosen;
    for (auto const& slot : slots_) {
      if (slot.is_described) chosen.slots_.push_back(slot);
    }
    return chosen;
  }
  /// Adds the others' of which there is none here.
  void add(TypedSlots others) {
    for (auto& slot : others.slots_) {
      if (find(slot.type) == nullptr) slots_.push_back(std::move(slot));
    }
  }

 private:
  template <class T>
  AERIE_API static constexpr char identity = 0;
  template <class T>
  static void const* key() noexcept {
    return &identity<T>;
  }
  struct Slot {
    void const* type;
    std::shared_ptr<void> object;
    bool is_described;
  };
  Slot const* find(void const* type) const noexcept {
    for (auto const& slot : slots_) {
      if (slot.type == type) return &slot;
    }
    return nullptr;
  }
  Slot* find(void const* type) noexcept { return const_cast<Slot*>(std::as_const(*this).find(type)); }

  std::vector<Slot> slots_;
};

}}}  // namespace aerie::v1::socketio
