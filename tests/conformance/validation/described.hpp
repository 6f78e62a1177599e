#pragma once

/// \file
/// Described types whose rules follow from their members, and types that are described by a request.

#include <aerie/schema/validate.hpp>

#include <optional>
#include <string>
#include <vector>

namespace validation {

using aerie::Value;

/// A rule as the other side asks for it: the name of a function of FieldRef and its arguments.
struct RuleRequest {
  std::string rule;
  aerie::Array args;
  bool each = false;
  std::optional<std::string> message;
  std::vector<std::string> groups;

  static void describe(aerie::Schema<RuleRequest>& s);
};

struct FieldRequest {
  std::string name;
  std::string type;
  bool optional = false;
  std::vector<RuleRequest> rules;

  static void describe(aerie::Schema<FieldRequest>& s);
};

/// Applies a rule by its name. Throws std::logic_error for a name that there is not.
void apply(aerie::FieldRef& field, RuleRequest const& request);

/// A type without rules of its own, made of the fields of a request.
aerie::StructSchema schema_of_request(std::vector<FieldRequest> const& fields);

/// The described type of this name; null if there is none.
aerie::StructSchema const* described_type(std::string_view name);

}  // namespace validation
