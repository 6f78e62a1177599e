#pragma once

/// \file
/// How a client speaks. Values; any thread.

#include <cstdint>

namespace aerie { inline namespace v1 { namespace engineio {

/// A version of the Engine.IO protocol: https://socket.io/docs/v4/engine-io-protocol/#history
enum class Protocol : std::uint8_t {
  /// Of socket.io-client 1 and 2: the client pings.
  v3 = 3,
  /// Of socket.io-client 3 and later: the server pings.
  v4 = 4,
};

/// What the request that opens a session says of its client.
struct Dialect {
  Protocol protocol = Protocol::v4;
  /// False for one that wants binary messages as base64 in text (`b64=1`).
  bool takes_binary = true;
};

}}}  // namespace aerie::v1::engineio
