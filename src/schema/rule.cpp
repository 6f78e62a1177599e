#include "schema/js_text.hpp"

#include <aerie/schema/rule.hpp>

namespace aerie { inline namespace v1 {
namespace {

void replace_all(std::string& text, std::string_view token, std::string_view replacement) {
  for (std::size_t at = text.find(token); at != std::string::npos;
       at = text.find(token, at + replacement.size())) {
    text.replace(at, token.size(), replacement);
  }
}

std::string argument_text(Value const& argument) {
  return argument.is_array() ? schema::js_join(argument.as_array(), ", ") : schema::js_string(argument);
}

bool is_scalar(Value const& value) {
  return value.is_string() || value.is_bool() || value.is_number();
}

std::string template_of(Rule const& rule, RuleContext const& context, bool wants_default) {
  if (rule.message) return rule.message(context);
  // The text of nested validation counts as the application's own, in class-validator too.
  if (!wants_default && rule.role != Rule::Role::nested) return {};
  std::string const prefix = rule.is_each ? "each value in " : "";
  return prefix + (rule.text_of ? rule.text_of(context) : rule.text);
}

}  // namespace

std::string text_of(Rule const& rule, RuleContext const& context, bool wants_default) {
  std::string text = template_of(rule, context, wants_default);
  if (text.find('$') == std::string::npos) return text;
  for (std::size_t i = 0; i < rule.arguments.size(); ++i)
    replace_all(text, "$constraint" + std::to_string(i + 1), argument_text(rule.arguments[i]));
  if (is_scalar(context.value)) replace_all(text, "$value", schema::js_string(context.value));
  replace_all(text, "$property", context.property);
  replace_all(text, "$target", context.target);
  return text;
}

}}  // namespace aerie::v1
