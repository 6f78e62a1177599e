#include "rooms/rooms_controller.hpp"

#include "auth/signed_in.hpp"
#include "auth/throttle_by_identity.hpp"
#include "error_answers.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace chat {

using namespace std::chrono_literals;

void RoomsController::describe(aerie::Controller<RoomsController>& c) {
  c.at("/api/rooms").use<SignedIn>().use<ErrorAnswers>().refuses_with<ErrorInfo>();
  c.get<&RoomsController::all>().header("Cache-Control", "no-store");
  c.post<&RoomsController::create>()
      .body_limit(small_body)
      .header("Cache-Control", "no-store")
      .meta(CodeOfBody{ErrorCode::invalid_name})
      .use<ThrottleByIdentity>(60, 1min);
  c.get<&RoomsController::reading>("reading").header("Cache-Control", "no-store");
  c.get<&RoomsController::history>(":id/messages").header("Cache-Control", "no-store");
  c.get<&RoomsController::search>(":id/search")
      .header("Cache-Control", "no-store")
      .use<ThrottleByIdentity>(120, 1min);
}

aerie::Task<MessagePage> RoomsController::history(aerie::Param<"id", std::int64_t, WholeNumber<>> id,
                                                  Before before, Limit limit) {
  auto const room = co_await rooms_.find(*id);
  auto const size = static_cast<std::size_t>(limit->value_or(usual_page));
  auto page = co_await messages_.history(room.id, *before, size);
  co_return page;
}

aerie::Task<MessagePage> RoomsController::search(aerie::Param<"id", std::int64_t, WholeNumber<>> id,
                                                 aerie::Query<"q"> wanted, Before before, Limit limit) {
  auto const room = co_await rooms_.find(*id);
  auto const size = static_cast<std::size_t>(limit->value_or(usual_page));
  auto const text = wanted->value_or("");
  auto page = co_await messages_.search(room.id, text, *before, size);
  co_return page;
}

}  // namespace chat
