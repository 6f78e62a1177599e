#include <aerie/schema/codec.hpp>
#include <aerie/schema/variant.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 {

VariantTable::VariantTable(Describe describe, std::size_t alternatives) {
  describe(*this);
  if (tag_.empty()) {
    throw std::logic_error(
        "aerie: a described variant has no tag; name the member that tells its alternatives apart: "
        "v.tag(\"type\")");
  }
  if (entries_.size() != alternatives) {
    throw std::logic_error("aerie: the variant with the tag \"" + tag_ + "\" has " +
                           std::to_string(alternatives) + " alternatives, of which " +
                           std::to_string(entries_.size()) +
                           " have a name; give each one a value<T>(\"name\") in its describe function");
  }
}

void VariantTable::add(std::string_view name, std::size_t index, TypeOps const& type) {
  for (Entry const& entry : entries_) {
    if (entry.name == name || entry.index == index) {
      throw std::logic_error("aerie: the alternative \"" + std::string(name) +
                             "\" of a described variant clashes with \"" + entry.name +
                             "\"; every name and every alternative may be described once");
    }
  }
  entries_.push_back({.name = std::string(name), .index = index, .type = &type});
}

VariantTable::Entry const* VariantTable::find(Value const& object) const {
  auto const name = object[tag_].get_if<std::string_view>();
  if (!name) return nullptr;
  for (Entry const& entry : entries_) {
    if (entry.name == *name) return &entry;
  }
  return nullptr;
}

void VariantTable::encode(Encoder& encoder, std::size_t index, void const* alternative) const {
  for (Entry const& entry : entries_) {
    if (entry.index != index) continue;
    return entry.type->shape.schema().encode_tagged(encoder, alternative, tag_, entry.name);
  }
  // A variant that lost its value to an exception.
  encoder.undefined();
}

VariantTable::Entry const* VariantTable::read(Decoder& decoder, Value& object) const {
  if (decoder.peek() != ValueKind::object) {
    decoder.fail_expecting("an object");
    return nullptr;
  }
  if (!decoder.read_value(object)) return nullptr;
  if (Entry const* const entry = find(object)) return entry;
  std::string message = "expected one of";
  for (Entry const& entry : entries_)
    message.append(" \"").append(entry.name).append("\"");
  decoder.fail(DecodeErrorCode::unknown_name, message + ", got something else");
  decoder.in(tag_);
  return nullptr;
}

bool VariantTable::read_alternative(Decoder& decoder, Entry const& entry, Value const& object,
                                    void* alternative) {
  DecodeResult const result = detail::from_value(object, *entry.type, alternative);
  return result.ok() || decoder.fail(result.error());
}

}}  // namespace aerie::v1
