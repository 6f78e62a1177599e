#include "contract/json_schema.hpp"

#include "contract/rule_schema.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/variant.hpp>

#include <cstdint>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

Object of_type(std::string_view type) {
  return Object({{"type", type}});
}

Object one_of(std::string_view keyword, Array schemas) {
  return Object({{std::string(keyword), std::move(schemas)}});
}

Value reference_to(std::string const& name) {
  return Value::object({{"$ref", "#/components/schemas/" + name}});
}

/// The schema of what may be null as well.
Value or_null(Value schema) {
  auto& members = schema.as_object();
  if (members.empty()) return schema;
  auto const type = members["type"];
  bool const is_plain = type.is_string() && !members.contains("enum") && !members.contains("const");
  if (!is_plain) return one_of("anyOf", {std::move(schema), of_type("null")});
  members.set("type", Value::array({type, "null"}));
  return schema;
}

Object integer_of(TypeShape const& shape) {
  auto schema = of_type("integer");
  if (shape.bits == 64 || shape.bits == 0) {
    schema.set("format", "int64");
    if (shape.is_unsigned) schema.set("minimum", 0);
    return schema;
  }
  if (shape.bits == 32 && !shape.is_unsigned) schema.set("format", "int32");
  auto const values = std::int64_t{1} << shape.bits;
  schema.set("minimum", shape.is_unsigned ? 0 : -values / 2);
  schema.set("maximum", (shape.is_unsigned ? values : values / 2) - 1);
  return schema;
}

Array names_of(EnumTable const& table) {
  Array names;
  for (auto const& entry : table.entries())
    names.emplace_back(entry.name);
  return names;
}

void describe(Object& schema, std::string const& description) {
  if (!description.empty()) schema.set("description", description);
}

void write(std::string& text, Value const& value, std::string const& indent) {
  auto const inner = indent + "  ";
  auto const begin = [&](char bracket) { text.append(text.ends_with(bracket) ? "\n" : ",\n").append(inner); };
  if (value.is_array() && value.size() != 0) {
    text.push_back('[');
    for (auto const& element : value.as_array()) {
      begin('[');
      write(text, element, inner);
    }
    text.append("\n").append(indent).append("]");
  } else if (value.is_object() && value.size() != 0) {
    text.push_back('{');
    for (auto const& [key, member] : value.as_object()) {
      begin('{');
      text.append(json::stringify(key)).append(": ");
      write(text, member, inner);
    }
    text.append("\n").append(indent).append("}");
  } else {
    text.append(json::stringify(value));
  }
}

}  // namespace

std::string pretty(Value const& document) {
  std::string text;
  write(text, document, "");
  return text.append("\n");
}

Value JsonSchemas::of(Type const& type, Direction direction) const {
  Array parts;
  switch (type.kind) {
    case Type::Kind::unknown:
      break;
    case Type::Kind::codec:
      return of(type.codec->shape, direction);
    case Type::Kind::object: {
      Object properties;
      Array required;
      for (auto const& member : type.members) {
        properties.set(member.name, of(member.type, direction));
        if (member.is_required) required.emplace_back(member.name);
      }
      auto schema = of_type("object");
      schema.set("properties", std::move(properties));
      if (!required.empty()) schema.set("required", std::move(required));
      return schema;
    }
    case Type::Kind::all_of:
    case Type::Kind::any_of:
      for (auto const& part : type.parts)
        parts.push_back(of(part, direction));
      return one_of(type.kind == Type::Kind::all_of ? "allOf" : "anyOf", std::move(parts));
  }
  return Value::object();
}

Value JsonSchemas::of(std::vector<Type> const& arguments, Direction direction) const {
  auto schema = of_type("array");
  Array items;
  for (auto const& argument : arguments)
    items.push_back(of(argument, direction));
  if (!items.empty()) schema.set("prefixItems", std::move(items));
  schema.set("minItems", arguments.size());
  schema.set("maxItems", arguments.size());
  return schema;
}

Value JsonSchemas::of(TypeShape const& shape, Direction direction) const {
  Value schema = of_kind(shape, direction);
  return shape.is_optional ? or_null(std::move(schema)) : schema;
}

Object JsonSchemas::of_kind(TypeShape const& shape, Direction direction) const {
  bool const is_sent = direction == Direction::to_client;
  Array parts;
  switch (shape.kind) {
    case TypeKind::boolean:
      return of_type("boolean");
    case TypeKind::integer:
      return integer_of(shape);
    case TypeKind::number:
      return of_type("number");
    case TypeKind::string:
      return of_type("string");
    case TypeKind::bytes:
      return Object({{"type", "string"}, {"format", "binary"}});
    case TypeKind::date:
      return Object({{"type", "string"}, {"format", "date-time"}});
    case TypeKind::digits:
      if (is_sent) return Object({{"type", "string"}, {"pattern", "^-?[0-9]+$"}});
      return Object({{"type", Value::array({"string", "integer"})}, {"pattern", "^-?[0-9]+$"}});
    case TypeKind::duration:
      return is_sent ? of_type("number") : Object({{"type", Value::array({"number", "string"})}});
    case TypeKind::enumeration:
      return reference_to(table_.name_of(shape.names())).as_object();
    case TypeKind::array: {
      auto schema = of_type("array");
      schema.set("items", of(shape.element->shape, direction));
      return schema;
    }
    case TypeKind::tuple: {
      auto schema = of_type("array");
      for (auto const& part : shape.parts)
        parts.push_back(of(part.type->shape, direction));
      if (!parts.empty()) schema.set("prefixItems", std::move(parts));
      schema.set("minItems", shape.parts.size());
      schema.set("maxItems", shape.parts.size());
      return schema;
    }
    case TypeKind::map: {
      auto schema = of_type("object");
      if (shape.element != nullptr) schema.set("additionalProperties", of(shape.element->shape, direction));
      return schema;
    }
    case TypeKind::object:
      return reference_to(table_.name_of(shape.schema(), direction)).as_object();
    case TypeKind::variant: {
      auto const& table = shape.alternatives();
      for (auto const& entry : table.entries()) {
        auto tag = of_type("object");
        tag.set("properties", Object({{table.tag(), Value::object({{"const", entry.name}})}}));
        tag.set("required", Value::array({table.tag()}));
        parts.push_back(one_of("allOf", {std::move(tag), of(entry.type->shape, direction)}));
      }
      return one_of("oneOf", std::move(parts));
    }
    case TypeKind::untagged:
      if (shape.parts.empty()) break;
      for (auto const& part : shape.parts)
        parts.push_back(of(part.type->shape, direction));
      return one_of("anyOf", std::move(parts));
    case TypeKind::any:
    case TypeKind::other:
      break;
  }
  return {};
}

Value JsonSchemas::of_member(StructSchema const& schema, std::size_t index, Direction direction) const {
  auto const& field = schema.fields()[index];
  auto const& shape = field.type->shape;
  auto member = of_kind(shape, direction);
  for (auto const* const rule : lasting_rules(schema.rules()[index])) {
    // What is sent is not validated.
    if (direction == Direction::to_client && allowed_values(*rule) == nullptr) continue;
    if (!rule->is_each) {
      add_rule(member, *rule);
    } else if (auto* const items = member.find("items")) {
      add_rule(items->as_object(), *rule);
    }
  }
  bool const may_be_null = direction == Direction::to_server && (shape.is_optional || !field.is_required);
  auto result = may_be_null ? or_null(std::move(member)) : Value(std::move(member));
  describe(result.as_object(), field.description);
  return result;
}

Object JsonSchemas::of_struct(StructSchema const& schema, Direction direction) const {
  auto result = of_type("object");
  describe(result, schema.description());
  Object properties;
  Array required;
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    auto const& field = schema.fields()[i];
    properties.set(field.name, of_member(schema, i, direction));
    if (!may_be_left_out(field, direction)) required.emplace_back(field.name);
  }
  result.set("properties", std::move(properties));
  if (!required.empty()) result.set("required", std::move(required));
  return result;
}

Object JsonSchemas::components() const {
  Object schemas;
  for (auto const& entry : table_.entries()) {
    if (entry.schema != nullptr) {
      schemas.set(entry.name, of_struct(*entry.schema, entry.direction));
      continue;
    }
    auto schema = of_type("string");
    describe(schema, entry.names->description());
    schema.set("enum", names_of(*entry.names));
    schemas.set(entry.name, std::move(schema));
  }
  return schemas;
}

Object about(DocumentInfo const& info) {
  Object written{{"title", info.title}, {"version", info.version}};
  if (!info.description.empty()) written.set("description", info.description);
  return written;
}

}}}  // namespace aerie::v1::contract
