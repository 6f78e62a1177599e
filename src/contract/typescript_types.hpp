#pragma once

/// \file
/// Types as TypeScript writes them. Plain functions over a TypeTable.

#include "contract/type_table.hpp"

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace contract {

/// "\"a \\\"b\\\"\"": a text as a literal of TypeScript, which is one of JSON.
std::string text_literal(std::string_view text);

/// A name in an interface: quoted where it is no identifier.
std::string property_name(std::string_view name);

/// `/** text */` and an end of line, with `indent` before each line; nothing of no text.
std::string comment(std::string_view text, std::string_view indent);

class TypescriptTypes {
 public:
  explicit TypescriptTypes(TypeTable const& table) : table_(table) {}

  /// The type as an expression: "User | null".
  std::string of(Type const& type, Direction direction) const;
  std::string of(TypeShape const& shape, Direction direction) const;
  /// "{ id: number; name?: string }" of parameters that have names.
  std::string of(std::vector<Member> const& members, Direction direction) const;
  /// The declaration of a named type: `export interface User { ... }`.
  std::string declaration(TypeTable::Entry const& entry, bool with_comments) const;

 private:
  std::string without_null(TypeShape const& shape, Direction direction) const;
  std::string of_member(StructSchema const& schema, std::size_t index, Direction direction) const;
  std::string interface_of(TypeTable::Entry const& entry, bool with_comments) const;

  TypeTable const& table_;
};

/// The names of an enumeration as a union: `"a" | "b"`; `never` of none.
std::string union_of(std::vector<std::string> const& names);

}}}  // namespace aerie::v1::contract
