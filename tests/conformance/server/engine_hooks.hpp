#pragma once

/// \file
/// What the options install on the engine, and what of the engine's life goes into the log.

#include "log.hpp"
#include "options.hpp"

#include <aerie/engineio/server.hpp>

namespace conformance {

/// An allow_request that obeys the query of the request (FIXTURE.md, --allow-request).
void allow_request(aerie::http::RequestHead const& request, aerie::engineio::Decision decision);
/// A generate_id that does (--generate-id).
void generate_id(aerie::http::RequestHead const& request, aerie::engineio::NewId id);

/// Installs the middlewares and header hooks that were asked for, and logs what happens. `log` outlives the
/// engine.
void install_hooks(aerie::engineio::Server& engine, Options const& options, Log& log);

}  // namespace conformance
