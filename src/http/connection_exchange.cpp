// What the exchange's owner can do with a connection.

#include "http/connection.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// While more than this waits, a long answer is not continued.
constexpr std::size_t most_waiting = 256 * 1024;

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

void Connection::hold(ExchangeOwner& owner) {
  owner_ = &owner;
}

void Connection::read_body(ExchangeOwner& owner, std::size_t limit) {
  owner_ = &owner;
  // The usual case: the body has come with the head and is handed on where it lies.
  if (machine_.content_length().value_or(0) <= limit) {
    if (auto const whole = machine_.whole_body(input_)) {
      auto exchange = handle();
      owner.on_body(exchange, *whole);
      return;
    }
  }
  if (!machine_.want_body(limit, shard().account(), now())) {
    auto exchange = handle();
    owner.on_body_too_large(exchange);
    return;
  }
  if (!more_input() && machine_.take_expectation()) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    machine_.wrote(go_on.size(), stream_->unsent(), now());
    stream_->write(go_on);
  }
  if (running_) return;
  arm();
  if (has_more_to_do()) shard().at_turn_end(*this);
}

// --- Answers

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
  auto const last = machine_.answer_is_last(head_, more_input());
  owner_ = nullptr;
  write_response(status, header_lines, parts, last, framing);
  end_exchange(last);
}

void Connection::respond_and_close(int status, std::string_view header_lines, std::string_view body) {
  if (!stream_ || !head_) return;
  owner_ = nullptr;
  write_response(status, header_lines, {&body, 1}, true);
  end_exchange(true);
}

bool Connection::begin_answer(ExchangeOwner& owner, int status, std::string_view header_lines,
                              std::optional<std::uint64_t> length) {
  if (!stream_ || !head_) return false;  // Its owner has heard that it is over.
  auto const framing = length || !has_body(status)  ? Framing::length
                       : head_.version_minor() == 0 ? Framing::end
                                                    : Framing::chunks;
  last_answer_ = framing == Framing::end || machine_.answer_is_last(head_, more_input());
  in_chunks_ = framing == Framing::chunks;
  write_head_and({}, status, header_lines, last_answer_, framing, length.value_or(0));
  if (head_.verb() != Method::head && has_body(status) && length.value_or(1) > 0) {
    owner_ = &owner;
    return true;
  }
  owner_ = nullptr;
  end_exchange(last_answer_);
  return false;
}

bool Connection::write_part(std::string_view part) {
  if (!stream_) return false;
  if (part.empty()) return !stream_->blocked();
  if (in_chunks_) {
    Digits const size(part.size(), 16);
    write_all({size.view(), "\r\n", part, "\r\n"});
  } else {
    write_all({part});
  }
  arm();
  return !stream_->blocked() || stream_->unsent() < most_waiting;
}

void Connection::write_all(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto const part : parts)
    size += part.size();
  machine_.wrote(size, stream_->unsent(), now());
  auto* at = stream_->prepare(size);
  for (auto const part : parts) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  stream_->commit(size);
}

void Connection::end_answer() {
  if (!stream_) return;
  if (std::exchange(in_chunks_, false)) write_all({"0\r\n\r\n"});
  owner_ = nullptr;
  end_exchange(last_answer_);
}

void Connection::write_response(int status, std::string_view header_lines,
                                std::span<std::string_view const> parts, bool last, Framing framing) {
  std::uint64_t length = 0;
  for (auto const part : parts)
    length += part.size();
  auto const no_bytes = (head_ && head_.verb() == Method::head) || !has_body(status);
  write_head_and(no_bytes ? std::span<std::string_view const>() : parts, status, header_lines, last, framing,
                 length);
}

void Connection::write_head_and(std::span<std::string_view const> parts, int status,
                                std::string_view header_lines, bool last, Framing framing,
                                std::uint64_t body_length) {
  auto const http_1_0 = head_ && head_.version_minor() == 0;
  auto const connection = last ? close_line : http_1_0 ? keep_alive_line : std::string_view{};
  Digits const code(static_cast<std::uint64_t>(status));
  auto const has_length = has_body(status) && framing == Framing::length;
  Digits const length(body_length);

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
  std::size_t size = 0;
  for (auto const part : parts)
    size += part.size();
  for (auto const line : lines)
    size += line.size();

  machine_.wrote(size, stream_->unsent(), now());
  auto* at = stream_->prepare(size);
  auto const append = [&at](std::string_view text) {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  };
  for (auto const line : lines) {
    if (!line.empty()) append(line);
  }
  for (auto const part : parts) {
    if (!part.empty()) append(part);
  }
  stream_->commit(size);
}

void Connection::end_exchange(bool last) {
  cut_handles();
  head_ = {};
  machine_.answered(last, now());
  if (machine_.is_ending()) return finish();
  if (running_) return;
  arm();
  // Not from here: the next request would begin on top of whoever has answered this one.
  if (has_more_to_do()) shard().at_turn_end(*this);
}

}}}  // namespace aerie::v1::http
