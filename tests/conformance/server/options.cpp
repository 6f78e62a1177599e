#include "options.hpp"

#include <aerie/schema/codec.hpp>

#include <CLI/CLI.hpp>

#include <cctype>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace conformance {

namespace {

using aerie::core::Milliseconds;
using aerie::engineio::TransportKind;
using Texts = std::vector<std::string>;

/// Names options and says where their values go.
class OptionTable {
 public:
  explicit OptionTable(CLI::App& app) : app_(app) {}

  void milliseconds(std::string const& name, Milliseconds& target) {
    number(name, [&target](std::size_t value) { target = Milliseconds(value); });
  }
  void size(std::string const& name, std::size_t& target) { app_.add_option(name, target); }
  void flag(std::string const& name, bool& target) { app_.add_flag(name, target); }
  void number(std::string const& name, std::function<void(std::size_t)> const& set) {
    app_.add_option_function<std::size_t>(name, set);
  }
  void text(std::string const& name, std::function<void(std::string const&)> const& set) {
    app_.add_option_function<std::string>(name, set);
  }
  void list(std::string const& name, std::function<void(Texts const&)> const& set) {
    app_.add_option_function<Texts>(name, set)->delimiter(',')->allow_extra_args(false);
  }
  void on_off(std::string const& name, std::function<void(bool)> const& set) {
    app_.add_option_function<std::string>(name, [set](std::string const& text) { set(text == "on"); })
        ->check(CLI::IsMember({"on", "off"}));
  }

 private:
  CLI::App& app_;
};

TransportKind transport(std::string const& name) {
  for (auto const kind : {TransportKind::polling, TransportKind::websocket}) {
    if (name == to_string(kind)) return kind;
  }
  throw CLI::ValidationError("--transports", name + " is no transport");
}

/// The official option is written in lower case, the attribute is not.
std::string capitalized(std::string_view word) {
  std::string result(word);
  if (!result.empty())
    result.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(result.front())));
  return result;
}

aerie::engineio::CookieOptions cookie(std::string const& json) {
  aerie::Value value;
  if (auto const result = aerie::json::parse(json, value); !result) {
    throw CLI::ValidationError("--cookie", result.error().to_string());
  }
  aerie::engineio::CookieOptions cookie;
  if (auto const name = value["name"].get_if<std::string_view>()) cookie.name = *name;
  if (auto const path = value["path"].get_if<std::string_view>()) cookie.path = *path;
  if (value["path"] == aerie::Value(false)) cookie.path.clear();
  if (auto const http_only = value["httpOnly"].get_if<bool>()) cookie.http_only = *http_only;
  if (auto const same_site = value["sameSite"].get_if<std::string_view>())
    cookie.same_site = capitalized(*same_site);
  return cookie;
}

aerie::http::CorsOrigin origin(Texts const& names) {
  if (names == Texts{"function"}) {
    return aerie::http::CorsOrigin::Predicate(
        [](std::string_view asking) { return asking.ends_with(".example"); });
  }
  if (names.size() == 1) return names.front();
  return names;
}

void add_server_options(OptionTable& table, aerie::ServerOptions& server) {
  table.text("--path", [&](auto const& path) { server.path = path; });
  table.on_off("--add-trailing-slash", [&](bool on) { server.engine.add_trailing_slash = on; });
  table.milliseconds("--ping-interval", server.engine.ping_interval);
  table.milliseconds("--ping-timeout", server.engine.ping_timeout);
  table.milliseconds("--upgrade-timeout", server.engine.upgrade_timeout);
  table.milliseconds("--connect-timeout", server.connect_timeout);
  table.size("--max-http-buffer-size", server.engine.max_http_buffer_size);
  table.list("--transports", [&](Texts const& names) {
    server.engine.transports.clear();
    for (auto const& name : names)
      server.engine.transports.push_back(transport(name));
  });
  table.on_off("--serve-client", [&](bool on) { server.serve_client = on; });
  table.text("--cookie", [&](auto const& json) { server.engine.cookie = cookie(json); });
  table.text("--parser", [&](auto const& name) {
    if (name != "msgpack") throw CLI::ValidationError("--parser", "there is none of that name");
    server.parser = aerie::msgpack_parser();
  });
  table.text("--initial-packet", [&](auto const& text) { server.engine.initial_packet = text; });
  table.text("--http-compression", [&](auto const& text) {
    server.engine.http_compression.reset();
    if (text != "off") server.engine.http_compression = std::stoul(text);
  });
  table.number("--per-message-deflate", [&](std::size_t threshold) {
    server.engine.per_message_deflate.enabled = true;
    server.engine.per_message_deflate.threshold = threshold;
  });
  table.flag("--cleanup-empty-child-namespaces", server.cleanup_empty_child_namespaces);
  table.number("--connection-state-recovery", [&](std::size_t value) {
    // As the official server does by default.
    server.connection_state_recovery = {.max_disconnection_duration = Milliseconds(value),
                                        .skip_middlewares = true};
  });
  // Behind the one above, as options take effect in the order in which they are named here.
  table.on_off("--skip-middlewares", [&](bool on) {
    if (server.connection_state_recovery) server.connection_state_recovery->skip_middlewares = on;
  });
}

void add_http_options(OptionTable& table, aerie::http::ServerOptions& http) {
  auto& destroy = http.destroy_upgrade_timeout;
  table.number("--destroy-upgrade-timeout", [&](std::size_t value) { destroy = Milliseconds(value); });
  // Behind the timeout, as options take effect in the order in which they are named here.
  table.on_off("--destroy-upgrade", [&](bool on) {
    if (!on) destroy.reset();
  });
  table.milliseconds("--header-timeout", http.header_timeout);
  table.milliseconds("--body-timeout", http.body_timeout);

  auto const tls = [&]() -> aerie::http::TlsOptions& { return http.tls ? *http.tls : http.tls.emplace(); };
  table.text("--tls-key", [tls](auto const& file) { tls().private_key_file = file; });
  table.text("--tls-cert", [tls](auto const& file) { tls().certificate_file = file; });
  table.text("--tls-ca", [tls](auto const& file) { tls().client_ca_file = file; });
}

void add_cors_options(OptionTable& table, std::optional<aerie::http::CorsOptions>& options) {
  auto const cors = [&]() -> aerie::http::CorsOptions& { return options ? *options : options.emplace(); };
  table.list("--cors-origin", [cors](Texts const& names) { cors().origin = origin(names); });
  table.list("--cors-methods", [cors](Texts const& names) { cors().methods = names; });
  table.list("--cors-allowed-headers", [cors](Texts const& names) { cors().allowed_headers = names; });
  table.list("--cors-exposed-headers", [cors](Texts const& names) { cors().exposed_headers = names; });
  table.number("--cors-max-age",
               [cors](std::size_t seconds) { cors().max_age = std::chrono::seconds(seconds); });
  table.number("--cors-success-status",
               [cors](std::size_t status) { cors().options_success_status = static_cast<int>(status); });
}

void add_limits(OptionTable& table, aerie::ServerOptions& server) {
  table.size("--max-json-depth", server.max_json_depth);
  table.milliseconds("--assembly-timeout", server.assembly_timeout);
  table.size("--outgoing-limit", server.engine.outgoing_limit);
  table.size("--max-namespaces-per-client", server.max_namespaces_per_client);
  table.size("--max-rooms-per-socket", server.max_rooms_per_socket);
  table.milliseconds("--middleware-timeout", server.middleware_timeout);
  table.on_off("--origin-check", [&](bool on) { server.engine.origin_check = on; });
}

/// Options that say something only together with others.
struct Switches {
  bool no_upgrades = false;
  bool cors_credentials = false;
  bool client_certificate = false;
};

void apply(Switches const& switches, aerie::ServerOptions& server) {
  if (switches.no_upgrades) server.engine.allow_upgrades = false;
  if (switches.cors_credentials) {
    if (!server.engine.cors) server.engine.cors.emplace();
    server.engine.cors->credentials = true;
  }
  if (server.http.tls) server.http.tls->require_client_certificate = switches.client_certificate;
}

}  // namespace

std::optional<int> parse(int argc, char const* const* argv, Options& options) {
  auto& server = options.server;
  // FIXTURE.md: the defaults are the official server's.
  server.cleanup_empty_child_namespaces = false;
  Switches switches;

  CLI::App app("The conformance fixture on Aerie; see FIXTURE.md");
  OptionTable table(app);
  app.add_option("--port", options.port)->required();
  app.add_option("--threads", server.runtime.threads);
  add_server_options(table, server);
  add_http_options(table, server.http);
  add_cors_options(table, server.engine.cors);
  add_limits(table, server);
  table.flag("--no-upgrades", switches.no_upgrades);
  table.flag("--allow-eio3", server.engine.allow_eio3);
  table.flag("--cors-credentials", switches.cors_credentials);
  table.flag("--tls-client-cert", switches.client_certificate);
  table.flag("--allow-request", options.allow_request);
  table.flag("--generate-id", options.generate_id);
  table.flag("--engine-middleware", options.engine_middleware);
  table.flag("--header-events", options.header_events);
  table.flag("--emit-auth", options.emit_auth);
  table.flag("--engine-only", options.engine_only);
  table.flag("--no-attach", options.no_attach);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  apply(switches, server);
  return std::nullopt;
}

}  // namespace conformance
