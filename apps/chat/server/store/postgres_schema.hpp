#pragma once

/// \file
/// The chat's tables in PostgreSQL, in a schema of their own: `aerie_chat`. For the start.

#include "store/postgres.hpp"

#include <chrono>
#include <string>

namespace chat::postgres {

/// What is kept once for the whole database.
struct Identity {
  std::string id;
  std::string secret;
};

/// Makes the tables, and a room called "Lobby", where there are none, and brings older ones to the present
/// form; instances that start at the same time wait for each other. Throws std::runtime_error, with the
/// remedy, if the schema is another program's or a newer version's, and Error.
Identity prepare_schema(Connection& connection, std::chrono::system_clock::time_point now);

}  // namespace chat::postgres
