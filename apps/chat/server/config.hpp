#pragma once

/// \file
/// The settings of the program, from its options and environment variables.

#include <aerie/core/log.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace chat {

struct Config {
  std::uint16_t port = 4000;
  /// The address to listen on; empty: every one of the machine.
  std::string host;
  unsigned threads = 1;
  std::filesystem::path database = "chat.db";
  /// The directory of the built web page; nothing: none is served.
  std::optional<std::filesystem::path> page;
  /// Origins of pages from elsewhere that may use this server.
  std::vector<std::string> client_urls{"http://localhost:5173"};
  std::chrono::seconds token_ttl{std::chrono::days{1}};
  /// How long a connection may outlast its token.
  std::chrono::seconds token_grace{25};
  aerie::LogLevel log_level = aerie::LogLevel::info;
  /// Nothing: one is kept beside the database.
  std::optional<std::string> jwt_secret;
};

/// A setting that is unknown or impossible; the text names the remedy.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The settings, or a text to be printed instead (`--help`). An option counts more than the environment.
/// Throws ConfigError.
std::variant<Config, std::string> read_config(int argc, char const* const* argv);

}  // namespace chat
