#include "rooms/rooms_controller.hpp"

#include "auth/signed_in.hpp"
#include "error_answers.hpp"
#include "http_text.hpp"

#include <cstddef>
#include <string>

namespace chat {

namespace {

using aerie::Task;
using aerie::http::Request;
using aerie::http::Response;

struct NewRoomRequest {
  std::string name;
  static void describe(aerie::Schema<NewRoomRequest>& s) { s.field<&NewRoomRequest::name>(); }
};

}  // namespace

void RoomsController::describe(aerie::Controller<RoomsController>& c) {
  c.at("/api/rooms").use<SignedIn>().use<ErrorAnswers>();
  c.get<&RoomsController::all>();
  c.post<&RoomsController::create>().body_limit(small_body);
  c.get<&RoomsController::history>(":id/messages");
}

Task<Response> RoomsController::all() {
  auto const rooms = co_await rooms_.all();
  co_return json_response(200, rooms);
}

Task<Response> RoomsController::create(Request const& request) {
  auto const body = body_of<NewRoomRequest>(request, ErrorCode::invalid_name);
  auto const room = co_await rooms_.create(body.name);
  co_return json_response(201, room);
}

Task<Response> RoomsController::history(Request const& request) {
  auto const id = whole_number("the room's id", request.parameter("id"), largest_id);
  auto const before = query_number(request, "before", largest_id);
  auto const limit = query_number(request, "limit", static_cast<std::int64_t>(largest_page));
  auto const room = co_await rooms_.find(id);
  auto const page =
      co_await messages_.history(room.id, before, static_cast<std::size_t>(limit.value_or(usual_page)));
  co_return json_response(200, page);
}

}  // namespace chat
