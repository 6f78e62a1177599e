#pragma once

/// \file
/// What a member's value has to satisfy, as data: the name of the rule, its arguments, the check and the text
/// that is sent when it fails. Names and texts are those of class-validator
/// (https://github.com/typestack/class-validator), so that clients see what a NestJS server would send.
/// Plain data: built once with the description, then read by any thread.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// Where a rule is applied. Refers to the message that is being validated; valid during the call only.
struct RuleContext {
  std::string_view property;  ///< The member's name.
  Value const& value;         ///< The member's value, the whole array where a rule looks at each element.
  Object const& object;       ///< The object that has the member.
  std::string_view target;    ///< The name of the described type.
};

/// One rule of one member.
struct Rule {
  /// Whether the value is good. Called by several threads at once.
  using Check = std::function<bool(Value const& value, RuleContext const& context)>;
  /// What is said of a value that is not. Called by several threads at once.
  using Text = std::function<std::string(RuleContext const& context)>;

  /// When the rule is checked.
  enum class Role : std::uint8_t {
    check,
    presence,  ///< Checked before all others, and whatever may be skipped.
    nested     ///< The value is validated by its own description, after all others.
  };

  std::string name;      ///< "isInt"
  Array arguments;       ///< `$constraint1` and so on in the text.
  Check check;           ///< Of role `nested` there is none.
  std::string text;      ///< "$property must be an integer number"
  Text text_of = {};     ///< Instead of `text`, where it depends on the value.
  Text message = {};     ///< The application's own text, instead of either.
  bool is_each = false;  ///< The elements of an array are checked, instead of the array.
  /// When it is checked.
  Role role = Role::check;
  /// Says of which type the value has to be, so that no rule has to be implied by the member's C++ type.
  bool says_type = false;
  /// The check looks at nothing but the value, as all rules of FieldRef's own do: it may be asked before
  /// there is an object.
  bool looks_at_value_only = false;
  /// Those for which it is checked; none: see ValidationOptions::groups.
  std::vector<std::string> groups = {};
};

/// Whether the member of `object` is validated at all.
using RuleCondition = std::function<bool(Object const& object)>;

/// All the rules of one member, in the order of their declaration. They are checked and reported from the
/// last to the first, as class-validator does with decorators.
struct FieldRules {
  /// In the order of their declaration.
  std::vector<Rule> rules;
  /// All have to be true, or none of the rules is checked.
  std::vector<RuleCondition> conditions;
  bool may_be_absent = false;  ///< null and absent members are not validated.
  bool has_implied = true;     ///< The member's C++ type adds a rule where no explicit one says the type.
};

/// The text for a failed rule, with its tokens replaced: `$property`, `$value` (of scalars), `$target`,
/// `$constraint1` and so on. `wants_default` is false where only the application's own texts are sent.
AERIE_API std::string text_of(Rule const& rule, RuleContext const& context, bool wants_default = true);

}}  // namespace aerie::v1
