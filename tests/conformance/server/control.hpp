#pragma once

/// \file
/// The HTTP requests of FIXTURE.md: /hello and everything under /__.

#include "commands.hpp"
#include "log.hpp"

#include <aerie/http/server.hpp>

#include <cstddef>
#include <functional>

namespace conformance {

/// What the requests look at and do.
struct Controlled {
  Log& log;
  std::function<std::size_t()> clients_count;
  std::function<void(bool relisten)> close;
  /// Null if there is no Socket.IO server.
  Commands* commands;
};

void serve_control(aerie::http::Server& http, Controlled const& controlled);

}  // namespace conformance
