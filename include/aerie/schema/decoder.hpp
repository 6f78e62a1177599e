#pragma once

/// \file
/// What a codec reads from: the counterpart of Encoder, one wire format.

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/schema/bytes.hpp>
#include <aerie/schema/date.hpp>
#include <aerie/schema/decode_error.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// A number as it was written: exact where it is an integer of 64 bits, otherwise the nearest double.
struct Number {
  /// Which of the members has the number.
  enum class Kind : std::uint8_t { integer, unsigned_integer, real };

  /// Which of the members below has it.
  Kind kind = Kind::integer;
  bool is_overflow = false;            ///< Of kind `real`: infinite, as what was written is beyond a double.
  std::int64_t integer = 0;            ///< Of kind `integer`.
  std::uint64_t unsigned_integer = 0;  ///< Of kind `unsigned_integer`: above the largest std::int64_t.
  double real = 0;                     ///< Of kind `real`.

  /// The nearest double.
  [[nodiscard]] double as_double() const {
    if (kind == Kind::real) return real;
    return kind == Kind::integer ? static_cast<double>(integer) : static_cast<double>(unsigned_integer);
  }
};

/// Reads one value, part by part. Every function returns false on bad input and has then recorded why; from
/// then on everything returns false. A codec that gets false returns false at once, adding where it was:
///
///     if (!decoder.begin_array()) return false;
///     for (std::size_t i = 0; decoder.next_element(); ++i) {
///       if (!Codec<T>::decode(decoder, elements.emplace_back())) return decoder.in(i);
///     }
///     return decoder.ok();
///
/// Belongs to one thread.
class AERIE_API Decoder {
 public:
  virtual ~Decoder();

  /// The kind of the next value, without reading it: a number is `number`, whether whole or not. `undefined`
  /// on bad input too, which the next read reports.
  virtual ValueKind peek() = 0;

  /// Reads true or false.
  virtual bool read_boolean(bool& value) = 0;
  /// Reads a number of any kind.
  virtual bool read_number(Number& value) = 0;
  /// `text` is valid until the next call.
  virtual bool read_string(std::string_view& text) = 0;
  /// Reads a date, from its text of ISO 8601 where the format has none.
  virtual bool read_date(Date& value) = 0;
  /// Reads binary data: an attachment, or what the format has for it.
  virtual bool read_bytes(Bytes& value) = 0;
  /// Whatever comes next.
  virtual bool read_value(Value& value) = 0;
  /// Whatever comes next, as JSON text.
  virtual bool read_json(std::string& text) = 0;
  /// Leaves out whatever comes next.
  virtual bool skip() = 0;

  /// Enters an array; `next_element` follows.
  virtual bool begin_array() = 0;
  /// True if there is another element; after the last one the array is left, and ok() is still true.
  virtual bool next_element() = 0;
  /// Enters an object; `next_member` follows.
  virtual bool begin_object() = 0;
  /// True if there is another member; its value is next. `key` is valid until the next call.
  virtual bool next_member(std::string_view& key) = 0;

  /// Whether nothing has failed so far.
  [[nodiscard]] bool ok() const { return error_ == nullptr; }

  /// Records the failure unless there already is one. Returns false.
  bool fail(DecodeErrorCode code, std::string message);
  bool fail(DecodeError error);
  /// Fails with "expected <expected>, got <kind of the next value>".
  bool fail_expecting(std::string_view expected);
  /// Fails with "the value was refused", for a codec that has not said more. Returns false.
  bool refuse();
  /// Puts the name or index of the value at fault in front of the error's path. Returns false.
  bool in(std::string_view segment);
  bool in(std::size_t index);

  /// Success or the recorded error, which this forgets.
  DecodeResult take_result();

 protected:
  bool fail_date();
  bool fail_invalid_date();  ///< Nothing would be written for it but null, which is no date again.

  Decoder();
  Decoder(Decoder const&) = delete;
  Decoder& operator=(Decoder const&) = delete;

 private:
  core::Owned<DecodeError> error_;
};

}}  // namespace aerie::v1
