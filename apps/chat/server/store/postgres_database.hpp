#pragma once

/// \file
/// A PostgreSQL database to stand on, for any number of instances of the chat.

#include "store/database.hpp"
#include "store/postgres.hpp"

#include <chrono>
#include <cstddef>

namespace chat {

struct PostgresOptions {
  postgres::Options connection;
  /// One of them writes, the others read. At least two.
  std::size_t connections = 4;
};

/// Connects, and makes the tables if there are none. Throws std::runtime_error, with a sentence that names
/// the remedy and no password.
Database open_postgres(PostgresOptions const& options, std::chrono::system_clock::time_point now);

}  // namespace chat
