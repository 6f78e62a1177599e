#include "http/api.hpp"

#include "errors.hpp"
#include "http/exchange_text.hpp"

#include <exception>
#include <optional>
#include <string>

namespace chat {

namespace {

using aerie::http::Method;
using aerie::http::Request;
using aerie::http::Response;

constexpr std::size_t usual_page = 50;
/// Bytes; a name fits in many times over.
constexpr aerie::http::RouteOptions small_body{.body_limit = 16 * 1024};

struct LoginRequest {
  std::string nickname;
  static void describe(aerie::Schema<LoginRequest>& s) { s.field<&LoginRequest::nickname>(); }
};

struct NewRoomRequest {
  std::string name;
  static void describe(aerie::Schema<NewRoomRequest>& s) { s.field<&NewRoomRequest::name>(); }
};

struct Me {
  User user;
  static void describe(aerie::Schema<Me>& s) { s.field<&Me::user>(); }
};

}  // namespace

void Api::install(aerie::http::Server& server) {
  server.post("/api/login", answering(&Api::login), small_body);
  server.get("/api/me", answering(&Api::me));
  server.get("/api/rooms", answering(&Api::rooms));
  server.post("/api/rooms", answering(&Api::create_room), small_body);
  server.get("/api/rooms/:id/messages", answering(&Api::history));
  // Without these the page itself, as the answer to unknown paths, would be taken for an answer of the API.
  for (auto const method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
    server.route(method, "/api/*rest", answering(&Api::unknown));
  }
}

Api::Reply Api::login(Request const& request) {
  auto const body = body_of<LoginRequest>(request, ErrorCode::invalid_nickname);
  auto const session = co_await services_.sign_in.sign_in(body.nickname);
  co_return json_response(200, session);
}

Api::Reply Api::me(Request const& request) {
  Me const me{require_user(request)};
  co_return json_response(200, me);
}

Api::Reply Api::rooms(Request const& request) {
  require_user(request);
  auto const rooms = co_await services_.rooms.all();
  co_return json_response(200, rooms);
}

Api::Reply Api::create_room(Request const& request) {
  require_user(request);
  auto const body = body_of<NewRoomRequest>(request, ErrorCode::invalid_name);
  auto const room = co_await services_.rooms.create(body.name);
  co_return json_response(201, room);
}

Api::Reply Api::history(Request const& request) {
  require_user(request);
  auto const id = whole_number("the room's id", request.parameter("id"), largest_id);
  auto const before = query_number(request, "before", largest_id);
  auto const limit = query_number(request, "limit", static_cast<std::int64_t>(largest_page));
  auto const room = co_await services_.rooms.find(id);
  auto const size = static_cast<std::size_t>(limit.value_or(std::int64_t{usual_page}));
  auto const page = co_await services_.messages.history(room.id, before, size);
  co_return json_response(200, page);
}

Api::Reply Api::unknown(Request const& request) {
  throw ChatError(ErrorCode::not_found,
                  aerie::core::concat("There is no ", request.method(), " ", request.path(), " here."));
  co_return Response{};
}

aerie::http::RouteHandler Api::answering(Handler handler) {
  return aerie::http::AsyncHandler(
      [this, handler](Request const& request) { return answer(handler, request); });
}

Api::Reply Api::answer(Handler handler, Request const& request) {
  try {
    auto response = co_await (this->*handler)(request);
    co_return response;
  } catch (ChatError const& error) {
    co_return error_response(ErrorInfo::of(error));
  } catch (aerie::Cancelled const&) {
    throw;
  } catch (std::exception const& error) {
    services_.log.error("chat", error.what());
    co_return error_response(ErrorInfo::internal());
  }
}

User Api::require_user(Request const& request) const {
  return services_.tokens.verify(bearer_token(request)).user;
}

}  // namespace chat
