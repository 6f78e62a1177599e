#include <aerie/core/decimal.hpp>
#include <aerie/schema/codec_scalars.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace aerie { inline namespace v1 {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 2 * two_to_63;

// Turns 3.0 and 1e3 into integers. Returns false for a number that is not whole or fits no 64 bits.
bool make_integer(Number& number) {
  if (number.kind != Number::Kind::real) return true;
  double const real = number.real;
  if (std::trunc(real) != real) return false;
  if (real >= -two_to_63 && real < two_to_63) {
    number = {.kind = Number::Kind::integer, .integer = static_cast<std::int64_t>(real)};
    return true;
  }
  if (real < 0 || !(real < two_to_64)) return false;
  number = {.kind = Number::Kind::unsigned_integer, .unsigned_integer = static_cast<std::uint64_t>(real)};
  return true;
}

template <typename Integer>
bool fail_range(Decoder& decoder, Integer lowest, Integer highest) {
  return decoder.fail(DecodeErrorCode::out_of_range, "expected an integer from " + std::to_string(lowest) +
                                                         " to " + std::to_string(highest) +
                                                         ", got another number");
}

}  // namespace

namespace detail {

bool decode_integer(Decoder& decoder, std::int64_t lowest, std::int64_t highest, std::int64_t& value) {
  Number number;
  if (!decoder.read_number(number)) return false;
  bool const fits = make_integer(number) && number.kind == Number::Kind::integer &&
                    number.integer >= lowest && number.integer <= highest;
  if (!fits) return fail_range(decoder, lowest, highest);
  value = number.integer;
  return true;
}

bool decode_unsigned(Decoder& decoder, std::uint64_t highest, std::uint64_t& value) {
  Number number;
  if (!decoder.read_number(number)) return false;
  if (!make_integer(number) || number.integer < 0) return fail_range(decoder, std::uint64_t{0}, highest);
  value = number.kind == Number::Kind::integer ? static_cast<std::uint64_t>(number.integer)
                                               : number.unsigned_integer;
  return value <= highest || fail_range(decoder, std::uint64_t{0}, highest);
}

bool decode_double(Decoder& decoder, double& value) {
  Number number;
  if (!decoder.read_number(number)) return false;
  value = number.as_double();
  return true;
}

bool decode_float(Decoder& decoder, float& value) {
  Number read;
  if (!decoder.read_number(read)) return false;
  double const number = read.as_double();
  // Half a step beyond the largest float is nearer to infinity.
  constexpr double overflow = 0x1.ffffffp127;
  if (read.is_overflow || (std::isfinite(number) && std::abs(number) >= overflow)) {
    return decoder.fail(DecodeErrorCode::out_of_range,
                        "expected a number from -3.4028235e+38 to 3.4028235e+38, got another number");
  }
  value = static_cast<float>(number);
  return true;
}

double shortest_double(float value) noexcept {
  // Whole numbers of a few digits, the usual ones, are the same for both.
  constexpr float exact = 1e6F;
  if (!std::isfinite(value) || (std::trunc(value) == value && std::abs(value) < exact)) return value;
  std::array<char, 32> digits;
  auto const text = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  double wide = value;
  core::double_from_chars(digits.data(), text.ptr, wide);
  return wide;
}

bool decode_string(Decoder& decoder, std::string& value) {
  std::string_view text;
  if (!decoder.read_string(text)) return false;
  value = text;
  return true;
}

bool decode_null(Decoder& decoder) {
  if (decoder.peek() != ValueKind::null) return decoder.fail_expecting("null");
  return decoder.skip();
}

}  // namespace detail

void Codec<Value>::encode(Encoder& encoder, Value const& value) {
  switch (value.kind()) {
    case ValueKind::undefined:
      return encoder.undefined();
    case ValueKind::null:
      return encoder.null();
    case ValueKind::boolean:
      return encoder.boolean(value.as_bool());
    case ValueKind::integer:
      return encoder.integer(value.as_int());
    case ValueKind::number:
      return encoder.number(value.as_double());
    case ValueKind::string:
      return encoder.string(value.as_string());
    case ValueKind::bytes:
      return encoder.bytes(value.as_bytes());
    case ValueKind::date:
      return encoder.date(value.as_date());
    case ValueKind::array:
      break;
    case ValueKind::object:
      return Codec<Object>::encode(encoder, value.as_object());
  }
  Array const& elements = value.as_array();
  encoder.begin_array(elements.size());
  for (Value const& element : elements)
    encode(encoder, element);
  encoder.end_array();
}

void Codec<Object>::encode(Encoder& encoder, Object const& value) {
  std::size_t undefined = 0;
  for (auto const& member : value)
    undefined += member.value.is_undefined() ? 1 : 0;
  auto const leaves_out = undefined != 0 && !encoder.keeps_undefined();
  encoder.begin_object(value.size() - (leaves_out ? undefined : 0));
  for (auto const& [key, member] : value) {
    if (leaves_out && member.is_undefined()) continue;
    encoder.key(key);
    Codec<Value>::encode(encoder, member);
  }
  encoder.end_object();
}

bool Codec<Object>::decode(Decoder& decoder, Object& value) {
  if (decoder.peek() != ValueKind::object) return decoder.fail_expecting("an object");
  Value tree;
  if (!decoder.read_value(tree)) return false;
  // With attachments an object may have turned out to be a placeholder.
  if (!tree.is_object()) return decoder.fail(DecodeErrorCode::wrong_type, "expected an object, got bytes");
  value = std::move(tree.as_object());
  return true;
}

bool Codec<RawJson>::decode(Decoder& decoder, RawJson& value) {
  std::string text;
  if (!decoder.read_json(text)) return false;
  value = RawJson::trusted(std::move(text));
  return true;
}

}}  // namespace aerie::v1
