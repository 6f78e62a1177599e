#pragma once

/// \file
/// How a task has ended: with a value or with an exception. Not synchronised.

#include <aerie/core/api.hpp>

#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace aerie { inline namespace v1 { namespace core {

/// What an exception says of itself.
AERIE_API std::string describe(std::exception_ptr const& error);

/// What a task of type T has come to; empty until it has ended.
template <class T>
class Outcome {
  using Stored = std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*, T>;

 public:
  Outcome() noexcept = default;

  template <class... Args>
  void set_value(Args&&... args) {
    if constexpr (std::is_reference_v<T>) {
      state_.template emplace<1>((&args)...);
    } else {
      state_.template emplace<1>(std::forward<Args>(args)...);
    }
  }
  /// `error` must not be null.
  void set_error(std::exception_ptr error) noexcept { state_.template emplace<0>(std::move(error)); }

  bool has_value() const noexcept { return state_.index() == 1; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Null if it is a value, or nothing yet.
  std::exception_ptr error() const noexcept { return has_value() ? nullptr : *std::get_if<0>(&state_); }

  /// The value, moved out; throws the exception if it is one. REQUIRES: not empty.
  T take() {
    auto* const stored = std::get_if<1>(&state_);
    if (stored == nullptr) std::rethrow_exception(*std::get_if<0>(&state_));
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(**stored);
    } else {
      return std::move(*stored);
    }
  }

 private:
  std::variant<std::exception_ptr, Stored> state_;
};

/// What every call of user code that returns nothing comes to: two members that compilers see through.
template <>
class Outcome<void> {
 public:
  Outcome() noexcept = default;

  void set_value() noexcept { returned_ = true; }
  void set_error(std::exception_ptr error) noexcept {
    error_ = std::move(error);
    returned_ = false;
  }

  bool has_value() const noexcept { return returned_; }
  explicit operator bool() const noexcept { return returned_; }
  std::exception_ptr error() const noexcept { return returned_ ? nullptr : error_; }
  void take() const {
    if (!returned_) std::rethrow_exception(error_);
  }

 private:
  std::exception_ptr error_;
  bool returned_ = false;
};

}}}  // namespace aerie::v1::core
