#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// A list of shared pointers, none of them null, in the order of their coming. Nearly all of these lists have
/// one, which stands in place: there may be a million of them.
template <class T>
class OneOrMany {
 public:
  using value_type = std::shared_ptr<T>;

  OneOrMany() noexcept = default;
  OneOrMany(OneOrMany const&) = delete;
  OneOrMany& operator=(OneOrMany const&) = delete;

  std::size_t size() const noexcept {
    if (auto const* const several = many()) return several->size();
    return one_ ? 1 : 0;
  }
  bool empty() const noexcept { return size() == 0; }
  value_type* begin() noexcept { return many() != nullptr ? many()->data() : &one_; }
  value_type* end() noexcept { return begin() + size(); }
  value_type const* begin() const noexcept { return many() != nullptr ? many()->data() : &one_; }
  value_type const* end() const noexcept { return begin() + size(); }
  value_type const& operator[](std::size_t i) const noexcept { return begin()[i]; }
  /// For whoever calls what may change the list.
  std::vector<value_type> copy() const { return {begin(), end()}; }

  void push_back(value_type value) {
    if (empty()) {
      one_ = std::move(value);
      return;
    }
    if (many() == nullptr) {
      auto several = std::make_shared<Many>();
      several->reserve(2);
      several->push_back(std::move(one_));
      auto* const marked = reinterpret_cast<T*>(reinterpret_cast<std::uintptr_t>(several.get()) | is_many);
      one_ = value_type(std::move(several), marked);
    }
    many()->push_back(std::move(value));
  }
  void erase(value_type* place) noexcept {
    if (auto* const several = many()) {
      several->erase(several->begin() + (place - begin()));
    } else {
      one_.reset();
    }
  }

 private:
  using Many = std::vector<value_type>;
  /// What marks the address of a list: no object that may stand in one has an odd address.
  static constexpr std::uintptr_t is_many = 1;

  Many* many() const noexcept {
    static_assert(alignof(T) > is_many);
    auto const address = reinterpret_cast<std::uintptr_t>(one_.get());
    return (address & is_many) != 0 ? reinterpret_cast<Many*>(address - is_many) : nullptr;
  }

  value_type
      one_;  // if there are, or have been, several: it owns the list of them, and its address is marked
};

}}}  // namespace aerie::v1::socketio
