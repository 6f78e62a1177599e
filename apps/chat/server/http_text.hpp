#pragma once

/// \file
/// Between HTTP requests and responses and the chat's types. Functions without state: callable from any
/// thread.

#include "errors.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>
#include <aerie/schema/codec.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chat {

/// Bytes; what people type fits in many times over.
inline constexpr std::size_t small_body = 16 * 1024;

/// What a page of a list has if nobody says how long it shall be.
inline constexpr std::int64_t usual_page = 50;

/// The status that fits a code: 404 for ROOM_NOT_FOUND.
int status_of(ErrorCode code);

aerie::http::Response json_response(int status, aerie::EncodableRef body);
aerie::http::Response error_response(ErrorInfo const& error);

/// `text` as a number from 1 to `largest`. Throws ChatError with BAD_REQUEST, which names `what`.
std::int64_t whole_number(std::string_view what, std::string_view text, std::int64_t largest);
/// The same of a parameter of the query; nothing if there is none.
std::optional<std::int64_t> query_number(aerie::http::Request const& request, std::string_view name,
                                         std::int64_t largest);

/// The body's JSON as a Body. Throws ChatError: BAD_REQUEST where it is no JSON object, else `code`.
template <class Body>
Body body_of(aerie::http::Request const& request, ErrorCode code) {
  if (!aerie::utf8::is_valid(request.body)) throw ChatError(ErrorCode::bad_request, "The body is not UTF-8.");
  Body body;
  if (auto const result = aerie::json::parse(request.body, body); !result) {
    auto const& error = result.error();
    auto const is_member = !error.path.empty() || error.code == aerie::DecodeErrorCode::missing;
    throw ChatError(is_member ? code : ErrorCode::bad_request,
                    "The body is not what is expected: " + error.to_string());
  }
  return body;
}

}  // namespace chat
