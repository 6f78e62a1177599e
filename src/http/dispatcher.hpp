#pragma once

#include "http/file_server.hpp"
#include "http/mounts.hpp"
#include "http/router.hpp"

#include <aerie/http/cors.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/routes.hpp>
#include <aerie/http/server_options.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// Decides who answers a request: a service, a route, a file, or nobody. Does not change while requests are
/// served.
class Dispatcher final : public Service {
 public:
  explicit Dispatcher(ServerOptions const& options) : options_(options) {}

  void begin(Exchange& exchange) override;

  MountTable& mounts() noexcept { return mounts_; }
  Router& router() noexcept { return router_; }
  void add_files(std::shared_ptr<FileServer const> files) { files_.push_back(std::move(files)); }
  void set_error_answer(ErrorAnswer answer) { error_answer_ = std::move(answer); }
  void set_cors(Cors cors) { cors_ = std::move(cors); }

 private:
  bool begin_route(Exchange& exchange, std::string& header_lines);
  bool begin_files(Exchange& exchange, std::string& header_lines);
  void not_found(Exchange& exchange, std::string& header_lines);
  void explain(Exchange& exchange, std::string_view sentence) const;

  ServerOptions const& options_;
  MountTable mounts_;
  Router router_;
  std::vector<std::shared_ptr<FileServer const>> files_;
  std::optional<Cors> cors_;
  ErrorAnswer error_answer_;  // empty: the server's own
};

}}}  // namespace aerie::v1::http
