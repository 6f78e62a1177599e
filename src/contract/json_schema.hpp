#pragma once

/// \file
/// Types as JSON Schema (https://json-schema.org/draft/2020-12), with the rules of their members. Plain
/// functions over a TypeTable.

#include "contract/type_table.hpp"

#include <aerie/contract/contract.hpp>
#include <aerie/schema/value.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace contract {

class JsonSchemas {
 public:
  explicit JsonSchemas(TypeTable const& table) : table_(table) {}

  Value of(Type const& type, Direction direction) const;
  /// An array of exactly these: the arguments of an event.
  Value of(std::vector<Type> const& arguments, Direction direction) const;
  /// The schemas of all named types, by name: what is referred to as `#/components/schemas/<name>`.
  Object components() const;

 private:
  Value of(TypeShape const& shape, Direction direction) const;
  Object of_kind(TypeShape const& shape, Direction direction) const;
  Object of_struct(StructSchema const& schema, Direction direction) const;
  Value of_member(StructSchema const& schema, std::size_t index, Direction direction) const;

  TypeTable const& table_;
};

/// What a document says of itself, in its member `info`.
Object about(DocumentInfo const& info);

/// A document as JSON for people: two spaces for each level, and an end of line.
std::string pretty(Value const& document);

}}}  // namespace aerie::v1::contract
