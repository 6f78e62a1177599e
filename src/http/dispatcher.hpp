#pragma once

#include "http/error_pages.hpp"
#include "http/file_server.hpp"
#include "http/mounts.hpp"
#include "http/route_calls.hpp"
#include "http/router.hpp"

#include <aerie/http/cors.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/routes.hpp>
#include <aerie/http/server_options.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// Decides who answers a request: a service, a route, a file, or nobody. What is used by a request under way
/// outlives it, so on a server with one shard a handler may change it.
class Dispatcher final : public Service {
 public:
  Dispatcher(ServerOptions const& options, std::size_t shards)
      : options_(options), calls_(std::make_shared<RouteCalls>(shards)) {}

  void begin(Exchange& exchange) override;

  MountTable& mounts() noexcept { return mounts_; }
  Router& router() noexcept { return router_; }
  RouteCalls& calls() noexcept { return *calls_; }
  void add_files(std::shared_ptr<FileServer const> files) { files_.push_back(std::move(files)); }
  void set_error_answer(ErrorAnswer answer) {
    pages_ = std::make_shared<ErrorPages const>(std::move(answer));
  }
  void set_cors(Cors cors) { cors_ = std::make_shared<Cors const>(std::move(cors)); }

 private:
  bool has_room(Exchange const& exchange, std::string_view path) const;
  bool begin_route(Exchange& exchange, std::string_view path, std::string& header_lines);
  bool begin_files(Exchange& exchange, std::string_view path, std::string& header_lines);
  void not_found(Exchange& exchange, std::string& header_lines);
  void explain(Exchange& exchange, std::string_view sentence) const;

  ServerOptions const& options_;
  MountTable mounts_;
  Router router_;
  std::shared_ptr<RouteCalls> calls_;
  std::vector<std::shared_ptr<FileServer const>> files_;
  std::shared_ptr<Cors const> cors_;
  std::shared_ptr<ErrorPages const> pages_ = std::make_shared<ErrorPages const>();
};

}}}  // namespace aerie::v1::http
