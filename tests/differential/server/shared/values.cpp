#include "shared/values.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

namespace reference {

std::string as_text(aerie::Value const& value) {
  if (value.is_undefined()) return "undefined";
  if (value.is_string()) return std::string(value.as_string());
  std::string text;
  aerie::json::Writer writer(text);
  aerie::Codec<aerie::Value>::encode(writer, value);
  return text;
}

}  // namespace reference
