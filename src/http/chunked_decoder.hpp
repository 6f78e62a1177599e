#pragma once

#include "http/request_error.hpp"

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Takes a chunked body apart (RFC 9112 §7.1). Extensions and trailers are counted and ignored: trailers are
/// never merged into the headers. What is no extension by its grammar is refused, as whoever reads it
/// otherwise may see the line end elsewhere. No I/O, no memory.
class AERIE_API ChunkedDecoder {
 public:
  /// What extensions and trailers of one body may take together, in bytes.
  static constexpr std::uint32_t max_overhead = 16 * 1024;

  enum class Status : std::uint8_t { more, data, done, failed };
  struct Step {
    Status status;
    /// Part of the body, a view into the input.
    std::string_view data = {};
  };

  /// Takes from the front of `input` what the next step needs: until `data`, until it is used up (`more`), or
  /// to the body's last byte (`done`).
  Step next(std::string_view& input) noexcept;
  RequestError error() const noexcept { return error_; }

 private:
  enum class State : std::uint8_t {
    size,
    extension_begin,
    extension_name,
    extension_name_end,
    extension_value_begin,
    extension_value,
    extension_quoted,
    extension_escaped,
    extension_end,
    size_line_feed,
    data,
    data_carriage_return,
    data_line_feed,
    trailer_begin,
    trailer,
    trailer_line_feed,
    last_line_feed,
    done,
    failed
  };

  State take(char c) noexcept;
  State take_size(char c) noexcept;
  State take_extension(char c) noexcept;
  State end_extension(char c, State blank) noexcept;
  State take_trailer(char c) noexcept;
  RequestError check_ignored(char c) noexcept;
  State expect(char c, char expected, State next) noexcept;
  State fail(RequestError error) noexcept;

  std::uint64_t remaining_ = 0;
  std::uint32_t overhead_ = 0;
  std::uint8_t digits_ = 0;
  State state_ = State::size;
  RequestError error_ = RequestError::none;
};

}}}  // namespace aerie::v1::http
