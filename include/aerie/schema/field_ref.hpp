#pragma once

/// \file
/// What can be said about a member beyond its name: rules, with the names of class-validator's decorators in
/// our spelling.
///
///     s.field<&Message::text>().not_empty().max_length(200).message("$property is too long");
///
/// The member's C++ type implies a rule: std::string that the value is a string, integers that it is an
/// integer, std::optional that it may be absent, vectors of described structs that it is an array whose
/// elements are valid. An implied rule counts as declared before the explicit ones; written explicitly it
/// takes the place where it is written. A rule that says the type by itself (`is_email`, `is_url`, `is_uuid`,
/// `matches`, `one_of`, `is_enum`, `equals`) leaves the implied one out.
///
/// Rules are checked from the last to the first, and reported so.

#include <aerie/core/api.hpp>
#include <aerie/schema/date.hpp>
#include <aerie/schema/rule.hpp>
#include <aerie/schema/value.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class StructSchema;

/// Which numbers `is_number` takes besides the finite ones, and how precise they may be.
struct NumberOptions {
  bool allow_nan = false;
  bool allow_infinity = false;
  std::optional<std::size_t> max_decimal_places = std::nullopt;
};

/// A member while its struct is being described. Valid during `describe` only; used by one thread.
class AERIE_API FieldRef {
 public:
  FieldRef(StructSchema& schema, std::size_t index) : schema_(&schema), index_(index) {}

  /// The member may be null or absent, and no rule is checked then. In the struct it keeps what the default
  /// constructor gave it. Members of type std::optional may be absent anyway.
  FieldRef& optional();
  /// What the member is, in a sentence, for those who read a contract that is made of it (docs/contracts.md).
  FieldRef& description(std::string text);
  /// The member is validated only where this is true.
  FieldRef& validate_if(RuleCondition condition);
  /// No rule follows from the member's C++ type, not even that a std::optional may be absent. A value that
  /// does not fit the type is still refused when it is decoded.
  FieldRef& without_implied_rules();

  // What type the value has.
  FieldRef& is_string();
  FieldRef& is_int();
  FieldRef& is_number(NumberOptions options = {});
  FieldRef& is_bool();
  FieldRef& is_array();
  FieldRef& is_object();
  /// A date that is valid. Strings and numbers become dates before, if the member's type is a date.
  FieldRef& is_date();
  FieldRef& is_bytes();
  /// One of the names of the member's described enumeration.
  FieldRef& is_enum();
  FieldRef& is_enum(std::vector<std::string> names);

  // Any value. Equality is that of `===`: arrays and objects equal nothing.
  FieldRef& is_defined();
  FieldRef& not_empty();
  FieldRef& is_empty();
  FieldRef& equals(Value expected);
  FieldRef& not_equals(Value refused);
  FieldRef& one_of(Array values);
  FieldRef& not_one_of(Array values);

  // Numbers. A limit that is no number throws std::logic_error.
  FieldRef& minimum(Value limit);
  FieldRef& maximum(Value limit);
  FieldRef& is_positive();
  FieldRef& is_negative();

  // Strings. Lengths are in characters (code points; a variation selector is part of its character).
  FieldRef& min_length(std::size_t characters);
  FieldRef& max_length(std::size_t characters);
  FieldRef& length(std::size_t lowest, std::optional<std::size_t> highest = std::nullopt);
  /// Somewhere in the string is what an RE2 pattern says. `flags` of `i`, `m`, `s` as in JavaScript. Throws
  /// std::logic_error if the pattern is none.
  FieldRef& matches(std::string_view pattern, std::string_view flags = {});
  FieldRef& contains(std::string part);
  FieldRef& not_contains(std::string part);
  FieldRef& is_alpha();
  FieldRef& is_alphanumeric();
  FieldRef& is_number_string();
  FieldRef& is_email();
  FieldRef& is_url();
  FieldRef& is_ip();
  /// `version` 1 to 8; without it any.
  FieldRef& is_uuid(std::optional<int> version = std::nullopt);

  // Arrays.
  FieldRef& array_min_size(std::size_t elements);
  FieldRef& array_max_size(std::size_t elements);
  FieldRef& array_not_empty();
  FieldRef& array_unique();
  FieldRef& array_contains(Array values);

  // Objects.
  FieldRef& is_not_empty_object();

  /// The value, or each element of it, is validated by its own description. Implied for described structs and
  /// containers of them; written explicitly where the text is to be another.
  FieldRef& nested();

  /// A rule of the application. `text` may have the tokens `$property`, `$value` and `$target`. The check is
  /// given the value, and a RuleContext if it takes one; it may be called by several threads at once.
  template <std::predicate<Value const&> Check>
  FieldRef& rule(std::string_view name, std::string_view text, Check check) {
    return add_custom(name, text, [check = std::move(check)](Value const& value, RuleContext const&) {
      return check(value);
    });
  }
  template <std::predicate<Value const&, RuleContext const&> Check>
  FieldRef& rule(std::string_view name, std::string_view text, Check check) {
    return add_custom(name, text, std::move(check));
  }
  FieldRef& rule(Rule rule);

  /// The text of the rule before, instead of its own, with the tokens of `text_of`. Throws std::logic_error
  /// if there is no rule before.
  FieldRef& message(std::string text);
  FieldRef& message(Rule::Text text);
  /// The rule before looks at each element of an array. Throws std::logic_error if there is no rule before.
  FieldRef& each();
  /// The rule before is checked only when one of these groups is asked for (ValidationOptions::groups).
  /// Throws std::logic_error if there is no rule before.
  FieldRef& groups(std::vector<std::string> names);

 private:
  FieldRef& add(Rule rule);
  FieldRef& add_custom(std::string_view name, std::string_view text, Rule::Check check);
  Rule& last_rule(std::string_view asked_by);

  StructSchema* schema_;
  std::size_t index_;
};

}}  // namespace aerie::v1
