#pragma once

/// \file
/// Walks through a message with the rules of its type. The order of the checks is class-validator's: of one
/// object first the members that should not be there, then the described members in their order; of one
/// member first the rule of presence, then its rules from the last to the first, then what is nested in it.

#include <aerie/schema/validate.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace schema {

class Validator {
 public:
  /// REQUIRES: `options` outlives the validator.
  explicit Validator(ValidationOptions const& options) : options_(options) {}

  using Errors = std::vector<ValidationError>;

  /// Checks a described object, and removes from it what the options say. The member `tag` may be there
  /// without being described.
  void check_object(StructSchema const& schema, Object& object, Errors& errors, std::string_view tag = {});

  /// Checks an object of a described type, which for a variant depends on the object.
  void check_described(TypeShape const& shape, Value& value, Errors& errors);

  /// Checks each element of an array or map of described structs.
  void check_elements(TypeShape const& shape, Value& value, Errors& errors);

 private:
  // A member that is being checked. `value` is undefined where it is absent.
  struct Member {
    std::string_view name;
    TypeShape const& shape;
    FieldRules const& rules;
    Object const& object;
    std::string_view target;
  };

  void check_unknown(StructSchema const& schema, Object& object, std::string_view tag, Errors& errors);
  void check_member(Member const& member, Value* value, Errors& errors);
  void check_rules(Member const& member, Value const& value, Rule::Role role, ValidationError& error);
  void check_nested(Member const& member, Rule const& rule, TypeShape const& part, Value& value,
                    ValidationError& error);
  void check_nested_element(Member const& member, Rule const& rule, TypeShape const& part, std::string name,
                            Value& value, Errors& errors);
  void fail(Rule const& rule, RuleContext const& context, ValidationError& error);
  void push(ValidationError error, Value const& value, Errors& errors);

  bool is_applied(Rule const& rule) const;
  bool is_skipped(Value const& value) const;
  bool is_enough(ValidationError const& error) const {
    return options_.stop_at_first_error && !error.constraints.empty();
  }

  ValidationOptions const& options_;
};

}}}  // namespace aerie::v1::schema
