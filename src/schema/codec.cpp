#include "schema/value_decoder.hpp"
#include "schema/value_encoder.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

namespace aerie { inline namespace v1 {

void encode_elements(Encoder& encoder, ArgsRef args) {
  for (EncodableRef const& arg : args)
    arg.encode(encoder);
}

Value to_value(EncodableRef value) {
  schema::ValueEncoder encoder;
  value.encode(encoder);
  return encoder.take();
}

std::string json::stringify(EncodableRef value) {
  std::string text;
  Writer writer(text);
  value.encode(writer);
  return text;
}

namespace detail {

DecodeResult from_value(Value const& source, TypeOps const& ops, void* value) {
  schema::ValueDecoder decoder(source);
  if (!ops.decode(decoder, value)) decoder.refuse();
  return decoder.take_result();
}

DecodeResult from_json(std::string_view text, TypeOps const& ops, void* value) {
  json::Reader reader(text);
  if (!ops.decode(reader, value) || !reader.finish()) reader.refuse();
  return reader.take_result();
}

bool try_decode(Value const& source, TypeOps const& ops, void* value) {
  return from_value(source, ops, value).ok();
}

bool fail_alternatives(Decoder& decoder, Value const& value) {
  return decoder.fail(DecodeErrorCode::wrong_type, "expected one of several types, none of which fits " +
                                                       std::string(to_string(value.kind())));
}

bool fail_size(Decoder& decoder, std::size_t expected) {
  return decoder.fail(DecodeErrorCode::wrong_size,
                      "expected an array of " + std::to_string(expected) + ", got one of another size");
}

}  // namespace detail
}}  // namespace aerie::v1
