#include "gateway/token_source.hpp"

#include <aerie/http/authorization.hpp>
#include <aerie/http/request.hpp>
#include <aerie/schema/truthy.hpp>
#include <aerie/socketio/socket.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

Value text_or_nothing(std::string_view text) {
  return text.empty() ? Value() : Value(text);
}

template <class Source>
Value from_query_or_header(Source const& source, bool in_query) {
  if (in_query) {
    if (auto token = text_or_nothing(source.query("token").value_or("")); !token.is_undefined()) return token;
  }
  return text_or_nothing(http::bearer_token(source.header("authorization")));
}

Value find_outside_cookies(ExecutionContext const& context, bool in_query) {
  if (auto const* const socket = context.find_socket()) {
    auto const auth = socket->handshake().auth();
    if (schema::is_truthy(auth["token"])) return auth["token"];
    return from_query_or_header(socket->handshake(), in_query);
  }
  if (auto const* const request = context.find_request()) return from_query_or_header(*request, in_query);
  return text_or_nothing(context.credential("token").value_or(""));
}

}  // namespace

Value find_token(ExecutionContext const& context, TokenPlaces const& places) {
  auto found = find_outside_cookies(context, places.query);
  if (!found.is_undefined() || places.cookie.empty()) return found;
  return text_or_nothing(context.cookie(places.cookie).value_or(""));
}

}}}  // namespace aerie::v1::gateway
