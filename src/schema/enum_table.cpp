#include <aerie/schema/describe.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 {

EnumTable::EnumTable(Describe describe) {
  describe(*this);
}

void EnumTable::add(std::string_view name, std::int64_t value) {
  for (Entry const& entry : entries_) {
    if (entry.name == name || entry.value == value) {
      throw std::logic_error("aerie: the value \"" + std::string(name) +
                             "\" of a described enumeration clashes with \"" + entry.name +
                             "\"; every name and every value may be described once");
    }
  }
  entries_.push_back({.name = std::string(name), .value = value});
}

void EnumTable::encode(Encoder& encoder, std::int64_t value) const {
  for (Entry const& entry : entries_) {
    if (entry.value == value) return encoder.string(entry.name);
  }
  encoder.undefined();
}

bool EnumTable::decode(Decoder& decoder, std::int64_t& value) const {
  std::string_view name;
  if (!decoder.read_string(name)) return false;
  for (Entry const& entry : entries_) {
    if (entry.name != name) continue;
    value = entry.value;
    return true;
  }
  std::string message = "expected one of";
  for (Entry const& entry : entries_)
    message.append(" \"").append(entry.name).append("\"");
  return decoder.fail(DecodeErrorCode::unknown_name, message + ", got another string");
}

}}  // namespace aerie::v1
