// The rules of FieldRef about any value, about numbers, arrays and objects.

#include "schema/is_nothing.hpp"
#include "schema/js_text.hpp"

#include <aerie/schema/field_ref.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>

namespace aerie { inline namespace v1 {
namespace {

using schema::is_nothing;
using schema::js_contains;
using schema::js_equal;

template <typename Predicate>
Rule::Check check(Predicate predicate) {
  return
      [predicate = std::move(predicate)](Value const& value, RuleContext const&) { return predicate(value); };
}

bool is_empty_value(Value const& value) {
  return is_nothing(value) || (value.is_string() && value.as_string().empty());
}

Value require_number(Value limit) {
  if (limit.is_number()) return limit;
  throw std::logic_error("aerie: minimum() and maximum() take a number, not " +
                         std::string(to_string(limit.kind())));
}

// Exact for two integers, otherwise as doubles.
bool is_at_most(Value const& a, Value const& b) {
  auto const first = a.get_if<std::int64_t>();
  auto const second = b.get_if<std::int64_t>();
  return first && second ? *first <= *second : a.as_double() <= b.as_double();
}

// As JavaScript finds duplicates: arrays and objects of a message are all different, NaN is never found.
bool has_unique_elements(Array const& values) {
  std::set<std::string_view> texts;
  std::set<double> numbers;
  unsigned seen = 0;
  for (Value const& value : values) {
    if (value.is_string()) {
      if (!texts.insert(value.as_string()).second) return false;
    } else if (value.is_number()) {
      double const number = value.as_double();
      if (number != number || !numbers.insert(number).second) return false;
    } else if (is_nothing(value) || value.is_bool()) {
      unsigned const bit = value.is_undefined() ? 1U : value.is_null() ? 2U : value.as_bool() ? 4U : 8U;
      if ((seen & bit) != 0) return false;
      seen |= bit;
    }
  }
  return true;
}

}  // namespace

FieldRef& FieldRef::is_defined() {
  return add({.name = "isDefined",
              .arguments = {},
              .check = check([](Value const& value) { return !is_nothing(value); }),
              .text = "$property should not be null or undefined",
              .role = Rule::Role::presence});
}

FieldRef& FieldRef::not_empty() {
  return add({.name = "isNotEmpty",
              .arguments = {},
              .check = check([](Value const& value) { return !is_empty_value(value); }),
              .text = "$property should not be empty"});
}

FieldRef& FieldRef::is_empty() {
  return add({.name = "isEmpty",
              .arguments = {},
              .check = check(is_empty_value),
              .text = "$property must be empty",
              .says_type = true});
}

FieldRef& FieldRef::equals(Value expected) {
  Array arguments{expected};
  return add({.name = "equals",
              .arguments = std::move(arguments),
              .check = check(
                  [expected = std::move(expected)](Value const& value) { return js_equal(value, expected); }),
              .text = "$property must be equal to $constraint1",
              .says_type = true});
}

FieldRef& FieldRef::not_equals(Value refused) {
  Array arguments{refused};
  return add({.name = "notEquals",
              .arguments = std::move(arguments),
              .check = check(
                  [refused = std::move(refused)](Value const& value) { return !js_equal(value, refused); }),
              .text = "$property should not be equal to $constraint1"});
}

FieldRef& FieldRef::one_of(Array values) {
  Array arguments;
  arguments.emplace_back(values);
  return add({.name = "isIn",
              .arguments = std::move(arguments),
              .check = check(
                  [values = std::move(values)](Value const& value) { return js_contains(values, value); }),
              .text = "$property must be one of the following values: $constraint1",
              .says_type = true});
}

FieldRef& FieldRef::not_one_of(Array values) {
  Array arguments;
  arguments.emplace_back(values);
  return add({.name = "isNotIn",
              .arguments = std::move(arguments),
              .check = check(
                  [values = std::move(values)](Value const& value) { return !js_contains(values, value); }),
              .text = "$property should not be one of the following values: $constraint1"});
}

FieldRef& FieldRef::minimum(Value limit) {
  limit = require_number(std::move(limit));
  Array arguments{limit};
  return add({.name = "min",
              .arguments = std::move(arguments),
              .check = check([limit = std::move(limit)](Value const& value) {
                return value.is_number() && is_at_most(limit, value);
              }),
              .text = "$property must not be less than $constraint1"});
}

FieldRef& FieldRef::maximum(Value limit) {
  limit = require_number(std::move(limit));
  Array arguments{limit};
  return add({.name = "max",
              .arguments = std::move(arguments),
              .check = check([limit = std::move(limit)](Value const& value) {
                return value.is_number() && is_at_most(value, limit);
              }),
              .text = "$property must not be greater than $constraint1"});
}

FieldRef& FieldRef::is_positive() {
  return add({.name = "isPositive",
              .arguments = {},
              .check = check([](Value const& value) { return value.is_number() && value.as_double() > 0; }),
              .text = "$property must be a positive number"});
}

FieldRef& FieldRef::is_negative() {
  return add({.name = "isNegative",
              .arguments = {},
              .check = check([](Value const& value) { return value.is_number() && value.as_double() < 0; }),
              .text = "$property must be a negative number"});
}

FieldRef& FieldRef::array_min_size(std::size_t elements) {
  return add({.name = "arrayMinSize",
              .arguments = {elements},
              .check = check(
                  [elements](Value const& value) { return value.is_array() && value.size() >= elements; }),
              .text = "$property must contain at least $constraint1 elements"});
}

FieldRef& FieldRef::array_max_size(std::size_t elements) {
  return add({.name = "arrayMaxSize",
              .arguments = {elements},
              .check = check(
                  [elements](Value const& value) { return value.is_array() && value.size() <= elements; }),
              .text = "$property must contain no more than $constraint1 elements"});
}

FieldRef& FieldRef::array_not_empty() {
  return add({.name = "arrayNotEmpty",
              .arguments = {},
              .check = check([](Value const& value) { return value.is_array() && value.size() > 0; }),
              .text = "$property should not be empty"});
}

FieldRef& FieldRef::array_unique() {
  return add({.name = "arrayUnique",
              .arguments = {},
              .check = check([](Value const& value) {
                return value.is_array() && has_unique_elements(value.as_array());
              }),
              .text = "All $property's elements must be unique"});
}

FieldRef& FieldRef::array_contains(Array values) {
  Array arguments;
  arguments.emplace_back(values);
  return add({.name = "arrayContains",
              .arguments = std::move(arguments),
              .check = check([values = std::move(values)](Value const& value) {
                return value.is_array() && std::ranges::all_of(values, [&value](Value const& wanted) {
                         return js_contains(value.as_array(), wanted);
                       });
              }),
              .text = "$property must contain $constraint1 values"});
}

FieldRef& FieldRef::is_not_empty_object() {
  return add({.name = "isNotEmptyObject",
              .arguments = {},
              .check = check([](Value const& value) { return value.is_object() && value.size() > 0; }),
              .text = "$property must be a non-empty object",
              .says_type = true});
}

}}  // namespace aerie::v1
