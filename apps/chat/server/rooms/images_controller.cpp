#include "rooms/images_controller.hpp"

#include "error_answers.hpp"
#include "errors.hpp"

#include <utility>

namespace chat {

void ImagesController::describe(aerie::Controller<ImagesController>& c) {
  // A browser sends no token with what an <img> asks for. Who has the key, 128 random bits that stand in the
  // message alone, may see the image.
  c.at("/api/images").use<ErrorAnswers>().undocumented();
  c.get<&ImagesController::image>(":key");
}

aerie::Task<aerie::http::Response> ImagesController::image(aerie::Param<"key"> key) {
  auto found = co_await messages_.image(*key);
  if (!found) throw ChatError(ErrorCode::not_found, "There is no such image, or not any more.");
  aerie::http::Response response;
  response.body = std::move(found->content);
  // Nothing but an image, whatever somebody has hidden in it, wherever it is opened.
  response.set("Content-Type", found->type)
      .set("X-Content-Type-Options", "nosniff")
      .set("Content-Security-Policy", "default-src 'none'; sandbox")
      .set("Content-Disposition", "inline")
      .set("Cross-Origin-Resource-Policy", "same-site")
      .set("Cache-Control", "private, max-age=31536000, immutable");
  co_return response;
}

}  // namespace chat
