#include "gateway/token_source.hpp"

#include "gateway/truthy.hpp"

#include <aerie/http/request.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <string_view>

namespace aerie::inline v1::gateway {

namespace {

/// "Bearer" and the token behind it (RFC 6750 §2.1); the scheme is in any case (RFC 9110 §11.1).
Value bearer_token(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  auto const is_bearer = header.size() > scheme.size() &&
                         std::ranges::equal(header.substr(0, scheme.size()), scheme, [](char a, char b) {
                           return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
                         });
  if (!is_bearer) return {};
  header.remove_prefix(std::min(header.find_first_not_of(' ', scheme.size()), header.size()));
  return header.empty() ? Value() : Value(header);
}

Value text_or_nothing(std::optional<std::string> const& text) {
  return text && !text->empty() ? Value(*text) : Value();
}

template <class Source>
Value from_query_or_header(Source const& source, bool in_query) {
  if (in_query) {
    if (auto token = text_or_nothing(source.query("token")); !token.is_undefined()) return token;
  }
  return bearer_token(source.header("authorization"));
}

}  // namespace

Value find_token(ExecutionContext const& context, bool in_query) {
  if (auto const* const socket = context.find_socket()) {
    auto const auth = socket->handshake().auth();
    if (is_truthy(auth["token"])) return auth["token"];
    return from_query_or_header(socket->handshake(), in_query);
  }
  if (auto const* const request = context.find_request()) return from_query_or_header(*request, in_query);
  return text_or_nothing(context.credential("token"));
}

}  // namespace aerie::inline v1::gateway
