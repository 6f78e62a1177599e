#pragma once

/// \file
/// The settings of permessage-deflate and how two peers agree on them (RFC 7692 §7.1). Values; any thread.

#include <aerie/core/api.hpp>
#include <aerie/websocket/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace websocket {

/// What a server is willing to do. `memory_budget` bounds what one connection can cost, the window and memory
/// settings say for what.
struct DeflateOptions {
  bool enabled = false;
  /// Shorter messages, in bytes, are sent as they are.
  std::size_t threshold = 1024;
  /// zlib's level, 0-9; -1 is zlib's own default.
  int level = -1;
  /// zlib's memLevel, 1-9: a compressor's hash table takes 2^(mem_level + 9) bytes.
  int mem_level = 8;
  /// Base-2 logarithm of the windows, 9-15. A server window is what we compress with; a client window is
  /// asked of the client, and one that does not offer to be limited is not given the extension.
  std::uint8_t server_max_window_bits = 15;
  std::uint8_t client_max_window_bits = 15;
  /// Begin each message with an empty window: compresses worse, but costs no memory between messages. Of the
  /// server's side, what many connections of an event loop are sent alike is then compressed once; with a
  /// window of each connection's own that holds for messages of 8 KiB and more, and shorter ones are
  /// compressed for each.
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  /// Most bytes that one connection may hold between messages (`deflate_memory`). Where the other settings
  /// and the client's offer would take more, context takeover is declined: of the server, whose context is
  /// the larger one, then of the client. The default is more than any of them take; 0 declines both.
  std::size_t memory_budget = std::size_t{512} * 1024;
};

/// What two peers agreed on.
struct DeflateParameters {
  std::uint8_t server_max_window_bits = 15;
  std::uint8_t client_max_window_bits = 15;
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;

  bool operator==(DeflateParameters const&) const = default;
};

/// Throws std::invalid_argument, naming the setting and its range, if zlib could not work with `options`.
AERIE_API void check(DeflateOptions const& options);

/// Most bytes that one connection with these settings holds between messages: the compressor's and the
/// decompressor's memory as zlib's zconf.h states it. With the defaults 308 KiB, with both
/// no_context_takeover 0: such connections share the contexts of their event loop, `DeflateContexts`.
AERIE_API std::size_t deflate_memory(DeflateParameters const& agreed, DeflateOptions const& options);

/// The longest Sec-WebSocket-Extensions that is read; no client comes near it.
inline constexpr std::size_t max_extensions_size = 4096;

struct ExtensionAgreement {
  Error error = Error::none;
  std::optional<DeflateParameters> deflate{};
};

/// Reads a client's Sec-WebSocket-Extensions, empty if it sent none, and takes the first permessage-deflate
/// offer that `options` allow. The grammar is checked strictly (RFC 6455 §9.1) even if the extension is off:
/// unknown, repeated or out-of-range parameters of permessage-deflate are Error::bad_extensions. Linear time.
AERIE_API ExtensionAgreement negotiate_extensions(std::string_view header, DeflateOptions const& options);

/// Reads a server's Sec-WebSocket-Extensions, the answer to the offer `append_extension_offer` makes of the
/// same options: nothing, or permessage-deflate once, with parameters that keep to what was offered (RFC 7692
/// §7.1). Anything else is Error::bad_extensions, and the connection is to be failed. Linear time.
AERIE_API ExtensionAgreement accept_extensions(std::string_view header, DeflateOptions const& options);

/// Appends the value of the Sec-WebSocket-Extensions header that offers a server what `options` say: of both
/// sides whether they keep their windows, and how large these may be.
AERIE_API void append_extension_offer(std::string& out, DeflateOptions const& options);

/// Appends the value of the Sec-WebSocket-Extensions header that tells a client what was agreed.
AERIE_API void append_extension(std::string& out, DeflateParameters const& agreed);

}}}  // namespace aerie::v1::websocket
