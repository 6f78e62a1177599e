#include "error_answers.hpp"

#include "errors.hpp"
#include "http_text.hpp"

#include <aerie/core/outcome.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/socketio/args.hpp>

namespace chat {

namespace {

ErrorInfo info_of(std::exception_ptr const& error, aerie::Logger const& log) {
  try {
    std::rethrow_exception(error);
  } catch (ChatError const& known) {
    return ErrorInfo::of(known);
  } catch (aerie::BadArguments const& known) {
    return {ErrorCode::bad_request, known.what()};
  } catch (aerie::WsException const& known) {
    // The throttle's.
    auto const is_throttled = known.error()["code"] == aerie::Value("TOO_MANY_REQUESTS");
    return {is_throttled ? ErrorCode::too_many_requests : ErrorCode::bad_request, known.what()};
  } catch (aerie::HttpException const& known) {
    // The body could not be read.
    if (known.status() < 500) return {ErrorCode::bad_request, known.what()};
    log.error("chat", known.what());
    return ErrorInfo::internal();
  } catch (...) {
    log.error("chat", aerie::core::describe(error));
    return ErrorInfo::internal();
  }
}

}  // namespace

void ErrorAnswers::on_exception(std::exception_ptr const& error, aerie::ExecutionContext& context) const {
  auto const info = info_of(error, log_);
  if (context.type() == aerie::ContextType::http) {
    context.deliver_response(error_response(info));
  } else if (auto const ack = context.ack()) {
    ack(Refused{false, info});
  }
}

}  // namespace chat
