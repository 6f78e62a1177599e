#pragma once

/// \file
/// Walks through a message with the rules of its type. The order of the checks is class-validator's: of one
/// object first the members that should not be there, then the described members in their order; of one
/// member first the rule of presence, then its rules from the last to the first, then what is nested in it.

#include <aerie/schema/rule.hpp>
#include <aerie/schema/validate.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace schema {

/// Whether a value satisfies a rule that is not of role `nested`. Of an array whose elements are checked it
/// is not said which one fails.
inline bool holds(Rule const& rule, RuleContext const& context) {
  if (!rule.is_each || !context.value.is_array()) return rule.check(context.value, context);
  return std::ranges::all_of(context.value.as_array(),
                             [&](Value const& element) { return rule.check(element, context); });
}

class Validator {
 public:
  /// REQUIRES: `options` outlives the validator.
  explicit Validator(ValidationOptions const& options)
      : options_(options), texts_left_(options.max_messages_length), values_left_(texts_left_) {}

  using Errors = std::vector<ValidationError>;

  /// Checks a described object, and removes from it what the options say. The member `tag` may be there
  /// without being described.
  void check_object(StructSchema const& schema, Object& object, Errors& errors, std::string_view tag = {});

  /// Checks an object of a described type, which for a variant depends on the object.
  void check_described(TypeShape const& shape, Value& value, Errors& errors);

  /// Checks what is described within a whole message of any other type.
  void check_parts(TypeShape const& shape, Value& value, Errors& errors);

  /// There was more wrong than `max_messages_length` has room for: the errors are the first ones.
  bool is_cut() const { return is_cut_; }

 private:
  // A member that is being checked. `value` is undefined where it is absent.
  struct Member {
    std::string_view name;
    FieldRules const& rules;
    Object const& object;
    std::string_view target;
  };

  void check_unknown(StructSchema const& schema, Object& object, std::string_view tag, Errors& errors);
  bool is_wrong_member(Member const& member, TypeShape const& shape, Value* value, ValidationError& error);
  void check_rules(Member const& member, Value const& value, Rule::Role role, ValidationError& error);
  // What is nested in the member's value: leads to everything that has a description of its own.
  void check_nested(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                    ValidationError& error);
  void check_untagged(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                      ValidationError& error);
  void check_elements(Member const& member, Rule const& rule, TypeShape const& shape, Array& elements,
                      Errors& errors);
  void check_entries(Member const& member, Rule const& rule, TypeShape const& shape, Object& entries,
                     Errors& errors);
  bool is_wrong(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                ValidationError& error);
  void fail(Rule const& rule, RuleContext const& context, ValidationError& error);
  void add(Constraint constraint, ValidationError& error);
  bool has_room();
  void push(ValidationError error, Value const& value, Errors& errors);

  bool is_applied(Rule const& rule) const;
  bool is_skipped(Value const& value) const;
  bool is_enough(ValidationError const& error) const {
    return is_cut_ || (options_.stop_at_first_error && !error.constraints.empty());
  }

  ValidationOptions const& options_;
  // Characters of texts, and of values that are repeated, that there is still room for.
  std::size_t texts_left_;
  std::size_t values_left_;
  bool is_cut_ = false;
};

}}}  // namespace aerie::v1::schema
