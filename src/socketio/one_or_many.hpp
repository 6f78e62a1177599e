#pragma once

#include <cstddef>
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

  std::size_t size() const noexcept { return many_ ? many_->size() : one_ ? 1 : 0; }
  bool empty() const noexcept { return size() == 0; }
  value_type* begin() noexcept { return many_ ? many_->data() : &one_; }
  value_type* end() noexcept { return begin() + size(); }
  value_type const* begin() const noexcept { return many_ ? many_->data() : &one_; }
  value_type const* end() const noexcept { return begin() + size(); }
  value_type const& operator[](std::size_t i) const noexcept { return begin()[i]; }
  /// For whoever calls what may change the list.
  std::vector<value_type> copy() const { return {begin(), end()}; }

  void push_back(value_type value) {
    if (empty()) {
      many_.reset();
      one_ = std::move(value);
      return;
    }
    if (!many_) {
      auto many = std::make_unique<std::vector<value_type>>();
      many->reserve(2);
      many->push_back(std::move(one_));
      many_ = std::move(many);
    }
    many_->push_back(std::move(value));
  }
  void erase(value_type* place) noexcept {
    if (many_) {
      many_->erase(many_->begin() + (place - begin()));
    } else {
      one_.reset();
    }
  }

 private:
  value_type one_;  // unless there are, or have been, several
  std::unique_ptr<std::vector<value_type>> many_;
};

}}}  // namespace aerie::v1::socketio
