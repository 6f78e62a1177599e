#pragma once

/// \file
/// The whole fixture: an HTTP server with the control requests and, on it, a Socket.IO or an Engine.IO
/// server.

#include "commands.hpp"
#include "log.hpp"
#include "options.hpp"
#include "socket_directory.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/server.hpp>

#include <optional>

namespace conformance {

class Fixture {
 public:
  /// Throws std::invalid_argument for settings that the library refuses.
  explicit Fixture(Options options);

  /// Serves until it is closed, then prints the log.
  void run();

 private:
  void attach();
  void listen();
  void close(bool relisten);
  void closed(bool relisten);

  Options options_;
  Log log_;
  SocketDirectory sockets_;
  aerie::Runtime runtime_;
  aerie::http::Server http_;
  std::optional<aerie::engineio::Server> engine_;
  std::optional<aerie::Server> io_;
  std::optional<Commands> commands_;
};

}  // namespace conformance
