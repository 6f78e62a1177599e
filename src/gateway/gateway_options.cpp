#include "gateway/gateway_options.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

bool same_origin(http::CorsOrigin const& a, http::CorsOrigin const& b) {
  if (a.fixed() != nullptr && b.fixed() != nullptr) return *a.fixed() == *b.fixed();
  if (a.list() != nullptr && b.list() != nullptr) return *a.list() == *b.list();
  // Functions cannot be compared.
  if (a.is_wildcard() && b.is_wildcard()) return true;
  return !a.enabled() && !b.enabled();
}

bool same(http::CorsOptions const& a, http::CorsOptions const& b) {
  return same_origin(a.origin, b.origin) && a.methods == b.methods &&
         a.allowed_headers == b.allowed_headers && a.exposed_headers == b.exposed_headers &&
         a.credentials == b.credentials && a.max_age == b.max_age &&
         a.preflight_continue == b.preflight_continue && a.options_success_status == b.options_success_status;
}

bool same(RecoveryOptions const& a, RecoveryOptions const& b) {
  return a.max_disconnection_duration == b.max_disconnection_duration &&
         a.skip_middlewares == b.skip_middlewares && a.max_retained == b.max_retained;
}

template <class T>
bool same(T const& a, T const& b) {
  return a == b;
}

class Merge {
 public:
  Merge(std::string_view gateway, std::string_view others) : gateway_(gateway), others_(others) {}

  template <class T>
  void operator()(std::optional<T>& into, std::optional<T> const& from, std::string_view setting) const {
    if (!from) return;
    if (into && !same(*into, *from)) refuse(setting);
    into = from;
  }
  /// Objects are the same only if they are one.
  template <class T>
  void operator()(std::shared_ptr<T>& into, std::shared_ptr<T> const& from, std::string_view setting) const {
    if (!from) return;
    if (into && into != from) refuse(setting);
    into = from;
  }

 private:
  [[noreturn]] void refuse(std::string_view setting) const {
    throw StartError(core::concat("aerie: ", gateway_, " and ", others_,
                                  " share a server (one port and path) but set its `", setting,
                                  "` differently; set it in one of them, or give one another port or path"));
  }

  std::string_view gateway_;
  std::string_view others_;
};

template <class T, class U>
void assign(T& into, std::optional<U> const& from) {
  if (from) into = *from;
}

}  // namespace

void merge(GatewayOptions& options, GatewayOptions const& more, std::string_view gateway,
           std::string_view others) {
  Merge const set(gateway, others);
  set(options.port, more.port, "port");
  set(options.path, more.path, "path");
  set(options.transports, more.transports, "transports");
  set(options.cors, more.cors, "cors");
  set(options.ping_interval, more.ping_interval, "ping_interval");
  set(options.ping_timeout, more.ping_timeout, "ping_timeout");
  set(options.connect_timeout, more.connect_timeout, "connect_timeout");
  set(options.max_http_buffer_size, more.max_http_buffer_size, "max_http_buffer_size");
  set(options.connection_state_recovery, more.connection_state_recovery, "connection_state_recovery");
  set(options.parser, more.parser, "parser");
  if (!more.server) return;
  if (options.server) {
    throw StartError(
        core::concat("aerie: ", gateway, " and ", others,
                     " share a server (one port and path) and both set `server`; set it in one of "
                     "them, as functions cannot be compared"));
  }
  options.server = more.server;
}

ServerOptions server_options(GatewayOptions const& options, std::optional<http::CorsOptions> const& cors) {
  ServerOptions server;
  server.engine.cors = cors;
  assign(server.path, options.path);
  assign(server.engine.transports, options.transports);
  assign(server.engine.cors, options.cors);
  assign(server.engine.ping_interval, options.ping_interval);
  assign(server.engine.ping_timeout, options.ping_timeout);
  assign(server.connect_timeout, options.connect_timeout);
  assign(server.engine.max_http_buffer_size, options.max_http_buffer_size);
  assign(server.connection_state_recovery, options.connection_state_recovery);
  if (options.parser) server.parser = options.parser;
  if (options.server) options.server(server);
  return server;
}

}}}  // namespace aerie::v1::gateway
