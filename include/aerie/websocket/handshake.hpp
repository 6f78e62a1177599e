#pragma once

/// \file
/// The opening handshake of RFC 6455 §4.2 on the server's side, from header values to header text. It knows
/// nothing of how the request was read. Functions: any thread; a KeyHasher belongs to one thread at a time.

#include <aerie/core/api.hpp>
#include <aerie/websocket/deflate_options.hpp>
#include <aerie/websocket/error.hpp>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_st;
struct evp_md_ctx_st;

namespace aerie { inline namespace v1 { namespace websocket {

/// The value of a Sec-WebSocket-Accept header: 28 characters.
using AcceptKey = std::array<char, 28>;

/// Computes Sec-WebSocket-Accept (RFC 6455 §4.2.2). Its digest is looked up once and its context is used
/// again for each key: keep one per shard.
class AERIE_API KeyHasher {
 public:
  /// Throws std::runtime_error if OpenSSL has no SHA-1.
  KeyHasher();

  /// The answer to a Sec-WebSocket-Key. Throws std::runtime_error if OpenSSL fails, as when memory is
  /// exhausted.
  AcceptKey accept_key(std::string_view key);

 private:
  struct Deleter {
    AERIE_API void operator()(evp_md_st* digest) const;
    AERIE_API void operator()(evp_md_ctx_st* context) const;
  };

  std::unique_ptr<evp_md_st, Deleter> sha1_;
  std::unique_ptr<evp_md_ctx_st, Deleter> context_;
};

/// The parts of a request that a handshake is about: header values without surrounding space, those of
/// repeated headers joined with commas; empty if absent.
struct UpgradeRequest {
  std::string_view method;
  std::string_view upgrade;
  std::string_view connection;
  std::string_view version;
  std::string_view key;
  std::string_view extensions{};
  std::string_view protocol{};
};

struct HandshakeOptions {
  DeflateOptions deflate{};
  /// The subprotocols we speak. A client gets the first of its own that is among them; if we name none, the
  /// first that it names, as a browser gives up on a server that takes none of them.
  std::span<std::string_view const> subprotocols{};
};

/// What a handshake came to.
struct Handshake {
  Error error = Error::none;  ///< If anything else than `none`, the rest is empty.
  AcceptKey accept{};
  std::string_view protocol{};  ///< A view into the request; empty for none.
  std::optional<DeflateParameters> deflate{};
};

/// Judges a request. `hasher` is used for requests that are accepted only.
AERIE_API Handshake shake_hands(UpgradeRequest const& request, HandshakeOptions const& options,
                                KeyHasher& hasher);

/// Appends the head of the 101 answer. `extra_headers` are whole lines, each ending in CRLF.
AERIE_API void append_acceptance(std::string& out, Handshake const& handshake,
                                 std::string_view extra_headers = {});

/// Appends a whole 400 answer with `message` as its body, as the official server writes it; used as well for
/// what upper floors refuse. `extra_headers` are whole lines, each ending in CRLF.
AERIE_API void append_refusal(std::string& out, std::string_view message,
                              std::string_view extra_headers = {});

/// Appends the answer to a request that `shake_hands` refused; one with a wrong version is told ours (§4.4).
AERIE_API void append_refusal(std::string& out, Error error);

}}}  // namespace aerie::v1::websocket
