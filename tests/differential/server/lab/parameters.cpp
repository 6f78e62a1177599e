#include "lab/parameters.hpp"

#include "shared/values.hpp"

namespace reference::lab {

namespace {

std::string hex(aerie::Bytes const& bytes) {
  constexpr auto* digits = "0123456789abcdef";
  std::string text;
  for (auto const byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

/// JavaScript's `typeof`, except that it knows null, arrays and buffers.
std::string type_of(aerie::Value const& value) {
  switch (value.kind()) {
    case aerie::ValueKind::undefined:
      return "undefined";
    case aerie::ValueKind::null:
      return "null";
    case aerie::ValueKind::boolean:
      return "boolean";
    case aerie::ValueKind::integer:
    case aerie::ValueKind::number:
      return "number";
    case aerie::ValueKind::string:
      return "string";
    case aerie::ValueKind::bytes:
      return "buffer:" + hex(value.as_bytes());
    case aerie::ValueKind::array:
      return "array";
    case aerie::ValueKind::date:
    case aerie::ValueKind::object:
      return "object";
  }
  return {};
}

}  // namespace

Role Role::extract(aerie::ExecutionContext& context) {
  return {or_null(context.socket().handshake().auth()["role"])};
}

void Parameters::describe(aerie::Gateway<Parameters>& g) {
  g.at("/lab");
  g.on<&Parameters::args>();
  g.on<&Parameters::type>();
  g.on<&Parameters::custom>("custom:param");
  g.on<&Parameters::key>("body:key");
  g.on<&Parameters::two>("body:two");
}

aerie::Value Parameters::args(aerie::Namespace& nsp, aerie::Value const& payload) {
  return aerie::Value::object(
      {{"isArray", payload.is_array()}, {"d", or_null(payload)}, {"nsp", nsp.name()}});
}

std::string Parameters::type(aerie::Value const& payload) {
  return type_of(payload);
}

aerie::Value Parameters::custom(Role const& role, aerie::Namespace& nsp) {
  return aerie::Value::object({{"role", role.name}, {"nsp", nsp.name()}});
}

aerie::Value Parameters::key(aerie::Body<"name"> name) {
  return aerie::Value::object({{"name", or_null(*name)}});
}

aerie::Value Parameters::two(aerie::Body<"a"> a, aerie::Body<"b"> b, aerie::Value const& all) {
  return aerie::Value::object({{"a", *a}, {"b", *b}, {"all", all}});
}

}  // namespace reference::lab
