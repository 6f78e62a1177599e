#pragma once

/// \file
/// The events that every socket of every namespace is served.

#include "commands.hpp"
#include "log.hpp"
#include "socket_directory.hpp"

namespace conformance {

/// Registers them with a namespace, or with the parent of namespaces; `log` and the others must outlive it.
template <class Registrar>
void serve_common_events(Registrar& nsp, Log& log, Commands& commands, SocketDirectory& sockets);

}  // namespace conformance
