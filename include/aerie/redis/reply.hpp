#pragma once

/// \file
/// What a Redis server answers: a value of RESP 2. A plain value; not synchronised.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

/// https://redis.io/docs/latest/develop/reference/protocol-spec/
class AERIE_API Reply {
 public:
  /// The kinds of RESP2.
  enum class Kind : std::uint8_t { nil, status, error, integer, string, array };

  Reply() noexcept = default;
  /// A reply of that text, as "OK".
  static Reply status(std::string text) { return {Kind::status, std::move(text)}; }
  /// An error of that text: its code, then words.
  static Reply error(std::string text) { return {Kind::error, std::move(text)}; }
  /// A text or any bytes.
  static Reply string(std::string bytes) { return {Kind::string, std::move(bytes)}; }
  static Reply integer(std::int64_t number);
  /// A list of replies.
  static Reply array(std::vector<Reply> elements);

  /// Which kind it is.
  Kind kind() const noexcept { return kind_; }
  /// Whether there is nothing: a null string or a null array.
  bool is_nil() const noexcept { return kind_ == Kind::nil; }
  /// Whether Redis refuses; `text` says why.
  bool is_error() const noexcept { return kind_ == Kind::error; }
  /// Whether it is a number.
  bool is_integer() const noexcept { return kind_ == Kind::integer; }
  /// Whether it has elements.
  bool is_array() const noexcept { return kind_ == Kind::array; }
  /// A string or a status: what has a text and is no error.
  bool is_text() const noexcept { return kind_ == Kind::string || kind_ == Kind::status; }

  /// The bytes of a string, the text of a status or an error; empty for everything else.
  std::string_view text() const noexcept { return text_; }
  /// The text, without a copy; the reply has none afterwards.
  std::string take_text() noexcept { return std::move(text_); }
  /// An integer; 0 for everything else.
  std::int64_t integer() const noexcept { return integer_; }
  /// The elements of an array; none for everything else.
  std::vector<Reply> const& elements() const noexcept { return elements_; }
  std::size_t size() const noexcept { return elements_.size(); }
  /// An element of an array, or nil where there is none: what came from outside may have any shape.
  Reply const& operator[](std::size_t index) const noexcept;

  /// The first word of an error: `NOPERM`, `MOVED` ...; empty for everything else.
  std::string_view error_code() const noexcept;

  bool operator==(Reply const&) const = default;

 private:
  friend class ReplyReader;
  Reply(Kind kind, std::string text) noexcept : kind_(kind), text_(std::move(text)) {}

  Kind kind_ = Kind::nil;
  std::int64_t integer_ = 0;
  std::string text_;
  std::vector<Reply> elements_;
};

/// What a reply may be. One that is more ends the connection it came from: nobody knows what it is, and what
/// follows it. The same goes for more than eight levels of arrays in arrays, and for the types of RESP3.
struct ReplyLimits {
  /// Bytes of one string, and of one reply with all that is in it. Redis' own limit is 512 MiB.
  std::size_t bytes = std::size_t{64} << 20U;
  /// Elements of one reply, all its arrays put together.
  std::size_t elements = 1'000'000;
};

}}}  // namespace aerie::v1::redis
