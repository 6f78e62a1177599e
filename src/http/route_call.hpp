#pragma once

#include "http/error_pages.hpp"
#include "http/route_calls.hpp"
#include "http/router.hpp"
#include "http/streamed_answer.hpp"

#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/request.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// One request on its way through a route: waits for the body, then for the handler. Its shard keeps it, and
/// what it needs of the server, until both are done with, whether or not the client and the server are still
/// there.
class RouteCall final : public ExchangeOwner, public core::Adopted, public core::Linked {
 public:
  /// Answers `exchange` by `match.route`. `header_lines` (CORS) go with every answer.
  static void begin(Exchange& exchange, Router::Match match, std::string header_lines,
                    std::shared_ptr<ErrorPages const> pages, std::shared_ptr<RouteCalls> calls);
  ~RouteCall() override;

  core::Shard& shard() const noexcept { return shard_; }
  /// Destroys the handler's task where it waits, and goes.
  void abandon() noexcept;

  void on_body(Exchange& exchange, std::string_view body) override;
  void on_body_too_large(Exchange& exchange) override;
  void on_room(Exchange& exchange) override;
  bool answers_after_end() const noexcept override;
  void on_closing(Exchange& exchange) override;
  void on_aborted(Exchange& exchange) override;

 private:
  RouteCall(Exchange& exchange, Router::Match match, std::string header_lines,
            std::shared_ptr<ErrorPages const> pages, std::shared_ptr<RouteCalls> calls);

  void call();
  void ended(core::Outcome<Response> outcome);
  void answer(Response const& response, std::string lines);
  void stream(Response const& response, std::string lines);
  void streamed(core::Outcome<void> const& outcome);
  void answer_failure(std::exception_ptr const& error);

  core::Shard& shard_;
  Exchange exchange_;
  std::shared_ptr<Route const> route_;
  std::string header_lines_;
  std::shared_ptr<ErrorPages const> pages_;
  std::shared_ptr<RouteCalls> calls_;
  Request request_;
  core::Charge body_charge_;
  std::unique_ptr<StreamedAnswer> streamed_;  // outlives its task
  core::TaskContext context_;
  bool handling_ = false;
  bool closing_ = false;
};

}}}  // namespace aerie::v1::http
