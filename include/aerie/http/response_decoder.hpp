#pragma once

/// \file
/// Responses as a client reads them (RFC 9112 §4 and §6), strictly and bounded: bytes in, a head and the
/// parts of a body out. No I/O; belongs to one thread at a time.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

class ChunkedDecoder;

/// What a server may send. A server that sends more is not read any further.
struct ResponseLimits {
  /// Bytes of the status line and the headers.
  std::size_t max_head_bytes = std::size_t{16} * 1024;
  /// Lines of the headers.
  std::size_t max_header_lines = 100;
  /// Bytes of the body, without its chunks.
  std::size_t max_body_bytes = 1'000'000;
};

/// The status line and the headers.
struct AERIE_API ResponseHead {
  /// The status code.
  int status = 0;
  /// 1 for HTTP/1.1, 0 for HTTP/1.0.
  unsigned version_minor = 1;
  /// In their order, values without the blanks around them.
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// Whether another request may follow on the connection (RFC 9112 §9.3).
  bool keep_alive = true;

  /// The value of the first header of that name (in any case); empty if there is none.
  std::string_view header(std::string_view name) const noexcept;
};

/// Reads one response after the other. What two implementations could read differently is refused: a length
/// beside an encoding, two lengths, an encoding other than `chunked`, folded lines, bare line feeds. Interim
/// responses (1xx, but for 101) are skipped.
class AERIE_API ResponseDecoder {
 public:
  /// What has been read.
  enum class Status : std::uint8_t {
    more,      ///< The input is used up.
    head,      ///< The head is there.
    data,      ///< A part of the body.
    complete,  ///< The response has ended; what is left of the input belongs to what follows.
    failed,    ///< It is none, or too large: the connection is to be closed.
  };
  /// What one call has read.
  struct Step {
    /// What it is.
    Status status;
    /// Part of the body, a view into the input.
    std::string_view data = {};
  };

  /// For the responses of one connection.
  explicit ResponseDecoder(ResponseLimits const& limits = {});
  ~ResponseDecoder();
  ResponseDecoder(ResponseDecoder&&) noexcept;
  ResponseDecoder& operator=(ResponseDecoder&&) noexcept;

  /// Begins with the next response. `to_head_request`: it has no body, whatever its head says.
  void begin(bool to_head_request = false);
  /// Takes from the front of `input` what the next step needs. Not to be called after `complete` or `failed`
  /// until the next `begin`.
  Step next(std::string_view& input);
  /// The connection has ended: true if the response is complete by that, because its body has no other end.
  bool end_of_input() noexcept;

  /// Valid from `Status::head` on, until `begin`.
  ResponseHead const& head() const noexcept { return head_; }
  /// Whether a byte of the present response has come.
  bool begun() const noexcept { return begun_; }
  /// Why it failed: the end of a sentence that begins with "the response".
  std::string_view error() const noexcept { return error_; }

 private:
  enum class Body : std::uint8_t { none, length, chunked, until_close };
  enum class State : std::uint8_t { head, body, complete, failed };

  Step fail(std::string_view error) noexcept;
  bool refuse(std::string_view error) noexcept;
  Step take_head(std::string_view& input);
  bool parse_head(std::string_view head);
  bool parse_status_line(std::string_view line);
  bool parse_header(std::string_view line);
  bool decide_body();
  Step take_body(std::string_view& input);
  Step take_data(std::string_view data);

  ResponseLimits limits_;
  ResponseHead head_;
  std::string buffered_;  // a head that has not come completely
  std::unique_ptr<ChunkedDecoder> chunks_;
  std::uint64_t remaining_ = 0;
  std::size_t body_bytes_ = 0;
  std::string_view error_;
  unsigned interim_ = 0;
  Body body_ = Body::none;
  State state_ = State::head;
  bool to_head_request_ = false;
  bool begun_ = false;
};

}}}  // namespace aerie::v1::http
