#include "error_answers.hpp"

#include "errors.hpp"
#include "http_api.hpp"

#include <aerie/auth/jwt.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/response.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/args.hpp>

#include <string>
#include <string_view>

namespace chat {

namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_request:
    case ErrorCode::invalid_nickname:
    case ErrorCode::invalid_name:
    case ErrorCode::empty:
    case ErrorCode::too_long:
    case ErrorCode::invalid_event:
    case ErrorCode::unknown_user:
    case ErrorCode::invalid_image:
    case ErrorCode::image_too_large:
    case ErrorCode::image_quota:
      return 400;
    case ErrorCode::missing_token:
    case ErrorCode::invalid_token:
    case ErrorCode::expired_token:
      return 401;
    case ErrorCode::not_a_member:
    case ErrorCode::not_yours:
      return 403;
    case ErrorCode::room_not_found:
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::room_exists:
      return 409;
    case ErrorCode::too_many_requests:
      return 429;
    case ErrorCode::store_failed:
      return 503;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

aerie::http::Response response_of(ErrorInfo const& error) {
  auto response = aerie::http::Response::json(status_of(error.code), aerie::json::stringify(error));
  response.set("Cache-Control", "no-store");
  if (response.status == 401) response.set("WWW-Authenticate", "Bearer");
  return response;
}

/// The message of an exception as one sentence for people: a list of them has several.
std::string sentence_of(aerie::Value const& message, std::string_view otherwise) {
  if (!message.is_array()) return std::string(message.get_if<std::string_view>().value_or(otherwise));
  std::string text;
  for (auto const& each : message.as_array())
    text += aerie::core::concat(text.empty() ? "" : "; ", each.get_if<std::string_view>().value_or(""));
  return text;
}

ErrorInfo info_of_token(aerie::auth::TokenError reason) {
  if (reason == aerie::auth::TokenError::missing) return {ErrorCode::missing_token, "Sign in first."};
  if (reason == aerie::auth::TokenError::expired)
    return {ErrorCode::expired_token, "The session has expired."};
  return {ErrorCode::invalid_token, "The token is not valid here."};
}

ErrorInfo info_of_refusal(aerie::HttpException const& error, aerie::ExecutionContext& context) {
  auto const message = error.body()["message"];
  if (error.status() == 401) {
    auto const code = message.get_if<std::string_view>().value_or("");
    for (auto const reason : {aerie::auth::TokenError::missing, aerie::auth::TokenError::expired})
      if (code == aerie::auth::to_code(reason)) return info_of_token(reason);
    return info_of_token(aerie::auth::TokenError::malformed);
  }
  if (error.status() == 429) return {ErrorCode::too_many_requests, error.what()};
  auto const* const of_body = context.metadata<CodeOfBody>();
  auto const is_about_members = of_body != nullptr && message.is_array() && context.payload().is_object();
  return {is_about_members ? of_body->code : ErrorCode::bad_request, sentence_of(message, error.what())};
}

ErrorInfo info_of(std::exception_ptr const& error, aerie::ExecutionContext& context,
                  aerie::Logger const& log) {
  try {
    std::rethrow_exception(error);
  } catch (ChatError const& known) {
    return ErrorInfo::of(known);
  } catch (aerie::BadArguments const& known) {
    return {ErrorCode::bad_request, known.what()};
  } catch (aerie::WsException const& known) {
    // The throttle's.
    auto const is_throttled = known.error()["code"] == aerie::Value("TOO_MANY_REQUESTS");
    return {is_throttled ? ErrorCode::too_many_requests : ErrorCode::bad_request,
            sentence_of(known.error()["message"], known.what())};
  } catch (aerie::HttpException const& known) {
    if (known.status() < 500) return info_of_refusal(known, context);
    log.error("chat", known.what());
    return ErrorInfo::internal();
  } catch (...) {
    log.error("chat", aerie::core::describe(error));
    return ErrorInfo::internal();
  }
}

}  // namespace

void ErrorAnswers::on_exception(std::exception_ptr const& error, aerie::ExecutionContext& context) const {
  auto const info = info_of(error, context, log_);
  if (context.type() == aerie::ContextType::http) {
    context.deliver_response(response_of(info));
  } else if (auto const ack = context.ack()) {
    ack(Refused{false, info});
  }
}

}  // namespace chat
