#pragma once

/// \file
/// Arguments on their way from a variadic call to code that is compiled once.

#include <aerie/schema/codec.hpp>
#include <aerie/schema/encodable.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

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

/// References to values whose number shows only when the program runs; the usual few need no memory of their
/// own. Lives as long as the values.
class SpreadList {
 public:
  explicit SpreadList(std::span<Value const> values) : size_(values.size()) {
    if (size_ <= few) {
      std::copy(values.begin(), values.end(), few_.begin());
    } else {
      many_.assign(values.begin(), values.end());
    }
  }
  operator ArgsRef() const noexcept { return size_ <= few ? ArgsRef(few_.data(), size_) : ArgsRef(many_); }

 private:
  static constexpr std::size_t few = 4;

  std::size_t size_;
  std::array<EncodableRef, few> few_{Value::undefined(), Value::undefined(), Value::undefined(),
                                     Value::undefined()};
  std::vector<EncodableRef> many_;
};

}}}  // namespace aerie::v1::socketio
