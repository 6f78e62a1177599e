#pragma once

/// \file
/// Limits and deadlines of an HTTP server. A plain value; checked when a server is made of it.

#include <aerie/core/clock.hpp>
#include <aerie/http/tls.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// What requests may have, how long they may take, and who is trusted to say where they come from.
struct ServerOptions {
  /// Request line and headers, in bytes (512 to 65535); more is answered 431.
  std::size_t max_head_bytes = 16 * 1024;
  /// Header lines of a request (8 to 256); more is answered 431.
  std::size_t max_header_lines = 100;
  /// Bytes of further requests that may wait behind one that is being answered; more is not read meanwhile.
  std::size_t max_pipelined_bytes = 16 * 1024;

  /// For the whole head, from its first byte (from the connection, if it is the first): 408, however slowly
  /// it drips.
  core::Milliseconds header_timeout = std::chrono::seconds{10};
  /// For the whole body: 408.
  core::Milliseconds body_timeout = std::chrono::seconds{30};
  /// For the next request to begin, from the moment when the last answer has been taken; then the connection
  /// is closed without a word.
  core::Milliseconds keep_alive_timeout = std::chrono::seconds{65};
  /// For a peer that takes nothing of its answer. What it takes buys it more time, see `min_write_rate`, up
  /// to four times this.
  core::Milliseconds write_stall_timeout = std::chrono::seconds{30};
  /// Bytes per second that a peer must take of its answer on average, or it is cut off; 0: any byte counts,
  /// so that one in each `write_stall_timeout` is enough to hold an answer's memory for ever.
  std::size_t min_write_rate = 64;
  /// An upgrade request that nobody wants is closed after this time; nothing: never.
  std::optional<core::Milliseconds> destroy_upgrade_timeout = std::chrono::seconds{1};

  /// Proxies in front of the server: addresses (`10.0.0.7`, `::1`), networks (`10.0.0.0/8`, `fd00::/8`) and
  /// the names `loopback`, `linklocal` and `uniquelocal` (private networks). What they write into `Forwarded`
  /// (RFC 7239), or `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, says who the client is, whether it came
  /// by https and which host it asked for; it is read from the last entry back, up to the first one that
  /// nobody trusted has written. From others these headers are ignored. Name only proxies that append to
  /// these headers or replace them.
  std::vector<std::string> trusted_proxies = {};

  /// With it the server speaks HTTPS only.
  std::optional<TlsOptions> tls = std::nullopt;
};

}}}  // namespace aerie::v1::http
