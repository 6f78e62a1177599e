#include "http/route_call.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>

#include <exception>

namespace aerie { inline namespace v1 { namespace http {

RouteCall::RouteCall(Exchange& exchange, Router::Match match, std::string header_lines,
                     ErrorAnswer const& error_answer)
    : shard_(exchange.shard()),
      exchange_(&exchange),
      route_(*match.route),
      header_lines_(std::move(header_lines)),
      error_answer_(error_answer),
      request_{exchange.head(), std::move(match.parameters), {}, exchange.peer(), exchange.secure()},
      context_(shard_) {}

void RouteCall::begin(Exchange& exchange, Router::Match match, std::string header_lines,
                      ErrorAnswer const& error_answer) {
  std::unique_ptr<RouteCall> made(
      new RouteCall(exchange, std::move(match), std::move(header_lines), error_answer));
  auto& call = *made;
  call.shard_.adopt(std::move(made));
  exchange.read_body(call, call.route_.options.body_limit);
}

void RouteCall::on_body(Exchange&, std::string_view body) {
  request_.body.assign(body);
  call();
}

void RouteCall::on_body_too_large(Exchange& exchange) {
  Response answer{413, {}, {}};
  if (error_answer_) answer = error_answer_(413, exchange.head());
  exchange.respond_and_close(answer.status, header_lines_ + answer.header_lines(), answer.body);
  shard_.dismiss(*this);
}

void RouteCall::on_aborted(Exchange&) {
  exchange_ = nullptr;
  // A task ends in its own time, and this with it.
  if (context_.idle()) {
    shard_.dismiss(*this);
  } else {
    context_.cancel();
  }
}

void RouteCall::call() {
  try {
    if (auto const* const handler = std::get_if<Handler>(&route_.handler)) {
      answer((*handler)(request_));
    } else {
      core::start(std::get<AsyncHandler>(route_.handler)(request_), context_,
                  [this](core::Outcome<Response>&& outcome) { answer_outcome(std::move(outcome)); });
    }
  } catch (...) {
    answer_failure(core::describe(std::current_exception()));
  }
}

void RouteCall::answer_outcome(core::Outcome<Response> outcome) {
  if (!outcome) {
    answer_failure(core::describe(outcome.error()));
    return;
  }
  try {
    answer(outcome.take());
  } catch (std::exception const& error) {
    answer_failure(error.what());
  }
}

void RouteCall::answer(Response const& response) {
  if (auto* const exchange = exchange_) {
    auto const lines = header_lines_ + response.header_lines();
    exchange_ = nullptr;
    exchange->respond(response.status, lines, response.body);
  }
  shard_.dismiss(*this);
}

void RouteCall::answer_failure(std::string_view what) {
  // What a task throws because its peer has gone is of no interest.
  if (exchange_ != nullptr) {
    shard_.runtime().log().error("http", core::concat(request_.method(), " ", request_.path(), ": ", what));
    answer(error_answer_ ? error_answer_(500, request_.head)
                         : Response::text(500, "Internal Server Error\n"));
    return;
  }
  shard_.dismiss(*this);
}

}}}  // namespace aerie::v1::http
