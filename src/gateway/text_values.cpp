#include "gateway/text_values.hpp"

#include <aerie/core/trimmed.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/struct_schema.hpp>
#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// A number or a bool that was written as text; other texts as they are.
void read_text(TypeKind wanted, Value& value) {
  if (!value.is_string()) return;
  auto const text = value.as_string();
  if (wanted == TypeKind::boolean) {
    if (text == "true" || text == "false") value = text == "true";
    return;
  }
  if (wanted != TypeKind::integer && wanted != TypeKind::number) return;
  json::Reader reader(text);
  Value number;
  auto const is_number = reader.peek() == ValueKind::number && reader.read_value(number) && reader.finish();
  if (is_number) value = std::move(number);
}

void read_elements(TypeShape const& shape, Array& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (shape.kind == TypeKind::array && shape.element != nullptr) {
      read_text(shape.element->shape.kind, elements[i]);
    } else if (i < shape.parts.size()) {
      read_text(shape.parts[i].type->shape.kind, elements[i]);
    }
  }
}

/// The description that a form is read by; null if there is none.
StructSchema const* schema_of_form(TypeShape const& shape, Value const& form) {
  if (shape.kind == TypeKind::object) return &shape.schema();
  if (shape.kind != TypeKind::variant) return nullptr;
  auto const* const entry = shape.alternatives().find(form);
  return entry == nullptr ? nullptr : &entry->type->shape.schema();
}

}  // namespace

bool is_list(TypeShape const& shape) {
  return shape.kind == TypeKind::array || shape.kind == TypeKind::tuple;
}

Value take_values(TypeShape const& shape, std::vector<std::string> values) {
  if (values.empty()) return {};
  auto const takes_all = is_list(shape) || shape.kind == TypeKind::any;
  if (values.size() == 1 || !takes_all) return std::move(values.back());
  return Array(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
}

void fit_text(TypeOps const& type, Value& value) {
  auto const& shape = type.shape;
  if (!is_list(shape)) return read_text(shape.kind, value);
  if (value.is_undefined() && !shape.is_optional) value = Value::array({});
  if (value.is_string()) value = Value::array({std::move(value)});
  if (value.is_array()) read_elements(shape, value.as_array());
}

void fit_form(TypeOps const& type, Value& form) {
  if (!form.is_object()) return;
  auto& members = form.as_object();
  if (type.shape.kind == TypeKind::map && type.shape.element != nullptr) {
    for (auto const& member : members)
      fit_text(*type.shape.element, *members.find(member.key));
    return;
  }
  auto const* const schema = schema_of_form(type.shape, form);
  if (schema == nullptr) return;
  for (auto const& field : schema->fields()) {
    if (auto* const found = members.find(field.name)) {
      fit_text(*field.type, *found);
    } else if (is_list(field.type->shape) && field.is_required) {
      members.set(field.name, Value::array({}));
    }
  }
}

std::vector<std::string> header_elements(std::string_view text) {
  std::vector<std::string> elements;
  while (!text.empty()) {
    auto const end = text.find(',');
    auto const element = core::trimmed(text.substr(0, end));
    if (!element.empty()) elements.emplace_back(element);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return elements;
}

bool is_never_text(TypeShape const& shape) {
  switch (shape.kind) {
    case TypeKind::bytes:
    case TypeKind::map:
    case TypeKind::object:
    case TypeKind::variant:
      return true;
    case TypeKind::array:
      return shape.element != nullptr &&
             (is_list(shape.element->shape) || is_never_text(shape.element->shape));
    case TypeKind::tuple:
      return std::ranges::any_of(shape.parts, [](TypePart const& part) {
        return is_list(part.type->shape) || is_never_text(part.type->shape);
      });
    case TypeKind::untagged:
      return !shape.parts.empty() && std::ranges::all_of(shape.parts, [](TypePart const& part) {
        return is_list(part.type->shape) || is_never_text(part.type->shape);
      });
    default:
      return false;
  }
}

bool is_never_form(TypeShape const& shape, std::string& culprit) {
  switch (shape.kind) {
    case TypeKind::any:
    case TypeKind::other:
    case TypeKind::variant:
    case TypeKind::untagged:
      return false;
    case TypeKind::map:
      return shape.element != nullptr && is_never_text(shape.element->shape);
    case TypeKind::object:
      for (auto const& field : shape.schema().fields()) {
        if (!field.is_required || !is_never_text(field.type->shape)) continue;
        culprit = field.name;
        return true;
      }
      return false;
    default:
      return true;
  }
}

}}}  // namespace aerie::v1::gateway
