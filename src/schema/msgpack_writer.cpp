#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace aerie { inline namespace v1 { namespace msgpack {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;

// The prefixes of extensions of one and of eight bytes, behind which stands their type.
constexpr unsigned fixext_1 = 0xD4;
constexpr unsigned fixext_8 = 0xD7;

// The last `size` bytes of a number, the most significant first.
void put_big_endian(std::string& out, std::uint64_t value, unsigned size) {
  for (unsigned i = size; i > 0; --i)
    out.push_back(static_cast<char>(value >> (8 * (i - 1))));
}

void put(std::string& out, unsigned prefix, std::uint64_t value, unsigned size) {
  out.push_back(static_cast<char>(prefix));
  put_big_endian(out, value, size);
}

// A size behind the prefix for one, two or four bytes of it; without a prefix for one byte that is 0.
void put_size(std::string& out, unsigned prefix8, unsigned prefix16, std::uint64_t size) {
  if (size < 0x100 && prefix8 != 0) return put(out, prefix8, size, 1);
  if (size < 0x10000) return put(out, prefix16, size, 2);
  put(out, prefix16 + 1, size, 4);
}

// What begins no character of valid UTF-8 becomes U+FFFD; the three bytes of a lone surrogate become one.
std::string make_valid(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  while (!text.empty()) {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const wanted = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
    std::string_view const character = text.substr(0, wanted);
    if (utf8::is_valid(character)) {
      valid.append(character);
      text.remove_prefix(character.size());
      continue;
    }
    valid.append(replacement);
    bool const is_surrogate =
        lead == 0xED && text.size() >= 3 && (static_cast<unsigned char>(text[1]) & 0xE0U) == 0xA0;
    text.remove_prefix(is_surrogate ? 3 : 1);
  }
  return valid;
}

}  // namespace

void Writer::undefined() {
  if (dialect_ == Dialect::notepack_3) return null();
  put(out_, fixext_1, 0, 2);
}

void Writer::null() {
  out_.push_back('\xC0');
}

void Writer::boolean(bool value) {
  out_.push_back(value ? '\xC3' : '\xC2');
}

void Writer::unsigned_integer(std::uint64_t value) {
  if (value < 0x80) return out_.push_back(static_cast<char>(value));
  if (value < 0x100) return put(out_, 0xCC, value, 1);
  if (value < 0x10000) return put(out_, 0xCD, value, 2);
  if (value < 0x100000000) return put(out_, 0xCE, value, 4);
  put(out_, 0xCF, value, 8);
}

void Writer::integer(std::int64_t value) {
  auto const bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return unsigned_integer(bits);
  if (value >= -0x20) return out_.push_back(static_cast<char>(value));
  if (value >= -0x80) return put(out_, 0xD0, bits, 1);
  if (value >= -0x8000) return put(out_, 0xD1, bits, 2);
  if (value >= -0x80000000LL) return put(out_, 0xD2, bits, 4);
  put(out_, 0xD3, bits, 8);
}

void Writer::number(double value) {
  bool const is_whole = std::trunc(value) == value;
  if (is_whole && value >= 0 && value < 2 * two_to_63)
    return unsigned_integer(static_cast<std::uint64_t>(value));
  if (is_whole && value < 0 && value >= -two_to_63) return integer(static_cast<std::int64_t>(value));
  constexpr std::uint64_t nan_bits = 0x7FF8000000000000;
  put(out_, 0xCB, std::isnan(value) ? nan_bits : std::bit_cast<std::uint64_t>(value), 8);
}

void Writer::string(std::string_view text) {
  if (!utf8::is_valid(text)) return string(make_valid(text));
  if (text.size() < 0x20) {
    out_.push_back(static_cast<char>(0xA0U | text.size()));
  } else {
    put_size(out_, 0xD9, 0xDA, text.size());
  }
  out_.append(text);
}

void Writer::date(Date value) {
  if (dialect_ == Dialect::notepack_2) {
    put(out_, fixext_8, 0, 1);
    return put_big_endian(out_, static_cast<std::uint64_t>(value.is_valid() ? value.milliseconds() : 0), 8);
  }
  if (!value.is_valid()) return null();
  std::int64_t const milliseconds = value.milliseconds();
  std::int64_t const seconds = (milliseconds - (milliseconds < 0 ? 999 : 0)) / 1000;
  auto const nanoseconds = static_cast<std::uint64_t>(milliseconds - seconds * 1000) * 1'000'000;
  auto const bits = static_cast<std::uint64_t>(seconds);
  constexpr unsigned timestamp_type = 0xFF;
  if (bits < std::uint64_t{1} << 32U && nanoseconds == 0) {
    out_.push_back('\xD6');
    return put(out_, timestamp_type, bits, 4);
  }
  if (bits < std::uint64_t{1} << 34U) {
    out_.push_back('\xD7');
    return put(out_, timestamp_type, nanoseconds << 34U | bits, 8);
  }
  out_.append("\xC7\x0C");
  put(out_, timestamp_type, nanoseconds, 4);
  put_big_endian(out_, bits, 8);
}

void Writer::bytes(Bytes const& value) {
  put_size(out_, 0xC4, 0xC5, value.size());
  out_.append(value.view());
}

void Writer::raw_json(std::string_view text) {
  // The text was checked where it came in, with the limit on its depth that was asked for there.
  json::Reader reader(text, std::numeric_limits<std::size_t>::max());
  Value value;
  if (!reader.read_value(value)) value = nullptr;
  Codec<Value>::encode(*this, value);
}

void Writer::begin_array(std::size_t size) {
  if (size < 0x10) return out_.push_back(static_cast<char>(0x90U | size));
  put_size(out_, 0, 0xDC, size);
}

void Writer::begin_object(std::size_t size) {
  if (size < 0x10) return out_.push_back(static_cast<char>(0x80U | size));
  put_size(out_, 0, 0xDE, size);
}

std::string pack(EncodableRef value) {
  std::string out;
  Writer writer(out);
  value.encode(writer);
  return out;
}

DecodeResult detail::unpack(std::string_view bytes, TypeOps const& ops, void* value) {
  Reader reader(bytes);
  if (!ops.decode(reader, value) || !reader.finish()) reader.refuse();
  return reader.take_result();
}

}}}  // namespace aerie::v1::msgpack
