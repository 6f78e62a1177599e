#pragma once

/// \file
/// `do` of TARGET.md: a job that a client asks for.

#include <aerie/socketio/server.hpp>

namespace cluster_target {

/// Does what `job` says in the socket's namespace, and returns what the client is acknowledged with.
aerie::Task<aerie::Value> perform(aerie::Socket& socket, aerie::Value job);

/// Texts in the order of JavaScript's `sort`.
aerie::Value sorted(std::vector<aerie::Value> values);

}  // namespace cluster_target
