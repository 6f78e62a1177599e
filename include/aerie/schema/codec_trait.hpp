#pragma once

/// \file
/// What makes a type sendable: a codec. Built in are the scalars, strings, Value, Bytes, Date, RawJson, the
/// standard containers, described structs and described enumerations; any other type gets one by specialising
/// aerie::Codec.

#include <aerie/schema/decoder.hpp>
#include <aerie/schema/describe_trait.hpp>
#include <aerie/schema/encoder.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

namespace aerie { inline namespace v1 {

class StructSchema;
class EnumTable;
class VariantTable;
struct TypeOps;

/// What a type is on the wire, as far as rules and generated documentation need to know.
enum class TypeKind : std::uint8_t {
  other,  ///< Only its codec knows.
  any,    ///< Whatever comes.
  boolean,
  integer,
  number,
  string,
  bytes,
  date,
  enumeration,  ///< A string out of a table.
  array,
  tuple,     ///< An array whose elements have types of their own.
  map,       ///< An object with any keys, whose values have one type.
  object,    ///< A described struct.
  variant,   ///< One of several described structs, which a member of the object names.
  untagged,  ///< One of several types: the first that the value can be read as.
  digits,    ///< An integer as the text of its digits (IntegerText), received as a number, too.
  duration   ///< A number of its unit, received as a text with a unit, too.
};

/// An element of a tuple, or an alternative of a variant that is not described.
struct TypePart {
  /// Its codec.
  TypeOps const* type;
  /// Whether the value can be read as this type.
  bool (*fits)(Value const& value);
};

/// The kind of a type and what it is made of.
struct TypeShape {
  /// Which of the members below say more.
  TypeKind kind = TypeKind::other;
  bool is_optional = false;                         ///< May be null or absent: the type is a std::optional.
  TypeOps const* element = nullptr;                 ///< Of `array` and `map`.
  StructSchema const& (*schema)() = nullptr;        ///< Of `object`.
  EnumTable const& (*names)() = nullptr;            ///< Of `enumeration`.
  VariantTable const& (*alternatives)() = nullptr;  ///< Of `variant`.
  std::span<TypePart const> parts = {};             ///< Of `tuple` and `untagged`, in their order.
  std::uint8_t bits = 0;                            ///< Of `integer`: its size.
  bool is_unsigned = false;                         ///< Of `integer`.
};

/// How values of type T are written and read. A specialisation has
///
///     static void encode(Encoder& encoder, T const& value);    // to be sent
///     static bool decode(Decoder& decoder, T& value);          // to be received; on false see Decoder
///
/// and may have
///
///     static bool is_undefined(T const& value);   // where true, a member with this value is left out
///     static void make_absent(T& value);          // a member of this type may be absent: the value it has
///     then
///     static constexpr TypeShape shape;           // what rules and documentation may know of it; a type
///     that
///                                                 // holds described ones says so, for they are validated
///                                                 only
///                                                 // where the shape leads to them
template <typename T>
struct Codec {};

/// A type that can be sent.
template <typename T>
concept Encodable = requires(Encoder& encoder, T const& value) {
  Codec<std::remove_cv_t<T>>::encode(encoder, value);
};

/// A type that can be received.
template <typename T>
concept Decodable = requires(Decoder& decoder, T& value) {
  { Codec<T>::decode(decoder, value) } -> std::same_as<bool>;
};

/// The codec of one type as data, so that code which handles any type needs to be compiled only once.
struct TypeOps {
  /// Writes the value at that address, which is of the type.
  void (*encode)(Encoder& encoder, void const* value);
  bool (*decode)(Decoder& decoder, void* value);  ///< Null: the type can only be sent.
  bool (*is_undefined)(void const* value);        ///< Null: no value of the type is undefined.
  void (*make_absent)(void* value);               ///< Null: a member of the type must be present.
  /// What rules and documentation may know of it.
  TypeShape shape;
};

namespace detail {

/// Whether a described type is among the arguments of a template, however deep: `Box<std::vector<Item>>`.
template <typename T>
inline constexpr bool is_made_of_described = false;
template <template <typename...> typename Template, typename... Ts>
inline constexpr bool is_made_of_described<Template<Ts...>> =
    ((Described<Ts> || DescribedVariant<Ts> || is_made_of_described<Ts>) || ...);

template <typename T>
consteval TypeOps make_type_ops() {
  TypeOps ops{};
  if constexpr (Decodable<T> && !requires { Codec<T>::shape; }) {
    static_assert(!is_made_of_described<T>,
                  "aerie: this type holds a described one, which validation would not see: give its "
                  "aerie::Codec a shape, such as `static constexpr TypeShape shape = type_ops<T>.shape;`");
  }
  if constexpr (Encodable<T>) {
    ops.encode = [](Encoder& encoder, void const* value) {
      Codec<T>::encode(encoder, *static_cast<T const*>(value));
    };
  }
  if constexpr (Decodable<T>) {
    ops.decode = [](Decoder& decoder, void* value) {
      return Codec<T>::decode(decoder, *static_cast<T*>(value));
    };
  }
  if constexpr (requires(T const& value) { Codec<T>::is_undefined(value); }) {
    ops.is_undefined = [](void const* value) {
      return Codec<T>::is_undefined(*static_cast<T const*>(value));
    };
  }
  if constexpr (requires(T & value) { Codec<T>::make_absent(value); }) {
    ops.make_absent = [](void* value) { Codec<T>::make_absent(*static_cast<T*>(value)); };
  }
  if constexpr (requires { Codec<T>::shape; }) ops.shape = Codec<T>::shape;
  return ops;
}

template <typename T>
consteval bool require_encodable() {
  static_assert(
      Encodable<T>,
      "aerie: this type cannot be sent: give it a static describe(aerie::Schema<T>&) function or specialise "
      "aerie::Codec<T>");
  return Encodable<T>;
}

template <typename T>
consteval bool require_decodable() {
  static_assert(
      Decodable<T>,
      "aerie: this type cannot be received: give it a static describe(aerie::Schema<T>&) function or "
      "specialise aerie::Codec<T>; views such as std::string_view can only be sent");
  return Decodable<T>;
}

}  // namespace detail

/// The operations of a type, one table per type.
template <typename T>
inline constexpr TypeOps type_ops = detail::make_type_ops<T>();

/// Writes `value`.
template <typename T>
void encode(Encoder& encoder, T const& value) {
  if constexpr (detail::require_encodable<T>()) Codec<T>::encode(encoder, value);
}

/// Reads `value`. On failure `value` is valid but unspecified, and the result says where and why.
template <typename T>
[[nodiscard]] DecodeResult decode(Decoder& decoder, T& value) {
  if constexpr (detail::require_decodable<T>()) {
    if (!Codec<T>::decode(decoder, value)) decoder.refuse();
  }
  return decoder.take_result();
}

}}  // namespace aerie::v1
