#pragma once

/// \file
/// References to values of any type that can be sent, so that `emit("event", a, b)` is compiled once and not
/// once for every list of types.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_containers.hpp>
#include <aerie/schema/codec_scalars.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/describe.hpp>
#include <aerie/schema/variant.hpp>

#include <concepts>
#include <span>
#include <type_traits>

namespace aerie { inline namespace v1 {

/// A value of any encodable type. Owns nothing: the value must outlive the reference. As safe across threads
/// as the value itself.
class EncodableRef {
 public:
  /// Refers to `value`.
  template <typename T>
  requires(!std::same_as<T, EncodableRef>) EncodableRef(T const& value) : value_(&value) {
    if constexpr (detail::require_encodable<T>()) ops_ = &type_ops<T>;
  }

  /// Writes the value.
  void encode(Encoder& encoder) const { ops_->encode(encoder, value_); }
  /// Whether it is left out as a member of an object.
  [[nodiscard]] bool is_undefined() const {
    return ops_->is_undefined != nullptr && ops_->is_undefined(value_);
  }

 private:
  void const* value_;
  TypeOps const* ops_ = nullptr;
};

/// The arguments of a message. Owns nothing.
using ArgsRef = std::span<EncodableRef const>;

/// Writes the arguments one after another, as elements of an array that the caller begins and ends.
AERIE_API void encode_elements(Encoder& encoder, ArgsRef args);

}}  // namespace aerie::v1
