#pragma once

/// \file
/// Variants whose alternative is named by a member of the object, as TypeScript's discriminated unions:
///
///     struct Circle { double radius; static void describe(aerie::Schema<Circle>& s); };
///     struct Square { double side; static void describe(aerie::Schema<Square>& s); };
///     using Shape = std::variant<Circle, Square>;
///
///     void describe(aerie::VariantSchema<Shape>& v) {
///       v.tag("kind").value<Circle>("circle").value<Square>("square");   // {"kind":"circle","radius":1}
///     }
///
/// An alternative may describe the tag as a member of its own; then that is what is sent. Variants without a
/// description are sent as what they hold, and received as the first alternative that fits.

#include <aerie/core/api.hpp>
#include <aerie/core/immortal.hpp>
#include <aerie/schema/codec_containers.hpp>
#include <aerie/schema/describe_trait.hpp>
#include <aerie/schema/struct_schema.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 {

/// A described variant as data. Immutable once it is built, and then safe to use from any thread.
class AERIE_API VariantTable {
 public:
  /// One alternative.
  struct Entry {
    /// What the tag says of it.
    std::string name;
    std::size_t index;  ///< In the std::variant.
    /// Its codec.
    TypeOps const* type;
  };

  /// Fills a table.
  using Describe = void (*)(VariantTable&);

  /// Throws std::logic_error if there is no tag or not every one of `alternatives` has a name.
  VariantTable(Describe describe, std::size_t alternatives);

  /// The member that names the alternative.
  [[nodiscard]] std::string const& tag() const { return tag_; }
  /// For the framework: what VariantSchema was told.
  void set_tag(std::string_view tag) { tag_ = tag; }

  /// In the order of the description.
  [[nodiscard]] std::vector<Entry> const& entries() const { return entries_; }

  /// The alternative that an object names, or null.
  [[nodiscard]] Entry const* find(Value const& object) const;

  /// Throws std::logic_error if the name or the alternative is already there.
  void add(std::string_view name, std::size_t index, TypeOps const& type);

  /// Writes the alternative at that address, the tag first.
  void encode(Encoder& encoder, std::size_t index, void const* alternative) const;

  /// Reads the object, and finds out which alternative it is. Null on failure.
  Entry const* read(Decoder& decoder, Value& object) const;
  /// Reads the alternative from the object.
  static bool read_alternative(Decoder& decoder, Entry const& entry, Value const& object, void* alternative);

 private:
  std::string tag_;
  std::vector<Entry> entries_;
};

/// What a variant's `describe` is given.
template <typename... Alternatives>
class VariantSchema<std::variant<Alternatives...>> {
 public:
  explicit VariantSchema(VariantTable& table) : table_(table) {}

  /// The name of the member that says which alternative it is.
  VariantSchema& tag(std::string_view name) {
    table_.set_tag(name);
    return *this;
  }

  /// What that member holds where this is the alternative.
  template <typename Alternative>
  VariantSchema& value(std::string_view name) {
    static_assert((std::is_same_v<Alternative, Alternatives> || ...),
                  "aerie: this type is no alternative of the described variant");
    static_assert(Described<Alternative>,
                  "aerie: the alternatives of a variant with a tag are described structs: give this one a "
                  "static describe(aerie::Schema<T>&) function");
    std::size_t index = 0;
    bool const is_found = ((std::is_same_v<Alternative, Alternatives> || (++index, false)) || ...);
    if (is_found) table_.add(name, index, type_ops<Alternative>);
    return *this;
  }

 private:
  VariantTable& table_;
};

/// The description of a variant. The first call builds it; callable from any thread.
template <DescribedVariant V>
VariantTable const& variant_table_of() {
  static core::Immortal<VariantTable> const table(
      +[](VariantTable& data) {
        VariantSchema<V> builder(data);
        describe(builder);
      },
      std::variant_size_v<V>);
  return *table;
}

template <typename... Alternatives>
requires DescribedVariant<std::variant<Alternatives...>>
struct Codec<std::variant<Alternatives...>> {
  using Variant = std::variant<Alternatives...>;

  static constexpr TypeShape shape{.kind = TypeKind::variant, .alternatives = &variant_table_of<Variant>};

  static void encode(Encoder& encoder, Variant const& value) {
    std::visit(
        [&](auto const& alternative) {
          variant_table_of<Variant>().encode(encoder, value.index(), &alternative);
        },
        value);
  }

  static bool decode(Decoder& decoder, Variant& value) requires(Decodable<Alternatives>&&...) {
    Value object;
    VariantTable::Entry const* const entry = variant_table_of<Variant>().read(decoder, object);
    if (entry == nullptr) return false;
    void* const alternative = emplace(value, entry->index, std::index_sequence_for<Alternatives...>());
    return VariantTable::read_alternative(decoder, *entry, object, alternative);
  }

 private:
  template <std::size_t... Index>
  static void* emplace(Variant& value, std::size_t wanted, std::index_sequence<Index...>) {
    void* alternative = nullptr;
    ((Index == wanted ? void(alternative = &value.template emplace<Index>()) : void()), ...);
    return alternative;
  }
};

}}  // namespace aerie::v1
