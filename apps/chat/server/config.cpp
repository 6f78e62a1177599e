#include "config.hpp"

#include "store/postgres.hpp"

#include <aerie/core/memory_marks.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string_view>
#include <utility>

namespace chat {

namespace {

using aerie::core::concat;

struct Option {
  char const* name;
  char const* variable;
  char const* what;
};

constexpr Option all_options[] = {
    {"--port", "PORT", "where to listen, 0 for any free port (4000)"},
    {"--host", "HOST", "the address to listen on (every one of the machine)"},
    {"--threads", "THREADS", "event loops, one thread each (1)"},
    {"--db", "DB",
     "the database file, created if there is none (chat.db); or, for several instances, "
     "postgres://user@host/database"},
    {"--db-connections", "DB_CONNECTIONS", "connections to PostgreSQL, of which one writes (4)"},
    {"--redis", "REDIS", "the Redis through which several instances are one: redis://host:6379"},
    {"--adapter", "ADAPTER",
     "how they talk there: redis (PUBLISH), redis-sharded (SPUBLISH, Redis 7), or redis-streams, by which a "
     "client may lose its instance and miss nothing (redis)"},
    {"--recovery", "RECOVERY",
     "how long a lost client may be away and still be sent what it has missed: seconds, or 5m, 0: not at all "
     "(2m, or 0 with --redis and another adapter than redis-streams)"},
    {"--page", "PAGE", "the directory of the built web page (share/aerie/chat beside the program's bin)"},
    {"--client-url", "CLIENT_URL",
     "origins of pages from elsewhere, separated by commas (http://localhost:5173)"},
    {"--token-ttl", "TOKEN_TTL", "how long a sign-in is good for: seconds, or 90m, 12h, 7d (86400)"},
    {"--token-grace", "TOKEN_GRACE", "how long a connection may outlast its token: seconds, or 1m (25)"},
    {"--drain-delay", "DRAIN_DELAY",
     "at the end: how long everything goes on first, while /ready says 503: seconds, or 1m (0)"},
    {"--drain", "DRAIN",
     "at the end: over which time clients are sent to other instances, one after the other: seconds, or 1m "
     "(0)"},
    {"--message-limit", "MESSAGE_LIMIT", "messages that one person may send in ten seconds (1000)"},
    {"--image-quota", "IMAGE_QUOTA",
     "MiB that the images of one person may have together, 0: none can be sent (100)"},
    {"--memory-limit", "MEMORY_LIMIT",
     "MiB that connections may hold together before newcomers are refused, 0: no limit (0)"},
    {"--metrics-port", "METRICS_PORT",
     "where /metrics, /live and /ready are as well, 0 for any free port; it should be open to those who "
     "watch the "
     "server only (nowhere)"},
    {"--admin-mode", "ADMIN_MODE",
     "what the Admin UI is shown: development, every event and room, or production, only numbers "
     "(production)"},
    {"--log-level", "LOG_LEVEL", "debug, info, warning, error or off (info)"},
    {"--debug", "DEBUG", "parts that write debug lines besides: socket.io:*,-socket.io:client (none)"},
};

constexpr char const* footer =
    "Each option can be set in the environment as well, by the name in brackets. JWT_SECRET, there only, "
    "signs\n"
    "the tokens: 32 bytes or more; without it a secret is made and kept beside the database.\n"
    "--emit-typescript, --emit-asyncapi and --emit-openapi write the contract with clients to a FILE, or "
    "with\n"
    "--check say whether it is stale; then nothing is served.\n"
    "OTEL_EXPORTER_OTLP_ENDPOINT and its like, there only, name a collector of OpenTelemetry's for traces.\n"
    "Passwords are better given in DB, PGPASSWORD and REDIS than in options, which others can read.";

/// Where `cmake --install` puts the page, if it is there.
std::optional<std::string> installed_page() {
  std::error_code error;
  auto const program = std::filesystem::read_symlink("/proc/self/exe", error);
  auto const page = program.parent_path().parent_path() / "share/aerie/chat";
  if (error || !std::filesystem::exists(page / "index.html", error)) return std::nullopt;
  return page.string();
}

/// Refused here already, with the other settings; the text does not quote it, because of the password.
void require_postgres_url(std::string const& database) {
  try {
    [[maybe_unused]] auto const place = postgres::place_of(database);
  } catch (postgres::Error const& error) {
    throw ConfigError(concat("DB (--db) begins with postgres://, and ", error.what()));
  }
}

void require_index(std::string const& page) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::path(page) / "index.html", error)) return;
  throw ConfigError(concat(
      "PAGE (--page) is \"", page,
      "\", and there is no index.html; build the page with \"npm run build\" in apps/chat/web and use its "
      "dist directory"));
}

}  // namespace

void describe(aerie::EnumSchema<ClusterAdapter>& e) {
  e.value<ClusterAdapter::redis>("redis")
      .value<ClusterAdapter::redis_sharded>("redis-sharded")
      .value<ClusterAdapter::redis_streams>("redis-streams");
}

void describe(aerie::EnumSchema<AdminView>& e) {
  e.value<AdminView::development>("development").value<AdminView::production>("production");
}

void Config::describe(aerie::Schema<Config>& s) {
  constexpr std::int64_t longest = std::chrono::seconds(std::chrono::days{366}).count();
  s.field<&Config::port>();
  s.field<&Config::host>();
  s.field<&Config::threads>().minimum(1).maximum(256);
  s.field<&Config::database>("DB").not_empty();
  s.field<&Config::database_connections>("DB_CONNECTIONS").minimum(2).maximum(100);
  s.field<&Config::redis>();
  s.field<&Config::adapter>();
  s.field<&Config::recovery>().minimum(0).maximum(86'400);
  s.field<&Config::page>();
  // As browsers write them (RFC 6454 §6.2): no path.
  s.field<&Config::client_urls>("CLIENT_URL")
      .matches(R"(^https?://[^/?#*@ \\]+/?$)")
      .each()
      .message("it has the origins of pages, such as http://localhost:5173, separated by commas");
  s.field<&Config::token_ttl>().minimum(1).maximum(longest);
  s.field<&Config::token_grace>().minimum(0).maximum(longest);
  s.field<&Config::drain_delay>().minimum(0).maximum(3600);
  s.field<&Config::drain>().minimum(0).maximum(3600);
  s.field<&Config::message_limit>().minimum(1);
  s.field<&Config::image_quota>().maximum(std::size_t{1} << 30U);
  s.field<&Config::memory_limit>().maximum(std::size_t{1} << 30U);
  s.field<&Config::metrics_port>();
  s.field<&Config::admin_ui>();
  s.field<&Config::admin_mode>();
  s.field<&Config::admin_username>().not_empty();
  s.field<&Config::admin_password>();
  s.field<&Config::log_level>();
  s.field<&Config::debug>();
  s.field<&Config::jwt_secret>();
}

std::variant<aerie::ConfigOptions, std::string> read_command_line(int argc, char const* const* argv) {
  CLI::App app("The chat server of Aerie: rooms, history, who is online; HTTP and Socket.IO.", "aerie-chat");
  app.footer(footer);
  auto environment = aerie::process_environment();
  for (auto const& [name, variable, what] : all_options) {
    auto const set = [&environment, variable = variable](std::string const& text) {
      environment[variable] = text;
    };
    app.add_option_function<std::string>(name, set, concat(what, " [", variable, "]"))->take_last();
  }
  app.add_flag_callback(
      "--admin-ui", [&environment] { environment["ADMIN_UI"] = "true"; },
      "serve the namespace /admin to the official Admin UI [ADMIN_UI]; its user is ADMIN_USERNAME (admin), "
      "and "
      "ADMIN_PASSWORD, in the environment only, a password or its bcrypt hash");
  try {
    app.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    return app.help();
  } catch (CLI::ParseError const& error) {
    throw ConfigError(concat(error.what(), "; \"aerie-chat --help\" lists the options"));
  }
  return aerie::ConfigOptions{.env_files = {}, .environment = std::move(environment)};
}

Config read_config(aerie::ConfigOptions const& source) {
  auto config = aerie::read_config<Config>(source);
  for (auto& origin : config.client_urls)
    if (origin.ends_with('/')) origin.pop_back();
  constexpr auto least = aerie::core::ProcessMemory::least_limit >> 20U;
  if (config.memory_limit != 0 && config.memory_limit < least) {
    throw ConfigError(concat("MEMORY_LIMIT (--memory-limit) is ", std::to_string(config.memory_limit),
                             " MiB; use ", std::to_string(least), " or more, or 0 for no limit"));
  }
  if (config.adapter != ClusterAdapter::redis && !config.redis) {
    throw ConfigError(
        "ADAPTER (--adapter) says how instances talk through Redis, and REDIS (--redis) is not set; "
        "set it to redis://host:6379, or leave ADAPTER out");
  }
  if (config.admin_ui && config.admin_password.value_or("").empty()) {
    throw ConfigError(
        "ADMIN_UI (--admin-ui) lets whoever knows ADMIN_PASSWORD watch and disconnect clients, and it is not "
        "set; set "
        "it in the environment, to a password or its bcrypt hash");
  }
  if (postgres::is_url(config.database)) require_postgres_url(config.database);
  if (config.page) {
    require_index(*config.page);
  } else {
    config.page = installed_page();
  }
  return config;
}

}  // namespace chat
