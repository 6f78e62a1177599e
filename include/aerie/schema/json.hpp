#pragma once

/// \file
/// JSON as JavaScript has it: the reader accepts what `JSON.parse` accepts, the writer writes what
/// `JSON.stringify` writes. Binary values travel beside the text, as Socket.IO attachments: in the text
/// stands a placeholder,
/// `{"_placeholder":true,"num":0}` (https://socket.io/docs/v4/socket-io-protocol/).

#include <aerie/core/api.hpp>
#include <aerie/schema/decoder.hpp>
#include <aerie/schema/encoder.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace json {

/// Arrays and objects within each other that are accepted by default.
inline constexpr std::size_t default_max_depth = 512;

/// Reads a JSON text without building a tree. REQUIRES: the text is valid UTF-8, and outlives the reader.
///
/// Deliberate choices: integers of 64 bits are exact (JavaScript rounds them beyond 2^53); 1e400 is infinity;
/// a lone surrogate such as "\ud800" is kept in the three bytes of WTF-8, which the Writer escapes again.
class AERIE_API Reader final : public Decoder {
 public:
  explicit Reader(std::string_view text, std::size_t max_depth = default_max_depth);

  /// With attachments: placeholders are read as Bytes wherever Bytes or a Value is asked for.
  Reader(std::string_view text, std::span<Bytes const> attachments,
         std::size_t max_depth = default_max_depth);

  /// To be called after the value: true if nothing but whitespace follows it.
  bool finish();
  /// Nothing is left to be read; after a failure: the text ends too early.
  [[nodiscard]] bool at_end() const { return at_ == end_; }

  ValueKind peek() override;
  bool read_boolean(bool& value) override;
  bool read_number(Number& value) override;
  bool read_string(std::string_view& text) override;
  /// An ISO string, as JSON.stringify writes dates.
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
  void skip_whitespace();
  bool next_item(char closing);
  bool begin(char opening, std::string_view expected);
  bool take_string(std::string_view& text);
  bool read_array(Value& value);
  bool read_object(Value& value);
  bool resolve_placeholder(Value& value);
  bool fail_syntax();

  char const* at_;
  char const* end_;
  char const* begin_;
  std::optional<std::span<Bytes const>> attachments_;
  std::size_t depth_left_;
  bool is_first_ = true;  // Whether the next element or member is the first of its container.
  std::string unescaped_;
};

/// Appends JSON text to a string. The text is valid UTF-8 whatever strings are written: a lone surrogate is
/// escaped, and bytes that are not UTF-8 become U+FFFD.
class AERIE_API Writer final : public Encoder {
 public:
  /// Bytes are written as Node writes a Buffer: `{"type":"Buffer","data":[1,2,3]}`.
  explicit Writer(std::string& out) : Writer(out, nullptr) {}

  /// Bytes are appended to `attachments`, and placeholders written in their place. Null: as above.
  Writer(std::string& out, std::vector<Bytes>* attachments) : out_(out), attachments_(attachments) {}

  /// null: JSON has no undefined.
  void undefined() override { null(); }
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void unsigned_integer(std::uint64_t value) override;
  void number(double value) override;
  void string(std::string_view text) override;
  void date(Date value) override;
  void bytes(Bytes const& value) override;
  void raw_json(std::string_view text) override;
  void begin_array(std::size_t size = 0) override;
  void end_array() override;
  void begin_object(std::size_t size = 0) override;
  void key(std::string_view name) override;
  void end_object() override;

 private:
  void separate();

  std::string& out_;
  std::vector<Bytes>* attachments_;
  bool needs_comma_ = false;
};

}}}  // namespace aerie::v1::json
