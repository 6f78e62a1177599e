// What the exchange's owner can do with a connection.

#include "http/connection.hpp"

#include <aerie/core/log.hpp>

#include <array>
#include <charconv>
#include <cstring>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// An unread body of up to this size is read and dropped, to save the connection.
constexpr std::uint64_t most_skipped = 64 * 1024;

constexpr std::string_view close_line = "Connection: close\r\n";
constexpr std::string_view chunked_line = "Transfer-Encoding: chunked\r\n";
constexpr std::string_view keep_alive_line = "Connection: keep-alive\r\n";

/// Whether a response of this status has a body at all (RFC 9110 §6.4.1).
bool has_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

/// Digits of a number, without an allocation.
class Digits {
 public:
  explicit Digits(std::uint64_t value, int base = 10) noexcept
      : size_(static_cast<std::size_t>(
            std::to_chars(text_.data(), text_.data() + text_.size(), value, base).ptr - text_.data())) {}
  std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 20> text_;
  std::size_t size_;
};

}  // namespace

std::optional<std::uint64_t> Connection::content_length() const noexcept {
  if (!body_) return 0;
  return body_->length();
}

void Connection::read_body(ExchangeOwner& owner, std::size_t limit) {
  owner_ = &owner;
  if (!body_) {
    owner.on_body(*this, {});
    return;
  }
  if (body_->length().value_or(0) > limit) {
    owner.on_body_too_large(*this);
    return;
  }
  // The usual case: the body has come with the head and is handed on where it lies.
  if (auto const whole = body_->take_whole(input_)) {
    body_.reset();
    owner.on_body(*this, *whole);
    return;
  }
  if (expects_continue_ && input_.empty() && pending_.empty())
    stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
  body_limit_ = limit;
  phase_ = Phase::body;
  set_deadline(hub_.options().body_timeout);
  if (running_) return;
  arm();
  if (!pending_.empty()) shard().at_turn_end(*this);
}

bool Connection::can_skip_body() const noexcept {
  // A client that waits for 100 may or may not send its body now: there is no knowing where it ends.
  if (expects_continue_ && !body_->begun()) return false;
  auto const length = body_->length();
  return length && *length <= most_skipped;
}

void Connection::respond(int status, std::string_view header_lines, std::span<std::string_view const> parts) {
  answer(status, header_lines, parts, Framing::length);
}

void Connection::respond_in_chunks(int status, std::string_view header_lines, std::string_view body) {
  if (body.empty() || !has_body(status) || !head_ || head_.version_minor() == 0) {
    return answer(status, header_lines, {&body, 1}, Framing::length);
  }
  Digits const size(body.size(), 16);
  std::array<std::string_view, 4> const parts{size.view(), "\r\n", body, "\r\n0\r\n\r\n"};
  answer(status, header_lines, parts, Framing::chunks);
}

void Connection::answer(int status, std::string_view header_lines, std::span<std::string_view const> parts,
                        Framing framing) {
  if (!stream_ || !head_) return;
  auto const close = closing_ || !head_.keep_alive() || (body_ && !can_skip_body());
  owner_ = nullptr;  // It would hear of an abort if the peer turns out to be gone.
  write_response(status, header_lines, parts, close, framing);
  end_exchange(close);
}

void Connection::respond_and_close(int status, std::string_view header_lines, std::string_view body) {
  if (!stream_ || !head_) return;
  owner_ = nullptr;
  write_response(status, header_lines, {&body, 1}, true);
  end_exchange(true);
}

void Connection::write_response(int status, std::string_view header_lines,
                                std::span<std::string_view const> parts, bool close, Framing framing) {
  std::size_t body_size = 0;
  for (auto const part : parts)
    body_size += part.size();
  auto const http_1_0 = head_ && head_.version_minor() == 0;
  auto const connection = close ? close_line : http_1_0 ? keep_alive_line : std::string_view{};
  auto const no_bytes = (head_ && head_.verb() == Method::head) || !has_body(status);
  Digits const code(static_cast<std::uint64_t>(status));
  auto const has_length = has_body(status) && framing == Framing::length;
  Digits const length(body_size);

  std::array<std::string_view, 13> const lines{"HTTP/1.1 ",
                                               code.view(),
                                               " ",
                                               reason_phrase(status),
                                               "\r\n",
                                               hub_.date_line(),
                                               header_lines,
                                               has_length ? "Content-Length: " : "",
                                               has_length ? length.view() : "",
                                               has_length ? "\r\n" : "",
                                               framing == Framing::chunks ? chunked_line : "",
                                               connection,
                                               "\r\n"};
  auto size = no_bytes ? 0 : body_size;
  for (auto const line : lines)
    size += line.size();

  auto* at = stream_->prepare(size);
  auto const append = [&at](std::string_view text) {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  };
  for (auto const line : lines) {
    if (!line.empty()) append(line);
  }
  if (!no_bytes) {
    for (auto const part : parts) {
      if (!part.empty()) append(part);
    }
  }
  stream_->commit(size);
}

void Connection::end_exchange(bool close) {
  // `commit` may have flushed, and found that the peer is gone.
  if (!stream_) return;
  head_ = {};
  if (close) {
    finish();
    return;
  }
  phase_ = body_ ? Phase::skipping : Phase::waiting;
  set_deadline(body_ ? hub_.options().body_timeout : hub_.options().keep_alive_timeout);
  if (running_) return;
  arm();
  // Not from here: the next request would begin on top of whoever has answered this one.
  if (!pending_.empty()) shard().at_turn_end(*this);
}

void Connection::fail(int status, std::string_view sentence) {
  if (auto* const owner = std::exchange(owner_, nullptr)) owner->on_aborted(*this);
  auto const body = core::concat(reason_phrase(status), ": ", sentence, "\n");
  std::string_view const part = body;
  write_response(status, "Content-Type: text/plain; charset=utf-8\r\n", {&part, 1}, true);
  end_exchange(true);
}

std::unique_ptr<core::Stream> Connection::take_over(std::string& already_read) {
  already_read.assign(running_ ? input_ : std::string_view(pending_));
  timer_.cancel();
  stream_->set_handler(nullptr);
  if (paused_) stream_->resume_reading();
  auto stream = std::move(stream_);
  hub_.remove(*this);
  return stream;
}

void Connection::continue_on(core::Shard& shard) {
  phase_ = Phase::leaving;
  owner_ = nullptr;
  target_ = &shard;
  timer_.cancel();
  post_leave();
}

void Connection::post_leave() {
  move_posted_ = true;
  // What is posted may run in this very turn, what that posts only in the next: when nothing refers to the
  // stream.
  shard().post(
      [this, server = hub_.owner().shared_from_this()] { shard().post([this, server] { leave(); }); });
}

void Connection::leave() {
  move_posted_ = false;
  if (!stream_) return;
  if (stream_->closed()) {
    remove();
    return;
  }
  if (!stream_->settled()) {
    if (stream_->blocked()) {
      arm();  // `on_drained` tries again.
    } else {
      post_leave();
    }
    return;
  }
  timer_.cancel();
  stream_->set_handler(nullptr);
  stream_->leave();
  Parcel parcel{std::move(stream_),  std::move(head_),  std::move(body_),
                std::move(pending_), expects_continue_, closing_};
  hub_.remove(*this);
  target_->post(
      [server = hub_.owner().shared_from_this(), target = target_, parcel = std::move(parcel)]() mutable {
        server->hub_of(*target).receive(std::move(parcel));
      });
}

}}}  // namespace aerie::v1::http
