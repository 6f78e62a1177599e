// The rules of FieldRef about strings.

#include "schema/formats.hpp"
#include "schema/js_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/schema/field_ref.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <stdexcept>

namespace aerie { inline namespace v1 {
namespace {

template <typename Predicate>
Rule::Check check_text(Predicate predicate) {
  return [predicate = std::move(predicate)](Value const& value, RuleContext const&) {
    return value.is_string() && predicate(value.as_string());
  };
}

template <typename Predicate>
Rule format_rule(std::string name, std::string text, Predicate predicate) {
  return {.name = std::move(name),
          .arguments = {},
          .check = check_text(std::move(predicate)),
          .text = "$property " + text,
          .says_type = true};
}

bool is_number_text(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  std::size_t const point = text.find('.');
  if (point != std::string_view::npos) {
    if (!std::ranges::all_of(text.substr(0, point), core::is_digit)) return false;
    text.remove_prefix(point + 1);
  }
  return !text.empty() && std::ranges::all_of(text, core::is_digit);
}

// Whether there are so many characters. They are counted only where the number of bytes, of which a character
// has one to seven (four and a variation selector), does not tell.
bool is_length_within(std::string_view text, std::size_t lowest, std::size_t highest) {
  constexpr std::size_t most_bytes = 7;
  if (text.size() <= highest && text.size() / most_bytes >= lowest) return true;
  std::size_t const count = schema::character_count(text);
  return count >= lowest && count <= highest;
}

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

// `value.length` where JavaScript has one.
std::optional<std::size_t> js_length(Value const& value) {
  if (value.is_string()) return schema::utf16_length(value.as_string());
  if (value.is_array()) return value.size();
  if (value.is_bytes()) return value.as_bytes().size();
  return std::nullopt;
}

// A too short value and a too long one have texts of their own, one without a length has the text of both.
std::string length_text(Value const& value, std::size_t lowest, std::optional<std::size_t> highest) {
  auto const size = js_length(value);
  if (!schema::js_boolean(value) || (size && *size < lowest)) {
    return "$property must be longer than or equal to $constraint1 characters";
  }
  if (highest && size && *size > *highest) {
    return "$property must be shorter than or equal to $constraint2 characters";
  }
  return "$property must be longer than or equal to $constraint1 and shorter than or equal to $constraint2 "
         "characters";
}

// The pattern as JavaScript prints it: a slash outside of brackets is escaped.
std::string pattern_text(std::string_view pattern, std::string_view flags) {
  std::string text = "/";
  bool is_escaped = false;
  bool is_in_brackets = false;
  for (char const c : pattern) {
    if (c == '/' && !is_escaped && !is_in_brackets) text.push_back('\\');
    text.push_back(c);
    is_in_brackets = !is_escaped && (c == '[' || c == ']') ? c == '[' : is_in_brackets;
    is_escaped = c == '\\' && !is_escaped;
  }
  text.push_back('/');
  return text.append(flags);
}

std::shared_ptr<RE2 const> compile(std::string_view pattern, std::string_view flags) {
  std::string source;
  if (!flags.empty()) source.append("(?").append(flags).append(")");
  source.append(pattern);
  auto compiled = std::make_shared<RE2 const>(source, RE2::Quiet);
  if (compiled->ok()) return compiled;
  throw std::logic_error("aerie: matches(\"" + std::string(pattern) + "\"): " + compiled->error() +
                         "; patterns are those of RE2, which has no look-around and no back references");
}

}  // namespace

FieldRef& FieldRef::min_length(std::size_t characters) {
  return add({.name = "minLength",
              .arguments = {characters},
              .check = check_text([characters](std::string_view text) {
                return is_length_within(text, characters, no_limit);
              }),
              .text = "$property must be longer than or equal to $constraint1 characters"});
}

FieldRef& FieldRef::max_length(std::size_t characters) {
  return add({.name = "maxLength",
              .arguments = {characters},
              .check = check_text(
                  [characters](std::string_view text) { return is_length_within(text, 0, characters); }),
              .text = "$property must be shorter than or equal to $constraint1 characters"});
}

FieldRef& FieldRef::length(std::size_t lowest, std::optional<std::size_t> highest) {
  return add({.name = "isLength",
              .arguments = {lowest, highest ? Value(*highest) : Value()},
              .check = check_text([lowest, highest](std::string_view text) {
                return is_length_within(text, lowest, highest.value_or(no_limit));
              }),
              .text = {},
              .text_of = [lowest, highest](RuleContext const& context) {
                return length_text(context.value, lowest, highest);
              }});
}

FieldRef& FieldRef::matches(std::string_view pattern, std::string_view flags) {
  return add({.name = "matches",
              .arguments = {pattern_text(pattern, flags)},
              .check = check_text([compiled = compile(pattern, flags)](std::string_view text) {
                // Some of its versions have a type of their own for texts.
                return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled);
              }),
              .text = "$property must match $constraint1 regular expression",
              .says_type = true});
}

FieldRef& FieldRef::contains(std::string part) {
  Array arguments{part};
  return add({.name = "contains",
              .arguments = std::move(arguments),
              .check = check_text([part = std::move(part)](std::string_view text) {
                return text.find(part) != std::string_view::npos;
              }),
              .text = "$property must contain a $constraint1 string"});
}

FieldRef& FieldRef::not_contains(std::string part) {
  Array arguments{part};
  return add({.name = "notContains",
              .arguments = std::move(arguments),
              .check = check_text([part = std::move(part)](std::string_view text) {
                return text.find(part) == std::string_view::npos;
              }),
              .text = "$property should not contain a $constraint1 string"});
}

FieldRef& FieldRef::is_alpha() {
  return add(format_rule("isAlpha", "must contain only letters (a-zA-Z)", [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, core::is_letter);
  }));
}

FieldRef& FieldRef::is_alphanumeric() {
  return add(
      format_rule("isAlphanumeric", "must contain only letters and numbers", [](std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, core::is_alphanumeric);
      }));
}

FieldRef& FieldRef::is_number_string() {
  return add(format_rule("isNumberString", "must be a number string", is_number_text));
}

FieldRef& FieldRef::is_email() {
  return add(format_rule("isEmail", "must be an email", schema::is_email));
}

FieldRef& FieldRef::is_url() {
  return add(format_rule("isUrl", "must be a URL address", schema::is_url));
}

FieldRef& FieldRef::is_ip() {
  return add(format_rule("isIp", "must be an ip address", [](std::string_view text) {
    return schema::is_ipv4(text) || schema::is_ipv6(text);
  }));
}

FieldRef& FieldRef::is_uuid(std::optional<int> version) {
  Rule rule = format_rule("isUuid", "must be a UUID",
                          [version](std::string_view text) { return schema::is_uuid(text, version); });
  rule.arguments = {version ? Value(std::to_string(*version)) : Value()};
  return add(std::move(rule));
}

}}  // namespace aerie::v1
