#include "config.hpp"

#include <aerie/http/cors.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace chat {

namespace {

using aerie::core::concat;

/// The settings as they were written; empty: not at all.
struct Texts {
  std::string port;
  std::string host;
  std::string threads;
  std::string database;
  std::string page;
  std::string client_url;
  std::string token_ttl;
  std::string token_grace;
  std::string log_level;
};

void add_options(CLI::App& app, Texts& texts) {
  auto const add = [&app](char const* name, std::string& text, char const* variable, char const* what) {
    app.add_option(name, text, what)->envname(variable)->take_last();
  };
  add("--port", texts.port, "PORT", "where to listen, 0 for any free port (4000)");
  add("--host", texts.host, "HOST", "the address to listen on (every one of the machine)");
  add("--threads", texts.threads, "THREADS", "event loops, one thread each (1)");
  add("--db", texts.database, "DB", "the database file, created if there is none (chat.db)");
  add("--page", texts.page, "PAGE",
      "the directory of the built web page (share/aerie/chat beside the program's bin)");
  add("--client-url", texts.client_url, "CLIENT_URL",
      "origins of pages from elsewhere, separated by commas (http://localhost:5173)");
  add("--token-ttl", texts.token_ttl, "TOKEN_TTL", "seconds that a sign-in is good for (86400)");
  add("--token-grace", texts.token_grace, "TOKEN_GRACE",
      "seconds that a connection may outlast its token (25)");
  add("--log-level", texts.log_level, "LOG_LEVEL", "debug, info, warning, error or off (info)");
  app.footer(
      "Each option can be set in the environment as well, by the name in brackets. JWT_SECRET, there only, "
      "signs\n"
      "the tokens: 32 bytes or more; without it a secret is made and kept beside the database.");
}

template <class Number>
Number number_from(char const* option, std::string const& text, Number lowest, Number highest,
                   Number fallback) {
  if (text.empty()) return fallback;
  Number number = 0;
  auto const* const end = text.data() + text.size();
  auto const [stopped, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stopped == end && number >= lowest && number <= highest) return number;
  throw ConfigError(concat(option, " is \"", text, "\"; use a whole number from ", std::to_string(lowest),
                           " to ", std::to_string(highest)));
}

std::chrono::seconds seconds_from(char const* option, std::string const& text, std::int64_t lowest,
                                  std::chrono::seconds fallback) {
  constexpr std::int64_t longest = std::chrono::seconds(std::chrono::days{366}).count();
  return std::chrono::seconds(number_from<std::int64_t>(option, text, lowest, longest, fallback.count()));
}

aerie::LogLevel level_from(std::string const& text, aerie::LogLevel fallback) {
  using aerie::LogLevel;
  constexpr std::array<std::pair<std::string_view, LogLevel>, 6> levels{{{"debug", LogLevel::debug},
                                                                         {"info", LogLevel::info},
                                                                         {"warning", LogLevel::warning},
                                                                         {"warn", LogLevel::warning},
                                                                         {"error", LogLevel::error},
                                                                         {"off", LogLevel::off}}};
  if (text.empty()) return fallback;
  auto const found =
      std::find_if(levels.begin(), levels.end(), [&](auto const& level) { return level.first == text; });
  if (found != levels.end()) return found->second;
  throw ConfigError(concat("--log-level is \"", text, "\"; use debug, info, warning, error or off"));
}

/// An origin as browsers write it (RFC 6454 §6.2): no path, no slash at its end.
std::string origin_from(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  auto const scheme = text.starts_with("http://") ? 7U : text.starts_with("https://") ? 8U : 0U;
  auto const host = text.substr(scheme);
  if (scheme == 0 || host.empty() || host.find_first_of("/?#*@ \\") != host.npos) {
    throw ConfigError(
        concat("--client-url is \"", text,
               "\"; use the origins of pages, such as http://localhost:5173, separated by commas"));
  }
  return std::string(text);
}

std::vector<std::string> origins_from(std::string_view text, std::vector<std::string> fallback) {
  if (text.empty()) return fallback;
  std::vector<std::string> origins;
  while (true) {
    auto const comma = text.find(',');
    origins.push_back(origin_from(text.substr(0, comma)));
    if (comma == text.npos) return origins;
    text.remove_prefix(comma + 1);
  }
}

/// Where `cmake --install` puts the page, if it is there.
std::optional<std::filesystem::path> installed_page() {
  std::error_code error;
  auto const program = std::filesystem::read_symlink("/proc/self/exe", error);
  auto page = program.parent_path().parent_path() / "share/aerie/chat";
  if (error || !std::filesystem::exists(page / "index.html", error)) return std::nullopt;
  return page;
}

std::optional<std::filesystem::path> page_from(std::string const& text) {
  if (text.empty()) return installed_page();
  std::filesystem::path page(text);
  std::error_code error;
  if (std::filesystem::exists(page / "index.html", error)) return page;
  throw ConfigError(
      concat("--page is \"", text,
             "\", and there is no index.html; build the page with \"npm run build\" in apps/chat/web and "
             "use its dist directory"));
}

Config config_from(Texts const& texts) {
  Config config;
  config.port = number_from<std::uint16_t>("--port", texts.port, 0, 65535, config.port);
  config.host = texts.host;
  config.threads = number_from<unsigned>("--threads", texts.threads, 1, 256, config.threads);
  if (!texts.database.empty()) config.database = texts.database;
  config.page = page_from(texts.page);
  config.client_urls = origins_from(texts.client_url, std::move(config.client_urls));
  config.token_ttl = seconds_from("--token-ttl", texts.token_ttl, 1, config.token_ttl);
  config.token_grace = seconds_from("--token-grace", texts.token_grace, 0, config.token_grace);
  config.log_level = level_from(texts.log_level, config.log_level);
  if (auto const* const secret = std::getenv("JWT_SECRET")) config.jwt_secret = secret;
  return config;
}

}  // namespace

std::variant<Config, std::string> read_config(int argc, char const* const* argv) {
  CLI::App app("The chat server of Aerie: rooms, history, who is online; HTTP and Socket.IO.", "aerie-chat");
  Texts texts;
  add_options(app, texts);
  try {
    app.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    return app.help();
  } catch (CLI::ParseError const& error) {
    throw ConfigError(concat(error.what(), "; \"aerie-chat --help\" lists the options"));
  }
  return config_from(texts);
}

}  // namespace chat
