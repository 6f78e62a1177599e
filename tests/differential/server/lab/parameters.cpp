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
  g.on<&Parameters::number>("body:int");
  g.on<&Parameters::whole_number>("body:whole-int");
  g.on<&Parameters::boolean>("body:bool");
  g.on<&Parameters::with_default>("body:default");
  g.on<&Parameters::numbers>("body:array");
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

aerie::Value Parameters::number(aerie::Body<"n", std::int64_t, HttpParseInt> n) {
  return aerie::Value::object({{"n", *n}, {"type", "number"}});
}

std::int64_t Parameters::whole_number(aerie::Payload<std::int64_t, HttpParseInt> const& payload) {
  return payload.value() + 1;
}

bool Parameters::boolean(aerie::Body<"b", bool, HttpParseBool> b) {
  return *b;
}

aerie::Value Parameters::with_default(aerie::Body<"n", aerie::Value, aerie::DefaultValue<7>> n) {
  return *n;
}

std::vector<double> Parameters::numbers(aerie::Body<"ids", std::vector<double>, HttpParseNumbers> ids) {
  return *ids;
}

}  // namespace reference::lab
