// Responses whose body is made while it is sent.

#include <aerie/http/response.hpp>

#include <cstdint>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

Generator<std::string> texts_of(Generator<ServerSentEvent> events) {
  std::uint64_t number = 0;
  while (auto event = co_await events.next()) {
    // A comment alone is no event.
    auto const is_event = !event->data.empty() || !event->event.empty();
    if (event->id.empty() && is_event) event->id = std::to_string(++number);
    std::string text;
    event->append_to(text);
    co_yield std::move(text);
  }
}

}  // namespace

Response Response::streamed(std::string_view type, Generator<std::string> parts, int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.stream = std::make_shared<BodyStream>(std::move(parts));
  return response;
}

Response Response::events(Generator<ServerSentEvent> events, EventStreamOptions options) {
  auto response = streamed("text/event-stream", texts_of(std::move(events)));
  // Nobody on the way is to keep, change or hold back what is sent, as NestJS says it.
  response.headers.emplace_back("Cache-Control",
                                "private, no-cache, no-store, must-revalidate, max-age=0, no-transform");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream->is_endless = true;
  response.stream->keep_alive = options.keep_alive;
  response.stream->keep_alive_text = ":\n\n";
  return response;
}

}}}  // namespace aerie::v1::http
