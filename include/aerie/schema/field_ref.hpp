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
  /// NaN is a number.
  bool allow_nan = false;
  /// Infinities are numbers.
  bool allow_infinity = false;
  /// Digits behind the point; nothing: any.
  std::optional<std::size_t> max_decimal_places = std::nullopt;
};

/// A member while its struct is being described. Valid during `describe` only; used by one thread.
class AERIE_API FieldRef {
 public:
  /// For the framework; callers use `Schema::field`.
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

  /// A text.
  FieldRef& is_string();
  /// A whole number.
  FieldRef& is_int();
  /// A number, by default a finite one.
  FieldRef& is_number(NumberOptions options = {});
  /// True or false.
  FieldRef& is_bool();
  /// An array of anything.
  FieldRef& is_array();
  /// An object, a date or binary data; no array, and not null.
  FieldRef& is_object();
  /// A date that is valid. Strings and numbers become dates before, if the member's type is a date.
  FieldRef& is_date();
  /// Binary data.
  FieldRef& is_bytes();
  /// One of the names of the member's described enumeration.
  FieldRef& is_enum();
  FieldRef& is_enum(std::vector<std::string> names);

  /// Neither null nor undefined.
  FieldRef& is_defined();
  /// Neither null, undefined nor an empty text.
  FieldRef& not_empty();
  /// Null, undefined or an empty text.
  FieldRef& is_empty();
  /// That value. Equality is that of `===`, here and in the next three: arrays and objects equal nothing.
  FieldRef& equals(Value expected);
  /// Any other value.
  FieldRef& not_equals(Value refused);
  /// One of these values.
  FieldRef& one_of(Array values);
  /// None of these values.
  FieldRef& not_one_of(Array values);

  /// A number that is not less. Throws std::logic_error for a limit that is no number.
  FieldRef& minimum(Value limit);
  /// A number that is not greater. Throws std::logic_error for a limit that is no number.
  FieldRef& maximum(Value limit);
  /// A number above 0.
  FieldRef& is_positive();
  /// A number below 0.
  FieldRef& is_negative();

  /// A text of so many characters or more. Here and in the next two these are code points; a variation
  /// selector is part of its character.
  FieldRef& min_length(std::size_t characters);
  /// A text of so many characters or fewer.
  FieldRef& max_length(std::size_t characters);
  /// A text whose length is between both, inclusive; without the second there is no upper limit.
  FieldRef& length(std::size_t lowest, std::optional<std::size_t> highest = std::nullopt);
  /// Somewhere in the string is what an RE2 pattern says. `flags` of `i`, `m`, `s` as in JavaScript. Throws
  /// std::logic_error if the pattern is none.
  FieldRef& matches(std::string_view pattern, std::string_view flags = {});
  /// A text with that part somewhere.
  FieldRef& contains(std::string part);
  /// A text without that part.
  FieldRef& not_contains(std::string part);
  /// A text of letters a to z, large or small.
  FieldRef& is_alpha();
  /// A text of letters a to z and digits.
  FieldRef& is_alphanumeric();
  /// A text that is a number.
  FieldRef& is_number_string();
  /// An address of e-mail, by the rules of validator.js.
  FieldRef& is_email();
  /// An address with http, https or ftp, or without a scheme, by the rules of validator.js.
  FieldRef& is_url();
  /// An address of IPv4 or IPv6.
  FieldRef& is_ip();
  /// `version` 1 to 8; without it any.
  FieldRef& is_uuid(std::optional<int> version = std::nullopt);

  /// An array of so many elements or more.
  FieldRef& array_min_size(std::size_t elements);
  /// An array of so many elements or fewer.
  FieldRef& array_max_size(std::size_t elements);
  /// An array with an element.
  FieldRef& array_not_empty();
  /// An array without two equal elements.
  FieldRef& array_unique();
  /// An array that has all of these values.
  FieldRef& array_contains(Array values);

  /// An object with a member.
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
  // A rule of our own.
  FieldRef& add(Rule rule);
  FieldRef& add_custom(std::string_view name, std::string_view text, Rule::Check check);
  Rule& last_rule(std::string_view asked_by);

  StructSchema* schema_;
  std::size_t index_;
};

}}  // namespace aerie::v1
