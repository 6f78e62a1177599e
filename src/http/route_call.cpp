#include "http/route_call.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace http {

RouteCall::RouteCall(Exchange& exchange, Router::Match match, std::string header_lines,
                     std::shared_ptr<ErrorPages const> pages, std::shared_ptr<RouteCalls> calls)
    : shard_(exchange.shard()),
      exchange_(exchange),
      route_(std::move(match.route)),
      header_lines_(std::move(header_lines)),
      pages_(std::move(pages)),
      calls_(std::move(calls)),
      request_{exchange.head(), std::move(match.parameters), {}, exchange.peer(), exchange.secure()},
      context_(shard_) {
  calls_->add(*this);
}

RouteCall::~RouteCall() {
  calls_->remove();
}

void RouteCall::abandon() noexcept {
  exchange_ = {};
  context_.abandon();
  shard_.dismiss(*this);
}

void RouteCall::begin(Exchange& exchange, Router::Match match, std::string header_lines,
                      std::shared_ptr<ErrorPages const> pages, std::shared_ptr<RouteCalls> calls) {
  std::unique_ptr<RouteCall> made(
      new RouteCall(exchange, std::move(match), std::move(header_lines), std::move(pages), std::move(calls)));
  auto& call = *made;
  call.shard_.adopt(std::move(made));
  exchange.read_body(call, call.route_->options.body_limit);
}

void RouteCall::on_body(Exchange&, std::string_view body) {
  request_.body.assign(body);
  if (!body.empty()) body_charge_ = core::Charge(shard_.account(), body.size());
  call();
}

void RouteCall::on_body_too_large(Exchange& exchange) {
  auto const answer = pages_->answer(shard_.runtime().log(), 413, request_.head, Response{413, {}, {}});
  exchange.respond_and_close(answer.status, header_lines_ + answer.header_lines(), answer.body);
  shard_.dismiss(*this);
}

void RouteCall::on_room(Exchange&) {
  if (streamed_) streamed_->on_room();
}

bool RouteCall::answers_after_end() const noexcept {
  return !streamed_ || !streamed_->is_endless();
}

void RouteCall::on_closing(Exchange&) {
  if (!streamed_ || !streamed_->is_endless()) return;
  closing_ = true;
  context_.cancel();
}

void RouteCall::on_aborted(Exchange&) {
  if (!handling_) {
    shard_.dismiss(*this);
  } else if (route_->options.cancel_on_leave || streamed_) {
    // What is streamed is for the client alone.
    context_.cancel();
  }
}

void RouteCall::call() {
  handling_ = true;
  if (auto const* const handler = std::get_if<Handler>(&route_->handler)) {
    ended(core::try_user(*handler, request_));
    return;
  }
  auto task = core::try_user(std::get<AsyncHandler>(route_->handler), request_);
  if (!task) return answer_failure(task.error());
  core::start(task.take(), context_,
              [this](core::Outcome<Response>&& outcome) { ended(std::move(outcome)); });
}

void RouteCall::ended(core::Outcome<Response> outcome) {
  if (!outcome) return answer_failure(outcome.error());
  auto const response = outcome.take();
  auto lines = core::try_user([&] { return header_lines_ + response.header_lines(); });
  if (!lines) return answer_failure(lines.error());
  answer(response, lines.take());
}

void RouteCall::stream(Response const& response, std::string lines) {
  // It goes nowhere: what would have made it is not even begun.
  if (!exchange_) return shard_.dismiss(*this);
  streamed_ = std::make_unique<StreamedAnswer>(shard_, exchange_, response.stream);
  core::start(streamed_->send(*this, response.status, std::move(lines)), context_,
              [this](core::Outcome<void>&& outcome) { streamed(outcome); });
}

void RouteCall::streamed(core::Outcome<void> const& outcome) {
  auto const begun = std::exchange(streamed_, nullptr)->begun();
  if (outcome.has_value()) return shard_.dismiss(*this);
  if (!begun) return answer_failure(outcome.error());
  if (closing_) {
    exchange_.end_answer();
  } else {
    if (!context_.cancelled()) {
      shard_.runtime().log().error(
          "http", core::concat(request_.method(), " ", request_.path(),
                               " is cut off amid its answer: ", core::describe(outcome.error())));
    }
    exchange_.drop();
  }
  shard_.dismiss(*this);
}

void RouteCall::answer(Response const& response, std::string lines) {
  if (response.stream) return stream(response, std::move(lines));
  exchange_.respond(response.status, lines, response.body);
  shard_.dismiss(*this);
}

void RouteCall::answer_failure(std::exception_ptr const& error) {
  auto const& log = shard_.runtime().log();
  if (!context_.cancelled())
    log.error("http", core::concat(request_.method(), " ", request_.path(), ": ", core::describe(error)));
  if (!exchange_) return shard_.dismiss(*this);
  auto const response =
      pages_->answer(log, 500, request_.head, Response::text(500, "Internal Server Error\n"));
  answer(response, header_lines_ + response.header_lines());
}

}}}  // namespace aerie::v1::http
