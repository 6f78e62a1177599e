#pragma once

/// \file
/// Which types describe themselves.

#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

template <typename T>
class Schema;
template <typename E>
class EnumSchema;
/// What the `describe` of a std::variant is given; see aerie/schema/variant.hpp.
template <typename V>
class VariantSchema;

/// A struct with `static void describe(aerie::Schema<T>&)`, or with a free function
/// `describe(aerie::Schema<T>&)` in its namespace.
template <typename T>
concept Described = std::is_class_v<T> &&(
    requires(Schema<T>& schema) { T::describe(schema); } ||
    requires(Schema<T> & schema) { describe(schema); });

/// An enumeration with a free function `describe(aerie::EnumSchema<E>&)` in its namespace.
template <typename E>
concept DescribedEnum = std::is_enum_v<E> && requires(EnumSchema<E>& schema) {
  describe(schema);
};

/// A std::variant with a free function `describe(aerie::VariantSchema<V>&)` in the namespace of one of its
/// alternatives.
template <typename V>
concept DescribedVariant = requires(VariantSchema<V>& schema) {
  describe(schema);
};

}}  // namespace aerie::v1
