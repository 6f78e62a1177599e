#include <aerie/contract/serve.hpp>
#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/response.hpp>
#include <aerie/http/server.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// The page has a style of its own and nothing else: no script, nothing from elsewhere.
constexpr std::string_view page_policy = "default-src 'none'; style-src 'unsafe-inline'";

void add(http::Server& server, std::string const& path, std::string_view type, std::string body) {
  http::Response response;
  response.set("Content-Type", type)
      .set("Cache-Control", "no-cache")
      .set("X-Content-Type-Options", "nosniff");
  response.set("Content-Security-Policy", page_policy);
  response.body = std::move(body);
  server.get(path, [response](http::Request const&) { return response; });
}

}  // namespace

void serve(Application& app, Contract const& contract, std::string path, ContractOptions const& options) {
  DocumentInfo info;
  if (!options.title.empty()) info.title = options.title;
  info.version = options.version;
  info.description = options.description;
  while (path.ends_with('/'))
    path.pop_back();
  auto& server = app.http();
  try {
    add(server, path.empty() ? "/" : path, "text/html; charset=utf-8", to_html(contract, info));
    add(server, path + "/contract.ts", "text/plain; charset=utf-8", to_typescript(contract, info));
    add(server, path + "/asyncapi.json", "application/json; charset=utf-8", to_asyncapi(contract, info));
    add(server, path + "/openapi.json", "application/json; charset=utf-8", to_openapi(contract, info));
  } catch (std::invalid_argument const& error) {
    throw gateway::StartError(
        core::concat("aerie: the contract cannot be served at ", path, ": ", error.what()));
  }
}

}}}  // namespace aerie::v1::contract
