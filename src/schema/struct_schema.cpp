#include "schema/json_check.hpp"
#include "schema/seen_members.hpp"
#include "schema/type_rules.hpp"

#include <aerie/schema/struct_schema.hpp>

#include <cstddef>
#include <stdexcept>

namespace aerie { inline namespace v1 {
namespace {

void const* member_of(void const* object, FieldInfo const& field) {
  return static_cast<std::byte const*>(object) + field.offset;
}

void* member_of(void* object, FieldInfo const& field) {
  return static_cast<std::byte*>(object) + field.offset;
}

bool is_left_out(FieldInfo const& field, void const* object) {
  return field.type->is_undefined != nullptr && field.type->is_undefined(member_of(object, field));
}

// A member that is undefined, which JSON can't say but a tree can, and null where the description says that
// the member is optional.
bool is_as_good_as_absent(Decoder& decoder, FieldInfo const& field) {
  ValueKind const kind = decoder.peek();
  if (kind == ValueKind::undefined) return true;
  return kind == ValueKind::null && !field.is_required && field.type->make_absent == nullptr;
}

}  // namespace

StructSchema::StructSchema(Describe describe) {
  describe(*this);
  can_be_checked_in_text_ = !fields_.empty();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    TypeShape const& shape = fields_[i].type->shape;
    schema::add_implied_rules(rules_[i], shape);
    can_be_checked_in_text_ = can_be_checked_in_text_ && schema::can_be_checked_in_text(shape, rules_[i]);
  }
}

std::size_t StructSchema::add(std::string_view name, std::ptrdiff_t offset, TypeOps const& type) {
  if (find(name, 0) != npos) {
    throw std::logic_error("aerie: two fields of a described type are named \"" + std::string(name) +
                           "\"; give one of them another name in its field() call");
  }
  fields_.push_back({.name = std::string(name),
                     .offset = offset,
                     .type = &type,
                     .is_required = type.make_absent == nullptr});
  rules_.emplace_back();
  has_fields_to_leave_out_ |= type.is_undefined != nullptr;
  return fields_.size() - 1;
}

std::size_t StructSchema::search(std::string_view name, std::size_t expected) const {
  for (std::size_t i = expected; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return i;
  }
  for (std::size_t i = 0; i < expected; ++i) {
    if (fields_[i].name == name) return i;
  }
  return npos;
}

std::size_t StructSchema::size_of(void const* object) const {
  std::size_t size = fields_.size();
  if (!has_fields_to_leave_out_) return size;
  for (FieldInfo const& field : fields_)
    size -= is_left_out(field, object) ? 1 : 0;
  return size;
}

void StructSchema::encode_members(Encoder& encoder, void const* object) const {
  for (FieldInfo const& field : fields_) {
    if (is_left_out(field, object)) continue;
    encoder.key(field.name);
    field.type->encode(encoder, member_of(object, field));
  }
}

void StructSchema::encode(Encoder& encoder, void const* object) const {
  encoder.begin_object(size_of(object));
  encode_members(encoder, object);
  encoder.end_object();
}

void StructSchema::encode_tagged(Encoder& encoder, void const* object, std::string_view tag,
                                 std::string_view name) const {
  if (find(tag) != npos) return encode(encoder, object);
  encoder.begin_object(size_of(object) + 1);
  encoder.key(tag);
  encoder.string(name);
  encode_members(encoder, object);
  encoder.end_object();
}

bool StructSchema::decode_field(Decoder& decoder, FieldInfo const& field, void* object) const {
  if (field.type->decode == nullptr) {
    decoder.fail(DecodeErrorCode::refused, "this member can only be sent, not received");
    return decoder.in(field.name);
  }
  return field.type->decode(decoder, member_of(object, field)) || decoder.in(field.name);
}

bool StructSchema::decode(Decoder& decoder, void* object) const {
  if (!decoder.begin_object()) return false;
  schema::SeenMembers seen(fields_.size());
  std::string_view key;
  std::size_t expected = 0;
  while (decoder.next_member(key)) {
    std::size_t const index = find(key, expected);
    if (index == npos || is_as_good_as_absent(decoder, fields_[index])) {
      if (!decoder.skip()) return false;
      continue;
    }
    if (!decode_field(decoder, fields_[index], object)) return false;
    seen.add(index);
    expected = index + 1;
  }
  if (!decoder.ok()) return false;

  for (std::size_t i = 0; i < fields_.size(); ++i) {
    FieldInfo const& field = fields_[i];
    if (seen[i]) continue;
    if (field.is_required) {
      decoder.fail(DecodeErrorCode::missing, "a required member is missing");
      return decoder.in(field.name);
    }
    if (field.type->make_absent != nullptr) field.type->make_absent(member_of(object, field));
  }
  return true;
}

}}  // namespace aerie::v1
