#pragma once

#include "socketio/room.hpp"

#include <aerie/core/keyed_hash.hpp>
#include <aerie/core/keyed_table.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The rooms of a namespace on one shard, by their names and by their numbers. A number is half of a pointer:
/// each socket keeps one for each room that it is in. Belongs to the shard.
class RoomTable {
 public:
  /// Null if there is none.
  Room* find(std::string_view name) const { return rooms_.find(name); }
  /// REQUIRES: there is a room of that number.
  Room& operator[](std::uint32_t number) const noexcept { return *numbers_[number].room; }

  /// Makes one with a number of its own, or throws and changes nothing. REQUIRES: there is none of that name.
  Room& make(std::string_view name) {
    auto made = std::make_unique<Room>(std::string(name));
    auto& room = *made;
    if (first_free_ == none) {
      if (numbers_.size() == none) throw std::length_error("aerie: more rooms than there are numbers");
      numbers_.push_back({.next_free = none});
      first_free_ = static_cast<std::uint32_t>(numbers_.size() - 1);
    }
    rooms_.insert(std::move(made));
    room.number = first_free_;
    first_free_ = std::exchange(numbers_[room.number], {.room = &room}).next_free;
    return room;
  }
  /// Its number may be given to another.
  void end(Room& room) {
    numbers_[room.number].next_free = std::exchange(first_free_, room.number);
    rooms_.take(room.name);
  }

  /// Calls `visit` with each, in no order. It must not change the table.
  template <class Visit>
  void for_each(Visit visit) const {
    rooms_.for_each(visit);
  }

 private:
  static constexpr std::uint32_t none = Membership::none;
  struct NameOf {
    std::string_view operator()(Room const& room) const noexcept { return room.name; }
  };
  union Place {
    Room* room;
    std::uint32_t next_free;  // where there is no room
  };

  core::KeyedTable<std::unique_ptr<Room>, NameOf, core::KeyedHash> rooms_;
  std::vector<Place> numbers_;
  std::uint32_t first_free_ = none;
};

}}}  // namespace aerie::v1::socketio
