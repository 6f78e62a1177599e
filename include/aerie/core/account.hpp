#pragma once

/// \file
/// The one account of memory: what a connection holds, and above it what a shard's connections hold together.
/// Whatever grows with what a peer does or leaves undone is charged to one.

#include <aerie/core/api.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// Bytes held, and an account above that holds them, too. Belongs to one shard, on which it is charged;
/// `used` may be read from any thread.
class AERIE_API Account {
 public:
  explicit Account(Account* above = nullptr) noexcept : above_(above) {}
  /// What is still held is given back to the account above.
  ~Account() {
    if (above_ != nullptr) above_->credit(used());
  }
  Account(Account const&) = delete;
  Account& operator=(Account const&) = delete;

  void charge(std::size_t bytes) noexcept {
    for (auto* account = this; account != nullptr; account = account->above_)
      account->add(bytes);
  }
  /// REQUIRES: bytes <= used().
  void credit(std::size_t bytes) noexcept { charge(std::size_t{0} - bytes); }
  /// Bytes held at present.
  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  /// The connection leaves its shard (null), or enters another. Each on the thread of the account in
  /// question.
  void move_below(Account* above) noexcept {
    if (above_ != nullptr) above_->credit(used());
    above_ = above;
    if (above_ != nullptr) above_->charge(used());
  }

 private:
  // One writer, so no locked instruction is needed; readers elsewhere see a number that was true.
  void add(std::size_t bytes) noexcept {
    used_.store(used_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  Account* above_;
  std::atomic<std::size_t> used_{0};
};

/// A part of an account that goes back with its owner. Stays on the account's shard, and goes before it.
class Charge {
 public:
  Charge() noexcept = default;
  Charge(Account& account, std::size_t bytes) noexcept : account_(&account), bytes_(bytes) {
    account.charge(bytes);
  }
  Charge(Charge&& other) noexcept
      : account_(std::exchange(other.account_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Charge& operator=(Charge&& other) noexcept {
    std::swap(account_, other.account_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Charge() {
    if (account_ != nullptr) account_->credit(bytes_);
  }

  std::size_t bytes() const noexcept { return bytes_; }
  /// REQUIRES: made with an account.
  void resize(std::size_t bytes) noexcept {
    account_->charge(bytes - bytes_);
    bytes_ = bytes;
  }

 private:
  Account* account_ = nullptr;
  std::size_t bytes_ = 0;
};

}}}  // namespace aerie::v1::core
