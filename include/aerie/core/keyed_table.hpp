#pragma once

/// \file
/// A table of pointers to things that carry their own key: sessions and sockets by their ids, rooms by their
/// names.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// Nine bytes for each place, of which at most seven eighths are taken, as an idle connection has its place
/// in two of these. Open addressing with linear probing: a byte for each place tells whether it is taken, and
/// eight bits of the hash, so that what is pointed to is looked at when it is most likely the right one.
///
/// `Pointer` is a raw or an owning pointer, `KeyOf` gives the key of what it points to, and `Hash` takes
/// whatever is looked up. A key must not change while its owner is in the table. A hash that tells nothing
/// apart makes the table slow, never wrong; where peers choose the keys, give it one with a secret.
/// Belongs to one thread.
template <class Pointer, class KeyOf, class Hash>
class KeyedTable {
 public:
  using element_type = typename std::pointer_traits<Pointer>::element_type;

  KeyedTable() = default;
  explicit KeyedTable(Hash hash) : hash_(std::move(hash)) {}

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// The element with this key; null if there is none.
  template <class Key>
  element_type* find(Key const& key) const {
    if (size_ == 0) return nullptr;
    std::size_t const place = place_of(key, hash_(key));
    return place == none ? nullptr : std::to_address(places_[place]);
  }

  /// False, and nothing is taken, if there is an element with the same key. REQUIRES: not null.
  bool insert(Pointer&& element) {
    KeyOf const key_of{};  // by a name: g++ 13 takes the key for one that dies with it
    auto const& key = key_of(*element);
    std::size_t const hash = hash_(key);
    if (place_of(key, hash) != none) return false;
    if ((used_ + 1) * 8 > places_.size() * 7) make_room();
    put(std::move(element), hash);
    return true;
  }
  bool insert(Pointer const& element) {
    auto copy = element;
    return insert(std::move(copy));
  }

  /// Takes the element with this key out of the table; null if there is none.
  template <class Key>
  Pointer take(Key const& key) {
    std::size_t const place = place_of(key, hash_(key));
    if (place == none) return nullptr;
    Pointer taken = std::exchange(places_[place], nullptr);
    --size_;
    tags_[place] = gone;
    if (tags_[after(place)] == vacant) vacate_back_from(place);
    return taken;
  }

  /// Calls `visit` with each element, in no order. It must not change the table.
  template <class Visit>
  void for_each(Visit visit) const {
    for (auto const& element : places_) {
      if (element != nullptr) visit(*element);
    }
  }

 private:
  // A search ends at a place that is vacant, not at one whose element has gone.
  static constexpr std::uint8_t vacant = 0;
  static constexpr std::uint8_t gone = 1;
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t smallest = 8;

  static std::uint8_t tag_of(std::size_t hash) noexcept {
    auto const top = static_cast<std::uint8_t>(hash >> (std::numeric_limits<std::size_t>::digits - 8));
    return top <= gone ? static_cast<std::uint8_t>(top + 2) : top;
  }
  std::size_t home_of(std::size_t hash) const noexcept { return hash & (tags_.size() - 1); }
  std::size_t after(std::size_t place) const noexcept { return (place + 1) & (tags_.size() - 1); }
  std::size_t before(std::size_t place) const noexcept { return (place - 1) & (tags_.size() - 1); }

  template <class Key>
  std::size_t place_of(Key const& key, std::size_t hash) const {
    if (size_ == 0) return none;
    auto const tag = tag_of(hash);
    for (std::size_t place = home_of(hash);; place = after(place)) {
      if (tags_[place] == tag && KeyOf()(*places_[place]) == key) return place;
      if (tags_[place] == vacant) return none;
    }
  }

  void put(Pointer&& element, std::size_t hash) noexcept {
    std::size_t place = home_of(hash);
    while (tags_[place] > gone)
      place = after(place);
    if (tags_[place] == vacant) ++used_;
    tags_[place] = tag_of(hash);
    places_[place] = std::move(element);
    ++size_;
  }

  void vacate_back_from(std::size_t place) noexcept {
    for (; tags_[place] == gone; place = before(place)) {
      tags_[place] = vacant;
      --used_;
    }
  }

  // Twice as many places; or as many as before, if the places of those that have gone are room enough.
  void make_room() {
    std::size_t count = smallest;
    if (!places_.empty()) count = places_.size() * (size_ * 4 >= places_.size() * 3 ? 2 : 1);
    std::vector<Pointer> places(count);
    std::vector<std::uint8_t> tags(count, vacant);
    places_.swap(places);
    tags_.swap(tags);
    size_ = used_ = 0;
    for (auto& element : places) {
      if (element == nullptr) continue;
      std::size_t const hash = hash_(KeyOf()(*element));
      put(std::move(element), hash);
    }
  }

  std::vector<Pointer> places_;
  std::vector<std::uint8_t> tags_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;  // taken, or of those that have gone
  [[no_unique_address]] Hash hash_{};
};

}}}  // namespace aerie::v1::core
