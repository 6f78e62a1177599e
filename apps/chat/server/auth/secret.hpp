#pragma once

/// \file
/// The secret that tokens are signed with. For the start.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace chat {

/// Bytes; shorter ones can be guessed (RFC 7518 §3.2).
inline constexpr std::size_t shortest_secret = 32;

/// `given`, or else the one in `file`, which is made of random bytes if there is none. Throws
/// std::runtime_error, with the remedy, if either cannot be used.
std::string load_secret(std::optional<std::string> const& given, std::filesystem::path const& file);

/// Where the secret of a database is kept: beside it.
std::filesystem::path secret_file_of(std::filesystem::path const& database);

}  // namespace chat
