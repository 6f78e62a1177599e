#pragma once

#include "http/request_error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Whether a text is a host with an optional port, as in a Host header.
bool is_host(std::string_view value) noexcept;
/// Whether a host has a port.
bool has_port(std::string_view host) noexcept;

/// What the headers say about the message itself: where its body ends, whether the connection goes on. The
/// rules are stricter than RFC 9112 §6 where leniency lets two servers disagree about the body's end.
class HeaderFacts {
 public:
  /// Takes one header line. `raw` is everything between the colon and the line's end, `value` the same
  /// without blanks at both ends.
  RequestError note(std::string_view name, std::string_view value, std::string_view raw) noexcept;
  /// All headers have been seen.
  RequestError check(unsigned version_minor) const noexcept;

  bool chunked() const noexcept { return chunked_; }
  std::uint64_t content_length() const noexcept { return content_length_.value_or(0); }
  bool expects_continue() const noexcept { return expects_continue_; }
  bool has_host() const noexcept { return has_host_; }
  bool keep_alive(unsigned version_minor) const noexcept {
    return !close_ && (version_minor >= 1 || keep_alive_);
  }
  bool upgrade() const noexcept { return upgrade_option_ && upgrade_header_; }

 private:
  RequestError note_host(std::string_view value) noexcept;
  RequestError note_length(std::string_view raw) noexcept;
  RequestError note_encoding(std::string_view raw) noexcept;
  RequestError note_expectation(std::string_view value) noexcept;
  void note_connection(std::string_view value) noexcept;

  std::optional<std::uint64_t> content_length_;
  bool has_host_ = false;
  bool chunked_ = false;
  bool expects_continue_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
  bool upgrade_option_ = false;
  bool upgrade_header_ = false;
};

}}}  // namespace aerie::v1::http
