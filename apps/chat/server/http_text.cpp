#include "http_text.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace chat {

using aerie::core::concat;
using aerie::http::Request;
using aerie::http::Response;

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_request:
    case ErrorCode::invalid_nickname:
    case ErrorCode::invalid_name:
    case ErrorCode::empty:
    case ErrorCode::too_long:
    case ErrorCode::invalid_event:
    case ErrorCode::unknown_user:
      return 400;
    case ErrorCode::missing_token:
    case ErrorCode::invalid_token:
    case ErrorCode::expired_token:
      return 401;
    case ErrorCode::not_a_member:
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

Response json_response(int status, aerie::EncodableRef body) {
  auto response = Response::json(status, aerie::json::stringify(body));
  response.set("Cache-Control", "no-store");
  return response;
}

Response error_response(ErrorInfo const& error) {
  auto response = json_response(status_of(error.code), error);
  if (response.status == 401) response.set("WWW-Authenticate", "Bearer");
  return response;
}

std::int64_t whole_number(std::string_view what, std::string_view text, std::int64_t largest) {
  std::int64_t number = 0;
  auto const* const end = text.data() + text.size();
  auto const [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || number < 1 || number > largest) {
    throw ChatError(ErrorCode::bad_request,
                    concat(what, " is a whole number from 1 to ", std::to_string(largest), "."));
  }
  return number;
}

std::optional<std::int64_t> query_number(Request const& request, std::string_view name,
                                         std::int64_t largest) {
  auto const text = request.query(name);
  if (!text) return std::nullopt;
  return whole_number(name, *text, largest);
}

}  // namespace chat
