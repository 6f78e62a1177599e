#pragma once

#include "http/router.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/request.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// One request on its way through a route: waits for the body, then for the handler. Its shard keeps it alive
/// until both are done with.
class RouteCall final : public ExchangeOwner, public core::Adopted {
 public:
  /// Answers `exchange` by `match.route`, whose handler outlives the call. `header_lines` (CORS) go with
  /// every answer; `error_answer`, which outlives the call too, makes that of an error unless it is empty.
  static void begin(Exchange& exchange, Router::Match match, std::string header_lines,
                    ErrorAnswer const& error_answer);

  void on_body(Exchange& exchange, std::string_view body) override;
  void on_body_too_large(Exchange& exchange) override;
  void on_aborted(Exchange& exchange) override;

 private:
  RouteCall(Exchange& exchange, Router::Match match, std::string header_lines,
            ErrorAnswer const& error_answer);

  void call();
  void answer(Response const& response);
  void answer_failure(std::string_view what);
  void answer_outcome(core::Outcome<Response> outcome);

  core::Shard& shard_;
  Exchange* exchange_;  // null when it is over
  Route const& route_;
  std::string header_lines_;
  ErrorAnswer const& error_answer_;
  Request request_;
  core::TaskContext context_;
};

}}}  // namespace aerie::v1::http
