#include "contract/rule_schema.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// A rule with one argument that is a keyword's value.
struct Limit {
  std::string_view rule;
  std::string_view keyword;
};
constexpr Limit limits[] = {
    {"min", "minimum"},         {"max", "maximum"},           {"minLength", "minLength"},
    {"maxLength", "maxLength"}, {"arrayMinSize", "minItems"}, {"arrayMaxSize", "maxItems"},
};

struct Keyword {
  std::string_view rule;
  std::string_view keyword;
  std::string_view value;
};
constexpr Keyword keywords[] = {
    {"isEmail", "format", "email"},
    {"isUrl", "format", "uri"},
    {"isUuid", "format", "uuid"},
    {"isAlpha", "pattern", "^[A-Za-z]+$"},
    {"isAlphanumeric", "pattern", "^[A-Za-z0-9]+$"},
    {"isNumberString", "pattern", "^[+-]?([0-9]*\\.)?[0-9]+$"},
};

/// The pattern of "/^a\/b$/"; nothing where it has flags, which JSON Schema has not.
std::optional<std::string> pattern_of(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('/')) return std::nullopt;
  std::string pattern;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != '/') pattern.push_back(text[i]);
      ++i;
    }
    pattern.push_back(text[i]);
  }
  return pattern;
}

/// A pattern that finds just this text.
std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (char const c : text) {
    if (std::string_view("\\^$.|?*+()[]{}/").find(c) != std::string_view::npos) pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern;
}

/// What there is already stays, and both hold.
void demand(Object& schema, std::string_view keyword, Value value) {
  if (!schema.contains(keyword)) {
    schema.set(keyword, std::move(value));
    return;
  }
  Array all;
  if (auto const* const known = schema.find("allOf")) all = known->as_array();
  all.push_back(Value::object({{std::string(keyword), std::move(value)}}));
  schema.set("allOf", std::move(all));
}

bool add_by_name(Object& schema, Rule const& rule) {
  for (auto const& limit : limits) {
    if (rule.name != limit.rule) continue;
    // The size of an integer is a limit as well, and this one is narrower.
    schema.set(limit.keyword, rule.arguments.front());
    return true;
  }
  for (auto const& keyword : keywords) {
    if (rule.name != keyword.rule) continue;
    demand(schema, keyword.keyword, keyword.value);
    return true;
  }
  return false;
}

void add_text_rule(Object& schema, Rule const& rule) {
  if (rule.name == "isLength") {
    schema.set("minLength", rule.arguments[0]);
    if (rule.arguments[1].is_number()) schema.set("maxLength", rule.arguments[1]);
  } else if (rule.name == "matches") {
    if (auto pattern = pattern_of(rule.arguments[0].as_string())) demand(schema, "pattern", *pattern);
  } else if (rule.name == "contains" && rule.arguments[0].is_string()) {
    demand(schema, "pattern", literal_pattern(rule.arguments[0].as_string()));
  } else if (rule.name == "isIp") {
    demand(schema, "anyOf",
           Value::array({Value::object({{"format", "ipv4"}}), Value::object({{"format", "ipv6"}})}));
  }
}

void add_value_rule(Object& schema, Rule const& rule) {
  if (rule.name == "isPositive") {
    schema.set("exclusiveMinimum", 0);
  } else if (rule.name == "isNegative") {
    schema.set("exclusiveMaximum", 0);
  } else if (rule.name == "isIn") {
    schema.set("enum", rule.arguments[0]);
  } else if (rule.name == "isEnum" && rule.arguments.size() == 2) {
    if (!schema.contains("$ref")) schema.set("enum", rule.arguments[1]);
  } else if (rule.name == "equals") {
    schema.set("const", rule.arguments[0]);
  } else if (rule.name == "isNotIn") {
    demand(schema, "not", Value::object({{"enum", rule.arguments[0]}}));
  } else if (rule.name == "notEquals") {
    demand(schema, "not", Value::object({{"const", rule.arguments[0]}}));
  } else if (rule.name == "isNotEmpty") {
    if (schema["type"] == Value("string") && !schema.contains("minLength")) schema.set("minLength", 1);
  } else if (rule.name == "arrayNotEmpty") {
    schema.set("minItems", 1);
  } else if (rule.name == "arrayUnique") {
    schema.set("uniqueItems", true);
  } else if (rule.name == "isNotEmptyObject") {
    schema.set("minProperties", 1);
  }
}

}  // namespace

void add_rule(Object& schema, Rule const& rule) {
  if (add_by_name(schema, rule)) return;
  add_text_rule(schema, rule);
  add_value_rule(schema, rule);
}

}}}  // namespace aerie::v1::contract
