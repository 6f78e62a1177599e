#pragma once

/// \file
/// A SQLite file to stand on, for one instance of the chat. One connection writes, another reads and does not
/// wait for the disk (https://www.sqlite.org/wal.html).

#include "store/database.hpp"

#include <chrono>
#include <filesystem>

namespace chat {

struct SqliteOptions {
  std::filesystem::path file;
  /// How long to wait where another process holds the database.
  std::chrono::milliseconds lock_timeout{2'000};
};

/// Throws std::runtime_error as `open_database`, and where another instance has the file.
Database open_sqlite(SqliteOptions const& options, std::chrono::system_clock::time_point now);

}  // namespace chat
