#pragma once

/// \file
/// The chat's database file: opened, checked and brought to the present form. Belongs to the thread that
/// starts.

#include "store/sqlite.hpp"

#include <chrono>
#include <filesystem>

namespace chat {

/// A connection that writes. A new file gets the tables and a room called "Lobby". Throws std::runtime_error,
/// with a sentence that names the remedy, if the file is damaged, another program's, a newer version's or
/// cannot be opened.
sqlite::Connection open_database(std::filesystem::path const& file, std::chrono::milliseconds lock_timeout,
                                 std::chrono::system_clock::time_point now);

/// A connection that only reads. REQUIRES: `open_database` has succeeded.
sqlite::Connection open_for_reading(std::filesystem::path const& file,
                                    std::chrono::milliseconds lock_timeout);

}  // namespace chat
