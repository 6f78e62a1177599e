#include "http/streamed_answer.hpp"

#include <utility>

namespace aerie { inline namespace v1 { namespace http {

StreamedAnswer::StreamedAnswer(core::Shard& shard, Exchange const& exchange, std::shared_ptr<BodyStream> body)
    : shard_(shard), exchange_(exchange), body_(std::move(body)) {}

bool StreamedAnswer::begin(ExchangeOwner& owner, int status, std::string_view header_lines) {
  begun_ = true;
  if (!exchange_.begin_answer(owner, status, header_lines, std::nullopt)) return false;
  keep_alive_later();
  return true;
}

Task<void> StreamedAnswer::send(ExchangeOwner& owner, int status, std::string header_lines) {
  // Who listens to events is to know at once that it does. Anything else may still fail, and be an error.
  if (body_->is_endless && !begin(owner, status, header_lines)) co_return;
  // Here, so that it ends with this task wherever it waits.
  auto parts = std::move(body_->parts);
  auto part = std::exchange(body_->first, std::nullopt);
  if (!part) part = co_await parts.next();
  if (!begun_ && !begin(owner, status, header_lines)) co_return;
  while (part) {
    // An empty chunk would be the end (RFC 9112 §7.1).
    auto const has_room = part->empty() || exchange_.write_part(*part);
    part.reset();
    if (!exchange_) co_return;
    keep_alive_later();
    if (!has_room) {
      core::Completion<> room;
      room_.emplace(room.completer());
      co_await room;
    }
    part = co_await parts.next();
  }
  timer_.cancel();
  exchange_.end_answer();
}

void StreamedAnswer::on_room() {
  if (!room_) return;
  auto room = std::move(*room_);
  room_.reset();
  room();
}

void StreamedAnswer::keep_alive_later() {
  if (body_->keep_alive.count() > 0) shard_.start(timer_, body_->keep_alive);
}

void StreamedAnswer::on_timer() {
  // Whoever does not take what waits already is not helped by more.
  if (!room_) exchange_.write_part(body_->keep_alive_text);
  keep_alive_later();
}

}}}  // namespace aerie::v1::http
