#pragma once

/// \file
/// The command line of FIXTURE.md.

#include <aerie/socketio/options.hpp>

#include <cstdint>
#include <optional>

namespace conformance {

struct Options {
  std::uint16_t port = 0;
  /// With the threads and the HTTP limits in it.
  aerie::ServerOptions server;
  bool allow_request = false;
  bool generate_id = false;
  bool engine_middleware = false;
  bool header_events = false;
  bool emit_auth = false;
  bool engine_only = false;
  bool no_attach = false;
};

/// Reads the command line into `options`. Returns the exit code if the program is to end here: it has been
/// asked for help, or an option is unknown or impossible, which has been said.
std::optional<int> parse(int argc, char const* const* argv, Options& options);

}  // namespace conformance
