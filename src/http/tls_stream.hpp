#pragma once

#include "http/tls_context.hpp"

#include <aerie/core/stream.hpp>

#include <memory>

namespace aerie { inline namespace v1 { namespace http {

/// The server's side of TLS over `inner`: a stream of what the client says in confidence. The handshake runs
/// by itself; its handler hears nothing until there is data, and that the stream was closed if the handshake
/// fails or takes too long.
std::unique_ptr<core::Stream> accept_tls(std::unique_ptr<core::Stream> inner,
                                         std::shared_ptr<TlsContext const> context);

}}}  // namespace aerie::v1::http
