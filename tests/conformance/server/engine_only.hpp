#pragma once

/// \file
/// --engine-only: an Engine.IO server that sends every message back, and obeys those that start with "!".

#include "log.hpp"
#include "options.hpp"

#include <aerie/engineio/server.hpp>

namespace conformance {

/// The options of an Engine.IO server among those of a Socket.IO server.
aerie::engineio::ServerOptions engine_options(aerie::ServerOptions const& options);

/// Call it before `install_hooks`.
void serve_engine(aerie::engineio::Server& engine, Log& log);

}  // namespace conformance
