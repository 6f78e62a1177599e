#include "gateway/config_text.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/trimmed.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::optional<Value> bool_from(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  for (auto const yes : {"true", "1", "yes", "on"}) {
    if (lower == yes) return Value(true);
  }
  for (auto const no : {"false", "0", "no", "off"}) {
    if (lower == no) return Value(false);
  }
  return std::nullopt;
}

template <class Number>
std::optional<Value> number_from(std::string_view text) {
  auto const number = core::decimal<Number>(text);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

std::optional<Value> json_from(std::string_view text) {
  Value value;
  if (!utf8::is_valid(text) || !json::parse(text, value)) return std::nullopt;
  return value;
}

std::optional<Value> list_from(TypeShape const& element, std::string_view text) {
  Array values;
  // Behind a last comma there is an element, too, as between two of them.
  for (bool more = !text.empty(); more;) {
    auto const comma = std::min(text.find(','), text.size());
    more = comma != text.size();
    auto value = value_of_setting(element, core::trimmed(text.substr(0, comma), blanks));
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return Value(std::move(values));
}

Rule const* find_rule(FieldRules const& rules, std::string_view name) {
  auto const found = std::ranges::find(rules.rules, name, &Rule::name);
  return found == rules.rules.end() || found->is_each ? nullptr : &*found;
}

std::string argument_of(FieldRules const& rules, std::string_view name) {
  auto const* const rule = find_rule(rules, name);
  return rule == nullptr || rule->arguments.empty() ? std::string() : json::stringify(rule->arguments[0]);
}

/// " between 1 and 10", " of at least 1"; empty if there are no limits.
std::string limits(std::string_view lowest, std::string_view highest) {
  if (lowest.empty() && highest.empty()) return {};
  if (highest.empty()) return core::concat(" of at least ", lowest);
  if (lowest.empty()) return core::concat(" of at most ", highest);
  return core::concat(" between ", lowest, " and ", highest);
}

std::string limits_of(FieldRules const& rules) {
  return limits(argument_of(rules, "min"), argument_of(rules, "max"));
}

std::string text_limits_of(FieldRules const& rules) {
  auto lowest = argument_of(rules, "minLength");
  auto highest = argument_of(rules, "maxLength");
  if (auto const* const length = find_rule(rules, "isLength")) {
    lowest = json::stringify(length->arguments[0]);
    highest = length->arguments.size() > 1 && length->arguments[1].is_number()
                  ? json::stringify(length->arguments[1])
                  : std::string();
  }
  if (lowest.empty() && find_rule(rules, "isNotEmpty") != nullptr) lowest = "1";
  auto const text = limits(lowest, highest);
  return text.empty() ? text
                      : core::concat(text, lowest == "1" && highest.empty() ? " character" : " characters");
}

std::string one_of(std::vector<std::string> const& names) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < names.size(); ++i)
    text += core::concat(i == 0 ? "" : ", ", names[i]);
  return text;
}

std::vector<std::string> names_of(EnumTable const& table) {
  std::vector<std::string> names;
  for (auto const& entry : table.entries())
    names.push_back(entry.name);
  return names;
}

std::vector<std::string> texts_of(Array const& values) {
  std::vector<std::string> texts;
  for (auto const& value : values)
    texts.push_back(value.is_string() ? std::string(value.as_string()) : json::stringify(value));
  return texts;
}

}  // namespace

std::optional<Value> value_of_setting(TypeShape const& shape, std::string_view text) {
  switch (shape.kind) {
    case TypeKind::boolean:
      return bool_from(core::trimmed(text, blanks));
    case TypeKind::integer: {
      auto const trimmed = core::trimmed(text, blanks);
      auto whole = number_from<std::int64_t>(trimmed);
      return whole ? whole : number_from<double>(trimmed);
    }
    case TypeKind::number:
      return number_from<double>(core::trimmed(text, blanks));
    case TypeKind::array:
      return list_from(shape.element->shape, core::trimmed(text, blanks));
    case TypeKind::map:
    case TypeKind::tuple:
    case TypeKind::object:
      return json_from(core::trimmed(text, blanks));
    case TypeKind::enumeration:
      return Value(core::trimmed(text, blanks));
    default:
      return Value(text);
  }
}

std::string wanted_setting(TypeShape const& shape, FieldRules const& rules) {
  if (auto const* const listed = find_rule(rules, "isIn")) {
    if (auto const* const values = listed->arguments[0].get_if<Array>()) return one_of(texts_of(*values));
  }
  switch (shape.kind) {
    case TypeKind::boolean:
      return "true or false";
    case TypeKind::integer:
      return core::concat("a whole number", limits_of(rules));
    case TypeKind::number:
      return core::concat("a number", limits_of(rules));
    case TypeKind::enumeration:
      return one_of(names_of(shape.names()));
    case TypeKind::array:
      return core::concat("a list, separated by commas, of ", wanted_setting(shape.element->shape, {}));
    case TypeKind::map:
    case TypeKind::tuple:
    case TypeKind::object:
      return "JSON";
    case TypeKind::string:
      return core::concat("a text", text_limits_of(rules));
    default:
      return core::concat("a value", limits_of(rules));
  }
}

bool is_told(std::string_view rule) {
  constexpr std::array<std::string_view, 14> told = {
      "isDefined", "isString", "isInt", "isNumber",  "isBoolean", "isEnum",   "isArray",
      "isIn",      "min",      "max",   "minLength", "maxLength", "isLength", "isNotEmpty"};
  return std::ranges::find(told, rule) != told.end();
}

std::string variable_name(std::string_view field) {
  std::string name;
  for (std::size_t i = 0; i < field.size(); ++i) {
    char const c = field[i];
    if (i > 0 && is_upper(c) && is_lower(field[i - 1])) name += '_';
    name += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::string shown_setting(TypeShape const& shape, std::string_view variable, std::string_view text,
                          std::vector<std::string> const& secrets) {
  constexpr std::array<std::string_view, 10> secret_words = {
      "SECRET", "KEY", "TOKEN", "PASSWORD", "PASSWD", "PASS", "PRIVATE", "SALT", "CREDENTIAL", "AUTH"};
  auto const is_plain = shape.kind == TypeKind::boolean || shape.kind == TypeKind::integer ||
                        shape.kind == TypeKind::number || shape.kind == TypeKind::enumeration;
  auto const sounds_secret = std::ranges::any_of(
      secret_words, [&](std::string_view word) { return variable.find(word) != variable.npos; });
  // An address may have a password in it: redis://user:password@host.
  auto const has_user = text.find("://") != text.npos && text.find('@') != text.npos;
  auto const is_secret =
      (sounds_secret && !is_plain) || has_user || std::ranges::find(secrets, variable) != secrets.end();
  if (is_secret) return "its value is not shown";
  constexpr std::size_t longest = 60;
  return core::concat("got ", json::stringify(text.substr(0, longest)), text.size() > longest ? " ..." : "");
}

}}}  // namespace aerie::v1::gateway
