#pragma once

/// \file
/// The settings of the program: environment variables, and options of the command line over them.

#include <aerie/gateway/config.hpp>
#include <aerie/gateway/log.hpp>
#include <aerie/socketio/admin.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace chat {

/// How instances talk to each other through Redis.
enum class ClusterAdapter : std::uint8_t { redis, redis_sharded, redis_streams };
void describe(aerie::EnumSchema<ClusterAdapter>& e);

/// What the Admin UI is shown.
enum class AdminView : std::uint8_t { development, production };
void describe(aerie::EnumSchema<AdminView>& e);

struct Config {
  std::uint16_t port = 4000;
  /// The address to listen on; empty: every one of the machine.
  std::string host;
  unsigned threads = 1;
  /// A SQLite file, or the postgres:// URL of a database that several instances share.
  std::string database = "chat.db";
  /// To PostgreSQL: one of them writes, the others read.
  std::size_t database_connections = 4;
  /// The URL of a Redis through which several instances are one; nothing: this is the only one.
  std::optional<std::string> redis;
  ClusterAdapter adapter = ClusterAdapter::redis;
  /// How long somebody whose connection was cut is waited for, with what he misses; 0: not at all. Unless it
  /// is set, two minutes where this is the only instance, or all of them know what he misses (redis_streams).
  std::optional<std::chrono::seconds> recovery;
  /// The directory of the built web page; nothing: none is served.
  std::optional<std::string> page;
  /// Origins of pages from elsewhere that may use this server.
  std::vector<std::string> client_urls{"http://localhost:5173"};
  std::chrono::seconds token_ttl{std::chrono::days{1}};
  /// How long a connection may outlast its token.
  std::chrono::seconds token_grace{25};
  /// Over which time the clients are sent away when the program is asked to end.
  std::chrono::seconds drain{0};
  /// How long everything goes on before that, while /ready says 503.
  std::chrono::seconds drain_delay{0};
  /// Messages that one person may store in ten seconds.
  std::size_t message_limit = 1000;
  /// MiB that the images of one person may have together; 0: none can be sent.
  std::size_t image_quota = 100;
  /// MiB that the connections may hold together, see aerie::RuntimeOptions; 0: no limit.
  std::size_t memory_limit = 0;
  /// Whether the official Admin UI finds its namespace, what it is shown, and who may see it.
  bool admin_ui = false;
  AdminView admin_mode = AdminView::production;
  std::string admin_username = "admin";
  /// A password, or its bcrypt hash.
  std::optional<std::string> admin_password;
  /// Where the metrics are; nothing: they are not.
  std::optional<std::uint16_t> metrics_port;
  aerie::LogLevel log_level = aerie::LogLevel::info;
  /// Parts of the server that write debug lines whatever the level is, as RuntimeOptions::debug.
  std::string debug;
  /// Nothing: one is kept beside the database.
  std::optional<std::string> jwt_secret;

  static void describe(aerie::Schema<Config>& s);
};

/// An option that is unknown, or a setting that cannot be; the text names the remedy.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where the settings come from: the environment with the options of the command line in it; or a text to be
/// printed instead (`--help`). Throws ConfigError.
std::variant<aerie::ConfigOptions, std::string> read_command_line(int argc, char const* const* argv);

/// The settings. Throws gateway::StartError that names everything that is missing or wrong, and ConfigError.
Config read_config(aerie::ConfigOptions const& source);

}  // namespace chat
