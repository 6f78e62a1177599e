#pragma once

/// \file
/// Codecs of the standard containers, and of those that look like them: ranges as arrays, maps with string
/// keys as objects, pairs and tuples as arrays, optionals as what may be absent, variants that are not
/// described as their first alternative that fits.

#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/describe_trait.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

namespace aerie { inline namespace v1 {

namespace detail {

template <typename T>
concept Range =
    !Described<T> && !std::convertible_to<T const&, std::string_view> && requires(T const& range) {
  typename T::value_type;
  range.size();
  range.begin();
  range.end();
};

template <typename T>
concept TupleLike = requires {
  std::tuple_size<T>::value;
};

template <typename T>
concept MapWithStringKeys = Range<T> && requires {
  typename T::mapped_type;
} && std::convertible_to<typename T::key_type const&, std::string_view>;

/// A range that is no map: sent as an array.
template <typename T>
concept Sequence = Range<T> && !TupleLike<T> && !requires {
  typename T::mapped_type;
};

/// A sequence that can take more elements: can be received.
template <typename T>
concept GrowingSequence = Sequence<T> && std::default_initializable<typename T::value_type> &&
    requires(T& sequence, typename T::value_type element) {
  sequence.clear();
  sequence.insert(sequence.end(), std::move(element));
};

template <typename T>
concept FixedArray = Range<T> && TupleLike<T>;

template <typename T>
concept PairOrTuple = TupleLike<T> && !Range<T> && !Described<T>;

AERIE_API bool fail_size(Decoder& decoder, std::size_t expected);

/// Reads what no alternative of a variant has fitted.
AERIE_API bool fail_alternatives(Decoder& decoder, Value const& value);

/// Reads one value from a tree; used where several types are tried on the same input.
AERIE_API bool try_decode(Value const& source, TypeOps const& ops, void* value);

/// Whether a value of a tree can be read as a T.
template <typename T>
bool fits(Value const& source) {
  T value{};
  return try_decode(source, type_ops<T>, &value);
}

/// The elements of a tuple.
template <typename T, typename Indices = std::make_index_sequence<std::tuple_size<T>::value>>
inline constexpr int tuple_parts = 0;
template <typename T, std::size_t... Index>
inline constexpr std::array<TypePart, sizeof...(Index)> tuple_parts<T, std::index_sequence<Index...>>{
    TypePart{&type_ops<std::remove_cv_t<std::tuple_element_t<Index, T>>>, nullptr}...};

/// The alternatives of a variant.
template <typename... Alternatives>
inline constexpr std::array<TypePart, sizeof...(Alternatives)> untagged_parts{
    TypePart{&type_ops<Alternatives>, &fits<Alternatives>}...};

}  // namespace detail

template <detail::Sequence T>
struct Codec<T> {
  using Element = typename T::value_type;
  static constexpr TypeShape shape{.kind = TypeKind::array, .element = &type_ops<std::remove_cv_t<Element>>};

  static void encode(Encoder& encoder, T const& value) requires Encodable<Element> {
    encoder.begin_array(value.size());
    for (auto const& element : value)
      Codec<std::remove_cv_t<Element>>::encode(encoder, element);
    encoder.end_array();
  }

  static bool decode(Decoder& decoder, T& value) requires detail::GrowingSequence<T> && Decodable<Element> {
    value.clear();
    if (!decoder.begin_array()) return false;
    for (std::size_t i = 0; decoder.next_element(); ++i) {
      Element element{};
      if (!Codec<Element>::decode(decoder, element)) return decoder.in(i);
      value.insert(value.end(), std::move(element));
    }
    return decoder.ok();
  }
};

template <detail::FixedArray T>
struct Codec<T> {
  using Element = typename T::value_type;
  static constexpr TypeShape shape{.kind = TypeKind::array, .element = &type_ops<std::remove_cv_t<Element>>};
  static constexpr std::size_t size = std::tuple_size<T>::value;

  static void encode(Encoder& encoder, T const& value) requires Encodable<Element> {
    encoder.begin_array(size);
    for (auto const& element : value)
      Codec<Element>::encode(encoder, element);
    encoder.end_array();
  }

  static bool decode(Decoder& decoder, T& value) requires Decodable<Element> {
    if (!decoder.begin_array()) return false;
    std::size_t i = 0;
    for (; decoder.next_element(); ++i) {
      if (i == size) return detail::fail_size(decoder, size);
      if (!Codec<Element>::decode(decoder, value[i])) return decoder.in(i);
    }
    return decoder.ok() && (i == size || detail::fail_size(decoder, size));
  }
};

template <detail::MapWithStringKeys T>
struct Codec<T> {
  using Mapped = typename T::mapped_type;
  static constexpr TypeShape shape{.kind = TypeKind::map, .element = &type_ops<Mapped>};

  static void encode(Encoder& encoder, T const& value) requires Encodable<Mapped> {
    encoder.begin_object(value.size());
    for (auto const& [key, mapped] : value) {
      encoder.key(key);
      Codec<Mapped>::encode(encoder, mapped);
    }
    encoder.end_object();
  }

  static bool decode(Decoder& decoder, T& value) requires Decodable<Mapped> {
    value.clear();
    if (!decoder.begin_object()) return false;
    std::string_view name;
    while (decoder.next_member(name)) {
      std::string key(name);
      Mapped mapped{};
      if (!Codec<Mapped>::decode(decoder, mapped)) return decoder.in(key);
      value.insert_or_assign(std::move(key), std::move(mapped));
    }
    return decoder.ok();
  }
};

template <detail::PairOrTuple T>
struct Codec<T> {
  static constexpr TypeShape shape{.kind = TypeKind::tuple, .parts = detail::tuple_parts<T>};
  static constexpr std::size_t size = std::tuple_size<T>::value;

  static void encode(Encoder& encoder, T const& value) {
    encoder.begin_array(size);
    std::apply([&encoder](auto const&... element) { (aerie::encode(encoder, element), ...); }, value);
    encoder.end_array();
  }

  static bool decode(Decoder& decoder, T& value) {
    if (!decoder.begin_array()) return false;
    std::size_t i = 0;
    bool const has_all =
        std::apply([&](auto&... element) { return (decode_element(decoder, element, i) && ...); }, value);
    if (!has_all) return false;
    if (decoder.next_element()) return detail::fail_size(decoder, size);
    return decoder.ok();
  }

 private:
  template <typename Element>
  static bool decode_element(Decoder& decoder, Element& element, std::size_t& index) {
    if constexpr (detail::require_decodable<Element>()) {
      if (!decoder.next_element()) return decoder.ok() && detail::fail_size(decoder, size);
      if (!Codec<Element>::decode(decoder, element)) return decoder.in(index);
    }
    ++index;
    return true;
  }
};

template <typename T>
struct Codec<std::optional<T>> {
  static constexpr TypeShape shape = [] {
    TypeShape inner = type_ops<T>.shape;
    inner.is_optional = true;
    return inner;
  }();

  static void encode(Encoder& encoder, std::optional<T> const& value) requires Encodable<T> {
    if (!value) return encoder.undefined();
    Codec<T>::encode(encoder, *value);
  }

  static bool decode(Decoder& decoder, std::optional<T>& value) requires Decodable<T> {
    ValueKind const kind = decoder.peek();
    if (kind != ValueKind::null && kind != ValueKind::undefined)
      return Codec<T>::decode(decoder, value.emplace());
    value.reset();
    return decoder.skip();
  }

  static bool is_undefined(std::optional<T> const& value) { return !value; }
  static void make_absent(std::optional<T>& value) { value.reset(); }
};

template <typename... Alternatives>
struct Codec<std::variant<Alternatives...>> {
  using Variant = std::variant<Alternatives...>;

  static constexpr TypeShape shape = [] {
    TypeShape untagged{.kind = TypeKind::untagged};
    // Of a variant that can only be sent nobody asks what fits.
    if constexpr ((Decodable<Alternatives> && ...)) untagged.parts = detail::untagged_parts<Alternatives...>;
    return untagged;
  }();

  static void encode(Encoder& encoder, Variant const& value) {
    std::visit([&encoder](auto const& alternative) { aerie::encode(encoder, alternative); }, value);
  }

  static bool decode(Decoder& decoder, Variant& value) requires(Decodable<Alternatives>&&...) {
    Value source;
    if (!decoder.read_value(source)) return false;
    return (try_alternative<Alternatives>(source, value) || ...) ||
           detail::fail_alternatives(decoder, source);
  }

 private:
  template <typename Alternative>
  static bool try_alternative(Value const& source, Variant& value) {
    Alternative alternative{};
    if (!detail::try_decode(source, type_ops<Alternative>, &alternative)) return false;
    value = std::move(alternative);
    return true;
  }
};

}}  // namespace aerie::v1
