#pragma once

/// \file
/// From an HTTP request to an open WebSocket. Called on the shard of the connection.

#include <aerie/core/api.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/websocket/handshake.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// A connection whose handshake was accepted; the answer is queued.
struct AcceptedWebSocket {
  /// Null if the request was no handshake, or there was no answer to it, and the exchange was ended so.
  std::unique_ptr<core::Stream> stream;
  std::optional<websocket::DeflateParameters> deflate;
  /// What the client has sent behind the handshake.
  std::string already_read;
};

/// Ends the exchange either way. `header_lines` are whole lines for the answer that accepts.
AERIE_API AcceptedWebSocket accept_websocket(http::Exchange& exchange,
                                             websocket::HandshakeOptions const& options,
                                             websocket::KeyHasher& hasher,
                                             std::string_view header_lines = {});

}}}  // namespace aerie::v1::engineio
