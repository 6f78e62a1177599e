#pragma once

#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Why a request is refused before anybody sees it. Each ends the connection, because where the next request
/// would begin is unknown, or must not be trusted.
enum class RequestError : std::uint8_t {
  none,
  request_line,
  method_case,
  method_unknown,
  connect,
  target,
  version_syntax,
  version,
  bare_line_feed,
  bare_carriage_return,
  control_character,
  folded_header,
  header_name,
  header_value,
  host_missing,
  host_repeated,
  host_invalid,
  host_mismatch,
  length_invalid,
  length_repeated,
  length_and_encoding,
  transfer_encoding,
  transfer_encoding_http_1_0,
  content_encoding,
  expectation,
  head_too_large,
  too_many_headers,
  chunk_size,
  chunk_extension,
  chunk_end,
  chunk_overhead,
  head_late,
  body_late,
};

/// The status of the answer.
int status_of(RequestError error) noexcept;

/// One sentence for the answer's body.
std::string_view to_string(RequestError error) noexcept;

}}}  // namespace aerie::v1::http
