#pragma once

/// \file
/// A struct tells the framework about itself in one static function:
///
///     struct JoinRoom {
///       std::int64_t chat_room_id;
///       std::optional<std::string> nick;
///
///       static void describe(aerie::Schema<JoinRoom>& s) {
///         s.field<&JoinRoom::chat_room_id>("chatRoomId").minimum(1);
///         s.field<&JoinRoom::nick>().length(1, 32);
///       }
///     };
///
/// and an enumeration in a free function beside it:
///
///     enum class Color { red, green };
///     void describe(aerie::EnumSchema<Color>& e) { e.value<Color::red>().value<Color::green>("GREEN"); }
///
/// A description is data, built once on first use, and safe to use from any thread afterwards.

#include <aerie/core/api.hpp>
#include <aerie/core/immortal.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/describe_trait.hpp>
#include <aerie/schema/field_ref.hpp>
#include <aerie/schema/name.hpp>
#include <aerie/schema/struct_schema.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace detail {
// clang 14 takes no consteval function for a default argument.
template <auto Member>
inline constexpr std::string_view own_name = name_of<Member>();

template <typename Member>
struct MemberParts;
template <typename F, typename Base>
struct MemberParts<F Base::*> {
  using Type = F;
  using Owner = Base;
};
}  // namespace detail

/// What a struct's `describe` is given.
template <typename T>
class Schema {
 public:
  /// For the framework: it fills `schema`.
  explicit Schema(StructSchema& schema) : schema_(schema) {}

  /// A member that is sent and received under `name`, by default its own.
  template <auto Member>
  FieldRef field(std::string_view name = detail::own_name<Member>) {
    using Parts = detail::MemberParts<decltype(Member)>;
    using F = typename Parts::Type;
    static_assert(std::is_base_of_v<typename Parts::Owner, T>,
                  "aerie: this member belongs to another struct");
    F T::*const own_member = Member;
    // In the Itanium C++ ABI (§2.3), which g++ and clang share, a pointer to a data member is its offset.
    std::ptrdiff_t offset = 0;
    static_assert(sizeof own_member == sizeof offset);
    std::memcpy(&offset, &own_member, sizeof offset);
    std::size_t index = 0;
    if constexpr (detail::require_encodable<F>()) index = schema_.add(name, offset, type_ops<F>);
    return {schema_, index};
  }
  /// What the struct is, in a sentence, for those who read a contract that is made of it (docs/contracts.md).
  Schema& description(std::string text) {
    schema_.set_description(std::move(text));
    return *this;
  }

 private:
  StructSchema& schema_;
};

/// The description of a struct. The first call builds it; callable from any thread.
template <Described T>
StructSchema const& schema_of() {
  static core::Immortal<StructSchema> const schema(+[](StructSchema& data) {
    data.set_name(detail::qualified_type_name<T>());
    Schema<T> builder(data);
    if constexpr (requires { T::describe(builder); }) {
      T::describe(builder);
    } else {
      describe(builder);
    }
  });
  return *schema;
}

template <Described T>
struct Codec<T> {
  static constexpr TypeShape shape{.kind = TypeKind::object, .schema = &schema_of<T>};

  static void encode(Encoder& encoder, T const& value) { schema_of<T>().encode(encoder, &value); }
  static bool decode(Decoder& decoder, T& value) { return schema_of<T>().decode(decoder, &value); }
};

/// A described enumeration as data.
class AERIE_API EnumTable {
 public:
  /// One value of the enumeration.
  struct Entry {
    /// As it is sent.
    std::string name;
    /// The enumerator, as a number.
    std::int64_t value;
  };

  /// Fills a table.
  using Describe = void (*)(EnumTable&);

  /// Throws std::logic_error for two entries of one name or value.
  explicit EnumTable(Describe describe);

  /// In the order of the description.
  [[nodiscard]] std::vector<Entry> const& entries() const { return entries_; }

  /// The type's name with its namespaces, as far as it is known.
  [[nodiscard]] std::string_view qualified_name() const { return qualified_name_; }
  /// For the framework. `qualified_name` must outlive the table.
  void set_name(std::string_view qualified_name) { qualified_name_ = qualified_name; }
  /// What it is, in words: for contracts.
  [[nodiscard]] std::string const& description() const { return description_; }
  /// For the framework: what EnumSchema was told.
  void set_description(std::string text) { description_ = std::move(text); }

  /// Throws std::logic_error if the name or the value is already there.
  void add(std::string_view name, std::int64_t value);

  /// Writes the name of a value; undefined if it has none.
  void encode(Encoder& encoder, std::int64_t value) const;
  /// Reads the name of a value; fails with `unknown_name` if there is none of that name.
  bool decode(Decoder& decoder, std::int64_t& value) const;

 private:
  std::string_view qualified_name_;
  std::string description_;
  std::vector<Entry> entries_;
};

/// What an enumeration's `describe` is given.
template <typename E>
class EnumSchema {
 public:
  /// For the framework: it fills `table`.
  explicit EnumSchema(EnumTable& table) : table_(table) {}

  /// A value that is sent and received under `name`, by default its own.
  template <E Value>
  EnumSchema& value(std::string_view name) {
    table_.add(name, static_cast<std::int64_t>(Value));
    return *this;
  }
  template <E Value>
  EnumSchema& value() {
    return value<Value>(name_of<Value>());
  }
  /// What the enumeration is, in a sentence, for contracts.
  EnumSchema& description(std::string text) {
    table_.set_description(std::move(text));
    return *this;
  }

 private:
  EnumTable& table_;
};

/// The description of an enumeration. The first call builds it; callable from any thread.
template <DescribedEnum E>
EnumTable const& enum_table_of() {
  static core::Immortal<EnumTable> const table(+[](EnumTable& data) {
    data.set_name(detail::qualified_type_name<E>());
    EnumSchema<E> builder(data);
    describe(builder);
  });
  return *table;
}

template <DescribedEnum E>
struct Codec<E> {
  static constexpr TypeShape shape{.kind = TypeKind::enumeration, .names = &enum_table_of<E>};

  static void encode(Encoder& encoder, E value) {
    enum_table_of<E>().encode(encoder, static_cast<std::int64_t>(value));
  }
  static bool decode(Decoder& decoder, E& value) {
    std::int64_t number = 0;
    if (!enum_table_of<E>().decode(decoder, number)) return false;
    value = static_cast<E>(number);
    return true;
  }
};

}}  // namespace aerie::v1
