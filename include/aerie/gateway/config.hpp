#pragma once

/// \file
/// The settings of an application: a described struct, filled from environment variables over `.env` files
/// over the struct's own defaults, and checked.
///
///     struct Config {
///       std::uint16_t port = 3000;
///       std::string client_url = "http://localhost:5173";
///       std::chrono::seconds token_ttl = 15min;
///       std::string jwt_secret;
///
///       static void describe(aerie::Schema<Config>& s) {
///         s.field<&Config::port>().minimum(1);                  // PORT
///         s.field<&Config::client_url>().matches("^https?://"); // CLIENT_URL
///         s.field<&Config::token_ttl>();                        // TOKEN_TTL=900, or 15m
///         s.field<&Config::jwt_secret>().min_length(32);        // JWT_SECRET, which must be set
///       }
///     };
///
///     m.imports(aerie::ConfigModule::for_root<Config>());
///     explicit ChatService(Config const& config);
///
/// A variable is called like its field, in capitals with underscores: `client_url` and `clientUrl` are
/// CLIENT_URL. Another name is given as the field's: `field<&Config::page>("WEB_ROOT")`. Members of a nested
/// struct have the name of its field in front: REDIS_HOST. Texts become what the field is:
///
///     bool                true, false, 1, 0, yes, no, on, off
///     numbers             42, -1.5
///     durations           a number of the type's own unit, or 500ms, 90s, 15m, 12h, 7d
///     enumerations        one of the described names
///     std::vector         elements separated by commas
///     maps, other types   JSON, if their codec does not take the text
///
/// Empty counts as not set, except for strings. The field's rules are checked of defaults, too: so a string
/// that is `min_length(1)` has to be set if its default is empty. Whatever its default, a field that
/// `is_defined()` has to be set. https://docs.nestjs.com/techniques/configuration

#include <aerie/core/api.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/duration.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// Variables by their names.
using Environment = std::map<std::string, std::string, std::less<>>;

/// That of this process. Not to be called while another thread changes it.
AERIE_API Environment process_environment();

/// The variables of a `.env` file, written as npm's dotenv reads them: `NAME=value`, `export NAME=value`,
/// comments with #, quotes of three kinds over several lines, \n in double quotes. Lines that are something
/// else are skipped.
AERIE_API Environment parse_env_file(std::string_view text);

/// Where settings come from.
struct ConfigOptions {
  /// Those that do not exist are skipped; of two that set a variable the first counts.
  std::vector<std::string> env_files{".env"};
  /// Instead of the process' environment; for tests.
  std::optional<Environment> environment{};
  /// Replaces ${NAME} and ${NAME:-default} in the values of files.
  bool expand_variables = false;
  /// In front of every variable's name: "CHAT_".
  std::string prefix{};
  /// Refuses variables with the prefix that no field asks for; without a prefix, those of files.
  bool forbid_unknown = false;
  /// Variables whose values no message may show, besides those that are called like a secret (SECRET, KEY,
  /// TOKEN, PASSWORD ...) and addresses with a password in them.
  std::vector<std::string> secrets{};
};

namespace gateway {
AERIE_API void read_config(StructSchema const& schema, void* config, Value (*to_plain)(void const*),
                           ConfigOptions const& options);
}  // namespace gateway

/// Reads the settings at once, for what is needed before an application is made. Throws gateway::StartError
/// that names everything that is missing or wrong, and what to set it to.
template <class Config>
Config read_config(ConfigOptions const& options = {}) {
  static_assert(Described<Config>,
                "aerie: settings are a struct with a `static void describe(aerie::Schema<T>& s)`");
  Config config{};
  if constexpr (Described<Config>) {
    gateway::read_config(
        schema_of<Config>(), &config,
        [](void const* filled) { return to_value(*static_cast<Config const*>(filled)); }, options);
  }
  return config;
}

/// Provides the settings to every module, as a `Config const&`.
struct AERIE_API ConfigModule {
  /// Reads a Config, whose `describe` names the variables, when it is first asked for. See read_config.
  template <class Config>
  static DynamicModule for_root(ConfigOptions options = {}) {
    return dynamic_module<ConfigModule>([options = std::move(options)](Module& m) {
      m.provides<Config>([options] { return read_config<Config>(options); });
      m.template exports<Config>().global();
    });
  }

  static void describe(Module&) {}
};

}}  // namespace aerie::v1
