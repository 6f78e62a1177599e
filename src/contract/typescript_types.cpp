#include "contract/typescript_types.hpp"

#include "contract/names.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// Joined by " | ", each alternative once; nothing is `never`.
std::string joined(std::vector<std::string> const& types, std::string_view between) {
  std::vector<std::string> once;
  for (auto const& type : types) {
    if (std::ranges::find(once, type) == once.end()) once.push_back(type);
  }
  std::string text;
  for (auto const& type : once)
    text.append(text.empty() ? "" : between).append(type);
  return text.empty() ? "never" : text;
}

/// In brackets where something binds it looser than what is put around it.
std::string bracketed(std::string text) {
  bool const is_simple =
      std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  return is_simple ? text : "(" + text + ")";
}

std::string array_of(std::string element) {
  return bracketed(std::move(element)) + "[]";
}

std::string literals(Array const& values) {
  std::vector<std::string> texts;
  for (auto const& value : values) {
    bool const is_scalar = value.is_string() || value.is_bool() || value.is_number() || value.is_null();
    texts.push_back(is_scalar ? json::stringify(value) : "unknown");
  }
  return joined(texts, " | ");
}

/// What JSDoc calls a rule of a member, with its value: "@minimum 1".
std::string tag_of(Rule const& rule) {
  constexpr std::pair<std::string_view, std::string_view> tags[] = {
      {"min", "@minimum"},           {"max", "@maximum"},     {"minLength", "@minLength"},
      {"maxLength", "@maxLength"},   {"matches", "@pattern"}, {"arrayMinSize", "@minItems"},
      {"arrayMaxSize", "@maxItems"},
  };
  for (auto const& [name, tag] : tags) {
    if (rule.name != name) continue;
    auto const& value = rule.arguments.front();
    return std::string(tag) + " " +
           (value.is_string() ? std::string(value.as_string()) : json::stringify(value));
  }
  if (rule.name == "isLength") {
    auto text = "@minLength " + json::stringify(rule.arguments[0]);
    if (rule.arguments[1].is_number()) text += "\n@maxLength " + json::stringify(rule.arguments[1]);
    return text;
  }
  constexpr std::pair<std::string_view, std::string_view> formats[] = {{"isEmail", "@format email"},
                                                                       {"isUrl", "@format uri"},
                                                                       {"isUuid", "@format uuid"},
                                                                       {"isIp", "@format ip"}};
  for (auto const& [name, tag] : formats) {
    if (rule.name == name) return std::string(tag);
  }
  return {};
}

std::string comment_of(StructSchema const& schema, std::size_t index, Direction direction) {
  auto text = schema.fields()[index].description;
  if (direction == Direction::to_client) return text;
  for (auto const* const rule : lasting_rules(schema.rules()[index])) {
    auto const tag = rule->is_each ? std::string() : tag_of(*rule);
    if (!tag.empty()) text.append(text.empty() ? "" : "\n").append(tag);
  }
  return text;
}

}  // namespace

std::string text_literal(std::string_view text) {
  return json::stringify(text);
}

std::string property_name(std::string_view name) {
  return is_identifier(name) ? std::string(name) : text_literal(name);
}

std::string comment(std::string_view text, std::string_view indent) {
  if (text.empty()) return {};
  std::string safe(text);
  // What would end the comment.
  for (auto at = safe.find("*/"); at != safe.npos; at = safe.find("*/", at + 3))
    safe.insert(at + 1, "\\");
  std::string result(indent);
  if (safe.find('\n') == safe.npos) return result.append("/** ").append(safe).append(" */\n");
  result.append("/**\n").append(indent).append(" * ");
  for (char const c : safe) {
    result.push_back(c);
    if (c == '\n') result.append(indent).append(" * ");
  }
  return result.append("\n").append(indent).append(" */\n");
}

std::string union_of(std::vector<std::string> const& names) {
  std::vector<std::string> texts;
  for (auto const& name : names)
    texts.push_back(text_literal(name));
  return joined(texts, " | ");
}

std::string TypescriptTypes::of(Type const& type, Direction direction) const {
  std::vector<std::string> parts;
  switch (type.kind) {
    case Type::Kind::unknown:
      return "unknown";
    case Type::Kind::codec:
      return of(type.codec->shape, direction);
    case Type::Kind::object:
      return of(type.members, direction);
    case Type::Kind::all_of:
      for (auto const& part : type.parts)
        parts.push_back(bracketed(of(part, direction)));
      return joined(parts, " & ");
    case Type::Kind::any_of:
      for (auto const& part : type.parts)
        parts.push_back(of(part, direction));
      return joined(parts, " | ");
  }
  return "unknown";
}

std::string TypescriptTypes::of(std::vector<Member> const& members, Direction direction) const {
  std::string text = "{";
  for (auto const& member : members) {
    text.append(text.size() == 1 ? " " : "; ").append(property_name(member.name));
    text.append(member.is_required ? ": " : "?: ").append(of(member.type, direction));
  }
  return text.append(text.size() == 1 ? "}" : " }");
}

std::string TypescriptTypes::of(TypeShape const& shape, Direction direction) const {
  auto text = without_null(shape, direction);
  return shape.is_optional && text != "unknown" ? text + " | null" : text;
}

std::string TypescriptTypes::without_null(TypeShape const& shape, Direction direction) const {
  bool const is_sent = direction == Direction::to_client;
  std::vector<std::string> parts;
  switch (shape.kind) {
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::integer:
    case TypeKind::number:
      return "number";
    case TypeKind::string:
      return "string";
    case TypeKind::bytes:
      return is_sent ? "ArrayBuffer | Uint8Array" : "ArrayBuffer | ArrayBufferView";
    case TypeKind::date:
      return is_sent ? "string" : "string | Date";
    case TypeKind::digits:
      return is_sent ? "string" : "string | number";
    case TypeKind::duration:
      return is_sent ? "number" : "number | string";
    case TypeKind::enumeration:
      return table_.name_of(shape.names());
    case TypeKind::array:
      return array_of(of(shape.element->shape, direction));
    case TypeKind::tuple:
      for (auto const& part : shape.parts)
        parts.push_back(of(part.type->shape, direction));
      if (parts.empty()) return "[]";
      {
        std::string text;
        for (auto const& part : parts)
          text.append(text.empty() ? "[" : ", ").append(part);
        return text.append("]");
      }
    case TypeKind::map:
      return "Record<string, " +
             (shape.element == nullptr ? "unknown" : of(shape.element->shape, direction)) + ">";
    case TypeKind::object:
      return table_.name_of(shape.schema(), direction);
    case TypeKind::variant: {
      auto const& table = shape.alternatives();
      for (auto const& entry : table.entries()) {
        auto const tag = "{ " + property_name(table.tag()) + ": " + text_literal(entry.name) + " }";
        parts.push_back("(" + tag + " & " + of(entry.type->shape, direction) + ")");
      }
      return joined(parts, " | ");
    }
    case TypeKind::untagged:
      if (shape.parts.empty()) return "unknown";
      for (auto const& part : shape.parts)
        parts.push_back(of(part.type->shape, direction));
      return joined(parts, " | ");
    case TypeKind::any:
    case TypeKind::other:
      break;
  }
  return "unknown";
}

std::string TypescriptTypes::of_member(StructSchema const& schema, std::size_t index,
                                       Direction direction) const {
  auto const& field = schema.fields()[index];
  auto const& shape = field.type->shape;
  auto text = without_null(shape, direction);
  for (auto const* const rule : lasting_rules(schema.rules()[index])) {
    auto const* const values = allowed_values(*rule);
    auto const& checked = rule->is_each && shape.element != nullptr ? shape.element->shape : shape;
    if (values == nullptr || checked.kind == TypeKind::enumeration) continue;
    text = rule->is_each ? array_of(literals(*values)) : literals(*values);
  }
  bool const may_be_null = direction == Direction::to_server && (shape.is_optional || !field.is_required);
  return may_be_null && text != "unknown" ? text + " | null" : text;
}

std::string TypescriptTypes::interface_of(TypeTable::Entry const& entry, bool with_comments) const {
  auto const& schema = *entry.schema;
  std::string text = "export interface " + entry.name + " {\n";
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    auto const& field = schema.fields()[i];
    if (with_comments) text += comment(comment_of(schema, i, entry.direction), "  ");
    text.append("  ").append(property_name(field.name));
    text.append(may_be_left_out(field, entry.direction) ? "?: " : ": ");
    text.append(of_member(schema, i, entry.direction)).append(";\n");
  }
  return text.append("}\n");
}

std::string TypescriptTypes::declaration(TypeTable::Entry const& entry, bool with_comments) const {
  std::string text;
  if (entry.schema != nullptr) {
    if (with_comments) text = comment(entry.schema->description(), "");
    return text + interface_of(entry, with_comments);
  }
  if (with_comments) text = comment(entry.names->description(), "");
  std::vector<std::string> names;
  for (auto const& value : entry.names->entries())
    names.push_back(value.name);
  auto const one_line = "export type " + entry.name + " = " + union_of(names) + ";\n";
  if (one_line.size() <= 100) return text + one_line;
  text.append("export type ").append(entry.name).append(" =");
  for (auto const& name : names)
    text.append("\n  | ").append(text_literal(name));
  return text.append(";\n");
}

}}}  // namespace aerie::v1::contract
