#pragma once

/// \file
/// A described struct as data: what its members are named, where they lie, how they are written and what is
/// checked of them.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/name.hpp>
#include <aerie/schema/rule.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// One member of a described struct.
struct FieldInfo {
  /// As it is written on the wire.
  std::string name;
  /// Bytes from the beginning of the struct.
  std::ptrdiff_t offset = 0;
  /// How it is written and read.
  TypeOps const* type = nullptr;
  /// Whether it must be there to be decoded.
  bool is_required = true;
  /// A sentence for whoever reads the contract (FieldRef::description).
  std::string description = {};
};

/// The members of a struct in the order of their description. On decoding unknown members are ignored, a
/// missing required one is an error, and of two equal ones the last counts.
///
/// Thread contract: immutable once it is built.
class AERIE_API StructSchema {
 public:
  /// Fills a schema.
  using Describe = void (*)(StructSchema&);

  /// What `find` returns for a name that no member has.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  /// Throws std::logic_error for two members of one name.
  explicit StructSchema(Describe describe);

  /// The type's name without its namespaces, as far as it is known.
  [[nodiscard]] std::string_view name() const { return detail::without_namespaces(qualified_name_); }
  /// The same with them: "lab::UserDto".
  [[nodiscard]] std::string_view qualified_name() const { return qualified_name_; }
  /// For the framework. `qualified_name` must outlive the schema.
  void set_name(std::string_view qualified_name) { qualified_name_ = qualified_name; }

  /// What it is, in words: for contracts. Empty if nobody has said.
  [[nodiscard]] std::string const& description() const { return description_; }
  /// For the framework: what Schema was told.
  void set_description(std::string text) { description_ = std::move(text); }

  /// The members in the order of the description.
  [[nodiscard]] std::vector<FieldInfo> const& fields() const { return fields_; }

  /// The index of the member with this name, or npos. Looks from `expected` on, because members mostly come
  /// in the order of the description.
  [[nodiscard]] std::size_t find(std::string_view name, std::size_t expected = 0) const {
    bool const is_expected = expected < fields_.size() && fields_[expected].name == name;
    return is_expected ? expected : search(name, expected);
  }

  /// The rules of each member, in the order of `fields`, those implied by its C++ type included.
  [[nodiscard]] std::vector<FieldRules> const& rules() const { return rules_; }

  /// Whether its rules can be checked in a JSON text, without a tree of it: `is_right_beyond_doubt`.
  [[nodiscard]] bool can_be_checked_in_text() const { return can_be_checked_in_text_; }

  /// Writes the struct at that address.
  void encode(Encoder& encoder, void const* object) const;
  /// The same with one more member in front, a string, unless a member of that name is described.
  void encode_tagged(Encoder& encoder, void const* object, std::string_view tag, std::string_view name) const;
  /// Reads into the struct at that address. False on bad input, which the decoder tells; then some members
  /// may have been read.
  bool decode(Decoder& decoder, void* object) const;

  /// Adds a member, and tells its index. Throws std::logic_error if there already is one of this name.
  std::size_t add(std::string_view name, std::ptrdiff_t offset, TypeOps const& type);

  /// A member, to say more about it while the description is being built.
  [[nodiscard]] FieldInfo& field(std::size_t index) { return fields_[index]; }
  [[nodiscard]] FieldRules& rules(std::size_t index) { return rules_[index]; }

 private:
  std::size_t search(std::string_view name, std::size_t expected) const;
  std::size_t size_of(void const* object) const;
  void encode_members(Encoder& encoder, void const* object) const;
  bool decode_field(Decoder& decoder, FieldInfo const& field, void* object) const;

  std::string_view qualified_name_;
  std::string description_;
  std::vector<FieldInfo> fields_;
  std::vector<FieldRules> rules_;
  bool has_fields_to_leave_out_ = false;
  bool can_be_checked_in_text_ = false;
};

}}  // namespace aerie::v1
