#include "schema/msgpack_item.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace aerie { inline namespace v1 { namespace msgpack {
namespace {

// The extension types that notepack reads.
constexpr std::int8_t timestamp_type = -1;
constexpr std::int8_t legacy_type = 0;

std::uint64_t load(char const* at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8U | static_cast<unsigned char>(at[i]);
  return value;
}

std::int64_t load_signed(char const* at, std::size_t size) {
  unsigned const unused_bits = 64 - 8 * static_cast<unsigned>(size);
  return static_cast<std::int64_t>(load(at, size) << unused_bits) >> unused_bits;
}

Number signed_number(std::int64_t value) {
  return {.kind = Number::Kind::integer, .integer = value};
}

Number unsigned_number(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return signed_number(static_cast<std::int64_t>(value));
  }
  return {.kind = Number::Kind::unsigned_integer, .unsigned_integer = value};
}

Number real_number(double value) {
  return {.kind = Number::Kind::real, .real = value};
}

// `new Date(seconds * 1e3 + nanoseconds / 1e6)`, calculated as JavaScript does.
Date date_of(std::int64_t seconds, std::uint64_t nanoseconds) {
  double const milliseconds = static_cast<double>(seconds) * 1e3 + static_cast<double>(nanoseconds) / 1e6;
  constexpr double enough = 1e16;  // Beyond every date.
  if (!(std::abs(milliseconds) < enough)) return {};
  return Date::from_milliseconds(static_cast<std::int64_t>(milliseconds));
}

// Takes items off the front of a message.
class Lexer {
 public:
  Lexer(char const* at, char const* end) : at_(at), end_(end) {}

  char const* read(Item& item) {
    if (at_ == end_) return nullptr;
    auto const prefix = static_cast<unsigned char>(*at_++);
    return read_prefixed(prefix, item) ? at_ : nullptr;
  }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  bool read_prefixed(unsigned char prefix, Item& item) {
    if (prefix < 0x80) return set_number(item, signed_number(prefix));
    if (prefix < 0x90) return set_container(item, ValueKind::object, prefix & 0x0FU);
    if (prefix < 0xA0) return set_container(item, ValueKind::array, prefix & 0x0FU);
    if (prefix < 0xC0) return set_content(item, ValueKind::string, prefix & 0x1FU);
    if (prefix >= 0xE0) return set_number(item, signed_number(static_cast<std::int8_t>(prefix)));
    // Of a family of prefixes the last bits say how long the size or number behind it is.
    switch (prefix) {
      case 0xC0:
        item.kind = ValueKind::null;
        return true;
      case 0xC2:
      case 0xC3:
        item.kind = ValueKind::boolean;
        item.boolean = prefix == 0xC3;
        return true;
      case 0xC4:
      case 0xC5:
      case 0xC6:
        return read_content(item, ValueKind::bytes, std::size_t{1} << (prefix - 0xC4U));
      case 0xC7:
      case 0xC8:
      case 0xC9:
        return read_extension(item, std::size_t{1} << (prefix - 0xC7U));
      case 0xCA:
      case 0xCB:
        return read_real(item, prefix == 0xCA ? 4 : 8);
      case 0xCC:
      case 0xCD:
      case 0xCE:
      case 0xCF:
        return read_unsigned(item, std::size_t{1} << (prefix - 0xCCU));
      case 0xD0:
      case 0xD1:
      case 0xD2:
      case 0xD3:
        return read_signed(item, std::size_t{1} << (prefix - 0xD0U));
      case 0xD4:
      case 0xD6:
      case 0xD7:
        return read_fixed_extension(item, std::size_t{1} << (prefix - 0xD4U));
      case 0xD9:
      case 0xDA:
      case 0xDB:
        return read_content(item, ValueKind::string, std::size_t{1} << (prefix - 0xD9U));
      case 0xDC:
      case 0xDD:
        return read_container(item, ValueKind::array, prefix == 0xDC ? 2 : 4);
      case 0xDE:
      case 0xDF:
        return read_container(item, ValueKind::object, prefix == 0xDE ? 2 : 4);
      default:
        return false;
    }
  }

  bool take(std::size_t size, std::uint64_t& value) {
    if (left() < size) return false;
    value = load(at_, size);
    at_ += size;
    return true;
  }

  static bool set_number(Item& item, Number number) {
    item.kind = ValueKind::number;
    item.number = number;
    return true;
  }

  bool set_content(Item& item, ValueKind kind, std::uint64_t size) const {
    item.kind = kind;
    item.size = static_cast<std::size_t>(size);
    return size <= left();
  }

  // Every element has at least one byte, every member two.
  bool set_container(Item& item, ValueKind kind, std::uint64_t size) const {
    item.kind = kind;
    item.size = static_cast<std::size_t>(size);
    return size <= (kind == ValueKind::array ? left() : left() / 2);
  }

  static bool set_date(Item& item, Date date) {
    item.kind = ValueKind::date;
    item.date = date;
    return true;
  }

  bool read_content(Item& item, ValueKind kind, std::size_t size_bytes) {
    std::uint64_t size = 0;
    return take(size_bytes, size) && set_content(item, kind, size);
  }

  bool read_container(Item& item, ValueKind kind, std::size_t size_bytes) {
    std::uint64_t size = 0;
    return take(size_bytes, size) && set_container(item, kind, size);
  }

  bool read_unsigned(Item& item, std::size_t size) {
    std::uint64_t value = 0;
    return take(size, value) && set_number(item, unsigned_number(value));
  }

  bool read_signed(Item& item, std::size_t size) {
    if (left() < size) return false;
    std::int64_t const value = load_signed(at_, size);
    at_ += size;
    return set_number(item, signed_number(value));
  }

  bool read_real(Item& item, std::size_t size) {
    std::uint64_t bits = 0;
    if (!take(size, bits)) return false;
    double const value =
        size == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits)) : std::bit_cast<double>(bits);
    return set_number(item, real_number(value));
  }

  // Sized extensions: timestamps of 96 bits, and notepack's older form of an ArrayBuffer.
  bool read_extension(Item& item, std::size_t size_bytes) {
    std::uint64_t size = 0;
    std::uint64_t type_bits = 0;
    if (!take(size_bytes, size) || !take(1, type_bits)) return false;
    auto const type = static_cast<std::int8_t>(type_bits);
    if (type == legacy_type) return set_content(item, ValueKind::bytes, size);
    constexpr std::size_t timestamp_size = 12;
    if (type != timestamp_type || size != timestamp_size || left() < timestamp_size) return false;
    std::uint64_t const nanoseconds = load(at_, 4);
    std::int64_t const seconds = load_signed(at_ + 4, 8);
    at_ += timestamp_size;
    return set_date(item, date_of(seconds, nanoseconds));
  }

  // Timestamps of 32 and 64 bits, and notepack's older forms of undefined and Date.
  bool read_fixed_extension(Item& item, std::size_t size) {
    std::uint64_t type_bits = 0;
    std::uint64_t content = 0;
    if (!take(1, type_bits) || !take(size, content)) return false;
    auto const type = static_cast<std::int8_t>(type_bits);
    if (type == timestamp_type && size == 4)
      return set_date(item, date_of(static_cast<std::int64_t>(content), 0));
    if (type == timestamp_type && size == 8) {
      constexpr std::uint64_t seconds_mask = (std::uint64_t{1} << 34U) - 1;
      return set_date(item, date_of(static_cast<std::int64_t>(content & seconds_mask), content >> 34U));
    }
    if (type != legacy_type) return false;
    if (size == 8) return set_date(item, Date::from_milliseconds(static_cast<std::int64_t>(content)));
    item.kind = ValueKind::undefined;
    return size == 1;
  }

  char const* at_;
  char const* end_;
};

}  // namespace

char const* read_item(char const* at, char const* end, Item& item) {
  return Lexer(at, end).read(item);
}

}}}  // namespace aerie::v1::msgpack
