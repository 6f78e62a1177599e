#include "described.hpp"

#include <map>
#include <stdexcept>

namespace validation {
namespace {

using aerie::Array;
using aerie::FieldRef;
using Apply = void (*)(FieldRef& field, Array const& args);

std::size_t size_of(Value const& value) {
  return static_cast<std::size_t>(value.as_int());
}

std::vector<std::string> texts_of(Value const& value) {
  std::vector<std::string> texts;
  for (Value const& item : value.as_array())
    texts.emplace_back(item.as_string());
  return texts;
}

std::optional<std::size_t> size_at(Array const& args, std::size_t index) {
  return index < args.size() ? std::optional(size_of(args[index])) : std::nullopt;
}

aerie::NumberOptions number_options(Array const& args) {
  aerie::NumberOptions options;
  options.max_decimal_places = size_at(args, 0);
  return options;
}

std::string text_of(Value const& value) {
  return std::string(value.as_string());
}

std::map<std::string_view, Apply> const& table() {
  static std::map<std::string_view, Apply> const rules = {
      {"isString", [](FieldRef& f, Array const&) { f.is_string(); }},
      {"isInt", [](FieldRef& f, Array const&) { f.is_int(); }},
      {"isNumber", [](FieldRef& f, Array const& a) { f.is_number(number_options(a)); }},
      {"isBoolean", [](FieldRef& f, Array const&) { f.is_bool(); }},
      {"isArray", [](FieldRef& f, Array const&) { f.is_array(); }},
      {"isObject", [](FieldRef& f, Array const&) { f.is_object(); }},
      {"isNotEmptyObject", [](FieldRef& f, Array const&) { f.is_not_empty_object(); }},
      {"isEnum", [](FieldRef& f, Array const& a) { f.is_enum(texts_of(a[0])); }},
      {"isDefined", [](FieldRef& f, Array const&) { f.is_defined(); }},
      {"isNotEmpty", [](FieldRef& f, Array const&) { f.not_empty(); }},
      {"isEmpty", [](FieldRef& f, Array const&) { f.is_empty(); }},
      {"equals", [](FieldRef& f, Array const& a) { f.equals(a[0]); }},
      {"notEquals", [](FieldRef& f, Array const& a) { f.not_equals(a[0]); }},
      {"isIn", [](FieldRef& f, Array const& a) { f.one_of(a[0].as_array()); }},
      {"isNotIn", [](FieldRef& f, Array const& a) { f.not_one_of(a[0].as_array()); }},
      {"min", [](FieldRef& f, Array const& a) { f.minimum(a[0]); }},
      {"max", [](FieldRef& f, Array const& a) { f.maximum(a[0]); }},
      {"isPositive", [](FieldRef& f, Array const&) { f.is_positive(); }},
      {"isNegative", [](FieldRef& f, Array const&) { f.is_negative(); }},
      {"minLength", [](FieldRef& f, Array const& a) { f.min_length(size_of(a[0])); }},
      {"maxLength", [](FieldRef& f, Array const& a) { f.max_length(size_of(a[0])); }},
      {"isLength", [](FieldRef& f, Array const& a) { f.length(size_of(a[0]), size_at(a, 1)); }},
      {"matches", [](FieldRef& f,
                     Array const& a) { f.matches(a[0].as_string(), a.size() > 1 ? a[1].as_string() : ""); }},
      {"contains", [](FieldRef& f, Array const& a) { f.contains(text_of(a[0])); }},
      {"notContains", [](FieldRef& f, Array const& a) { f.not_contains(text_of(a[0])); }},
      {"isAlpha", [](FieldRef& f, Array const&) { f.is_alpha(); }},
      {"isAlphanumeric", [](FieldRef& f, Array const&) { f.is_alphanumeric(); }},
      {"isNumberString", [](FieldRef& f, Array const&) { f.is_number_string(); }},
      {"isEmail", [](FieldRef& f, Array const&) { f.is_email(); }},
      {"isUrl", [](FieldRef& f, Array const&) { f.is_url(); }},
      {"isIp", [](FieldRef& f, Array const&) { f.is_ip(); }},
      {"isUuid",
       [](FieldRef& f,
          Array const&
              a) { f.is_uuid(a.empty() ? std::nullopt : std::optional(static_cast<int>(a[0].as_int()))); }},
      {"arrayMinSize", [](FieldRef& f, Array const& a) { f.array_min_size(size_of(a[0])); }},
      {"arrayMaxSize", [](FieldRef& f, Array const& a) { f.array_max_size(size_of(a[0])); }},
      {"arrayNotEmpty", [](FieldRef& f, Array const&) { f.array_not_empty(); }},
      {"arrayUnique", [](FieldRef& f, Array const&) { f.array_unique(); }},
      {"arrayContains", [](FieldRef& f, Array const& a) { f.array_contains(a[0].as_array()); }},
  };
  return rules;
}

}  // namespace

void apply(FieldRef& field, RuleRequest const& request) {
  auto const found = table().find(request.rule);
  if (found == table().end()) throw std::logic_error("there is no rule " + request.rule);
  found->second(field, request.args);
  if (request.each) field.each();
  if (request.message) field.message(*request.message);
  if (!request.groups.empty()) field.groups(request.groups);
}

}  // namespace validation
