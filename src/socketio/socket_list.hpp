#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

/// The sockets of one client, in the order of their coming. Nearly all clients have one, which stands in
/// place: there may be a million.
class SocketList {
 public:
  using value_type = std::shared_ptr<Socket>;

  std::size_t size() const noexcept { return several_ ? several_->size() : first_ ? 1 : 0; }
  bool empty() const noexcept { return size() == 0; }
  value_type* begin() noexcept { return several_ ? several_->data() : &first_; }
  value_type* end() noexcept { return begin() + size(); }
  value_type const* begin() const noexcept { return several_ ? several_->data() : &first_; }
  value_type const* end() const noexcept { return begin() + size(); }
  value_type const& operator[](std::size_t i) const noexcept { return begin()[i]; }
  /// For whoever calls what may change the list.
  std::vector<value_type> copy() const { return {begin(), end()}; }

  void push_back(value_type socket) {
    if (empty()) {
      several_.reset();
      first_ = std::move(socket);
      return;
    }
    if (!several_) {
      auto several = std::make_unique<std::vector<value_type>>();
      several->reserve(2);
      several->push_back(std::move(first_));
      several_ = std::move(several);
    }
    several_->push_back(std::move(socket));
  }
  void erase(value_type* place) noexcept {
    if (several_) {
      several_->erase(several_->begin() + (place - begin()));
    } else {
      first_.reset();
    }
  }

 private:
  value_type first_;  // unless there are, or have been, several
  std::unique_ptr<std::vector<value_type>> several_;
};

}  // namespace socketio
}}  // namespace aerie::v1
