#pragma once

#include "http/header_facts.hpp"
#include "http/request_error.hpp"

#include <aerie/http/request_head.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

class HeadBuilder;

struct HeadLimits {
  std::size_t max_bytes = 16 * 1024;
  std::size_t max_lines = 100;
};

/// Parses a request's head, strictly: what two implementations could read differently is refused (RFC 9112
/// §11.2). It copies nothing until the head is complete, and finds an error at the same byte however the head
/// is cut into pieces. No I/O.
class HeadParser {
 public:
  enum class Status : std::uint8_t { incomplete, complete, failed };

  /// What the limits may be at most.
  static constexpr std::size_t max_bytes = 65535;
  static constexpr std::size_t max_lines = 256;

  explicit HeadParser(HeadLimits limits) noexcept : limits_(limits) {}

  /// `bytes` is everything from the head's first byte on: if a call returned `incomplete`, the next one gets
  /// the same bytes and more.
  Status parse(std::string_view bytes) noexcept;
  /// Begins a new head.
  void reset() noexcept;

  /// Why it failed.
  RequestError error() const noexcept { return error_; }
  /// How many bytes the complete head takes, with the empty line.
  std::size_t size() const noexcept { return position_; }
  /// Copies the complete head out of `bytes`, which are those of the last `parse`; of header lines with one
  /// name it makes one, see `repeat_rule`.
  RequestHead head(std::string_view bytes) const;
  HeaderFacts const& facts() const noexcept { return facts_; }

 private:
  struct Span {
    std::uint16_t begin = 0;
    std::uint16_t size = 0;
  };
  struct Line {
    Span name;
    Span value;
  };
  /// What one line has come to.
  enum class Step : std::uint8_t { next, done, incomplete, failed };

  bool is_repeated(std::string_view bytes, std::size_t index) const noexcept;
  RequestHead joined_head(std::string_view bytes) const;
  RequestHead finished(HeadBuilder& builder) const noexcept;
  Step fail(RequestError error) noexcept;
  Step parse_request_line(std::string_view bytes) noexcept;
  Step parse_version(std::string_view bytes, std::size_t at) noexcept;
  Step parse_header(std::string_view bytes) noexcept;
  Step parse_name_error(std::string_view bytes, std::size_t at) noexcept;
  Step take_line_end(std::string_view bytes, std::size_t at) noexcept;
  Step finish(std::string_view bytes) noexcept;
  RequestError set_method(std::string_view method) noexcept;
  RequestError set_target(std::string_view bytes, Span target) noexcept;

  static Span span(std::size_t begin, std::size_t end) noexcept {
    return {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end - begin)};
  }
  static std::string_view text(std::string_view bytes, Span span) noexcept {
    return {bytes.data() + span.begin, span.size};
  }

  HeadLimits limits_;
  HeaderFacts facts_;
  std::size_t position_ = 0;  // where the line begins that is not parsed yet
  std::size_t line_count_ = 0;
  Span target_;
  Span authority_;
  Span host_;
  Method method_ = Method::get;
  RequestError method_error_ = RequestError::none;
  RequestError error_ = RequestError::none;
  std::uint8_t minor_ = 1;
  bool has_request_line_ = false;
  std::array<Line, max_lines> lines_;
};

}}}  // namespace aerie::v1::http
