#pragma once

/// \file
/// What a server needs for HTTPS and WSS. A plain value.

#include <aerie/tls/server_options.hpp>

namespace aerie { inline namespace v1 { namespace http {

/// The certificate and how clients are verified.
using TlsOptions = tls::ServerOptions;

}}}  // namespace aerie::v1::http
