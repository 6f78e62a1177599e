#include <aerie/core/runtime.hpp>
#include <aerie/http/authorization.hpp>
#include <aerie/socketio/metrics.hpp>
#include <aerie/socketio/server.hpp>

#include <openssl/crypto.h>

#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

bool same_secret(std::string_view given, std::string_view secret) noexcept {
  return given.size() == secret.size() && CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

}  // namespace

void socketio::serve_metrics(http::Server& http, std::function<void(core::MetricsPage&)> collect,
                             MetricsOptions const& options) {
  // Whoever watches the process wants to know above all what it does without memory.
  http::RouteOptions const always{.exempt_from_memory_limit = true};
  http.get(options.path,
           http::Handler([collect = std::move(collect), token = options.token](http::Request const& request) {
             http::Response response;
             response.set("Cache-Control", "no-store");
             if (!token.empty() && !same_secret(http::bearer_token(request.header("authorization")), token)) {
               response.status = 401;
               response.set("WWW-Authenticate", "Bearer").set("Content-Type", "text/plain; charset=utf-8");
               response.body = "the page of metrics asks for its token: Authorization: Bearer ...\n";
               return response;
             }
             core::MetricsPage page;
             collect(page);
             response.set("Content-Type", core::MetricsPage::content_type);
             response.body = page.text();
             return response;
           }),
           always);
}

void serve_metrics(http::Server& http, std::vector<Server*> const& servers, MetricsOptions options) {
  http.runtime().measure();
  for (auto* const server : servers)
    server->measure();
  auto const collect = [&runtime = http.runtime(), servers](core::MetricsPage& page) {
    core::collect_process(page);
    runtime.collect(page);
    for (auto const* const server : servers) {
      if (servers.size() > 1) page.set_common_labels({{"server", server->options().path}});
      server->collect(page);
    }
  };
  socketio::serve_metrics(http, collect, options);
}

}}  // namespace aerie::v1
