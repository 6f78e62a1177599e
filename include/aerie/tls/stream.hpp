#pragma once

/// \file
/// TLS over another stream, whichever side began.

#include <aerie/core/api.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/tls/context.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace aerie { inline namespace v1 { namespace tls {

/// The server's side of TLS over `inner`: a stream of what the client says in confidence. The handshake runs
/// by itself; its handler hears nothing until there is data, and that the stream was closed if the handshake
/// fails or takes too long.
AERIE_API std::unique_ptr<core::Stream> accept(std::unique_ptr<core::Stream> inner,
                                               std::shared_ptr<Context const> context);

/// The client's side, with a server that calls itself `host`. What is written waits for the handshake, and is
/// sent to nobody whose certificate is not good: then the stream is closed, with an error of
/// `verification_category` that says what is wrong with it, or with `protocol_error`.
AERIE_API std::unique_ptr<core::Stream> connect(std::unique_ptr<core::Stream> inner,
                                                std::shared_ptr<Context const> context,
                                                std::string const& host);

/// Errors of certificates, as OpenSSL numbers them (X509_V_ERR_...).
AERIE_API std::error_category const& verification_category() noexcept;

}}}  // namespace aerie::v1::tls
