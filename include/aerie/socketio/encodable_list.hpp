#pragma once

/// \file
/// Arguments on their way from a variadic call to code that is compiled once.

#include <aerie/schema/codec.hpp>
#include <aerie/schema/encodable.hpp>

#include <array>
#include <string_view>
#include <type_traits>

namespace aerie::inline v1::socketio {

/// References to the arguments of one call; lives as long as the call.
template <std::size_t Count>
class EncodableList {
 public:
  template <class... Ts>
  explicit EncodableList(Ts const&... values) : refs_{EncodableRef(values)...} {}
  operator ArgsRef() const noexcept { return {refs_.data(), Count}; }

 private:
  std::array<EncodableRef, Count> refs_;
};

template <>
class EncodableList<0> {
 public:
  operator ArgsRef() const noexcept { return {}; }
};

template <class... Ts>
EncodableList(Ts const&...) -> EncodableList<sizeof...(Ts)>;

}  // namespace aerie::inline v1::socketio
