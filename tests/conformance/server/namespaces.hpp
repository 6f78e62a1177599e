#pragma once

/// \file
/// The namespaces of FIXTURE.md.

#include "commands.hpp"
#include "log.hpp"
#include "socket_directory.hpp"

#include <aerie/socketio/server.hpp>

namespace conformance {

/// Registers everything with `io`; call it once, before `io` listens. The others must outlive `io`.
void serve_namespaces(aerie::Server& io, Log& log, Commands& commands, SocketDirectory& sockets,
                      bool emit_auth);

}  // namespace conformance
