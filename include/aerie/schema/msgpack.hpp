#pragma once

/// \file
/// MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as notepack.io has it, the library of
/// the official cluster adapters and of socket.io-msgpack-parser: the writer gives the same bytes, the reader
/// takes whatever that library writes. Binary values stand in the message itself.

#include <aerie/core/api.hpp>
#include <aerie/schema/decoder.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/encoder.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace msgpack {

struct Item;

/// Arrays and maps within each other that are accepted by default.
inline constexpr std::size_t default_max_depth = 512;

/// Reads a MessagePack value without building a tree. REQUIRES: the bytes outlive the reader. Belongs to one
/// thread.
///
/// Strict where notepack is not: strings are valid UTF-8, keys of maps are strings, extensions are those
/// that notepack knows (timestamps, and its older forms of undefined, Date and ArrayBuffer), and no size is
/// believed that the rest of the message can't hold. Integers of 64 bits are exact.
class AERIE_API Reader final : public Decoder {
 public:
  explicit Reader(std::string_view bytes, std::size_t max_depth = default_max_depth);

  /// To be called after the value: true if nothing follows it.
  bool finish();

  /// What has not been read yet: where an element begins or ends, to decode it later.
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  ValueKind peek() override;
  bool read_boolean(bool& value) override;
  bool read_number(Number& value) override;
  bool read_string(std::string_view& text) override;
  /// A timestamp, or an ISO string as JSON has dates.
  bool read_date(Date& value) override;
  bool read_bytes(Bytes& value) override;
  bool read_value(Value& value) override;
  bool read_json(std::string& text) override;
  bool skip() override;
  bool begin_array() override;
  bool next_element() override;
  bool begin_object() override;
  bool next_member(std::string_view& key) override;

 private:
  // An array or map that has begun and not ended.
  struct Open {
    std::size_t items_left;
    bool is_map;
  };

  char const* next(ValueKind kind, std::string_view expected, Item& item);
  bool begin(ValueKind kind, std::string_view expected);
  bool next_item();
  bool read_array(Value& value, std::size_t size);
  bool read_object(Value& value, std::size_t size);
  bool read_key(std::string_view& key);
  bool leave_finished(std::size_t outer);
  bool fail_syntax(std::string message = "this is no MessagePack");

  char const* at_;
  char const* end_;
  std::size_t max_depth_;
  std::vector<Open> open_;
};

/// How values are written for which MessagePack has no form of its own, or had none.
enum class Dialect : std::uint8_t {
  notepack_3,  ///< Dates as timestamps, undefined as nil, members that are undefined not at all.
  notepack_2,  ///< Dates and undefined as extensions of type 0, members that are undefined as well.
};

/// Appends MessagePack to a string. The sizes given to begin_array and begin_object must be right. Belongs to
/// one thread.
///
/// Where notepack's bytes would not be the value: an invalid date is nil (of `notepack_2` it is what that
/// writes, the first moment of 1970), whole numbers beyond 64 bits are doubles, and a lone surrogate is
/// U+FFFD.
class AERIE_API Writer final : public Encoder {
 public:
  explicit Writer(std::string& out, Dialect dialect = Dialect::notepack_3) : out_(out), dialect_(dialect) {}

  void undefined() override;
  bool keeps_undefined() const noexcept override { return dialect_ == Dialect::notepack_2; }
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void unsigned_integer(std::uint64_t value) override;
  /// Whole numbers as integers, others as 64-bit floats.
  void number(double value) override;
  void string(std::string_view text) override;
  void date(Date value) override;
  void bytes(Bytes const& value) override;
  /// The value that the text stands for.
  void raw_json(std::string_view text) override;
  void begin_array(std::size_t size) override;
  void end_array() override {}
  void begin_object(std::size_t size) override;
  void key(std::string_view name) override { string(name); }
  void end_object() override {}

 private:
  std::string& out_;
  Dialect dialect_;
};

/// Any encodable value as MessagePack.
AERIE_API std::string pack(EncodableRef value);

namespace detail {
AERIE_API DecodeResult unpack(std::string_view bytes, TypeOps const& ops, void* value);
}  // namespace detail

/// Reads `value` from a message that is one value. On failure `value` is valid but unspecified.
template <typename T>
[[nodiscard]] DecodeResult unpack(std::string_view bytes, T& value) {
  if constexpr (aerie::detail::require_decodable<T>()) return detail::unpack(bytes, type_ops<T>, &value);
}

}}}  // namespace aerie::v1::msgpack
