#include "shared/adapters.hpp"

#include <cstdlib>

namespace reference {

void OfficialAdapter::configure(aerie::GatewayServer const&, aerie::ServerOptions& options) {
  options.engine.origin_check = false;
  options.client_bundle = REFERENCE_CLIENT_BUNDLE;
  options.adapter = cluster_;
}

void ClientUrlAdapter::configure(aerie::GatewayServer const& server, aerie::ServerOptions& options) {
  OfficialAdapter::configure(server, options);
  options.engine.cors = client_url_cors();
}

aerie::http::CorsOptions client_url_cors() {
  auto const* const url = std::getenv("CLIENT_URL");
  aerie::http::CorsOptions cors;
  cors.origin = url == nullptr ? "http://localhost:3000" : url;
  cors.credentials = true;
  return cors;
}

}  // namespace reference
