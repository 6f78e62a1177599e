#include "http/characters.hpp"
#include "http/chunked_decoder.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/response_decoder.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
// An honest server sends one or two; without a limit it could keep a client busy for ever.
constexpr unsigned most_interim_responses = 16;

}  // namespace

std::string_view ResponseHead::header(std::string_view name) const noexcept {
  for (auto const& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

ResponseDecoder::ResponseDecoder(ResponseLimits const& limits) : limits_(limits) {}
ResponseDecoder::~ResponseDecoder() = default;
ResponseDecoder::ResponseDecoder(ResponseDecoder&&) noexcept = default;
ResponseDecoder& ResponseDecoder::operator=(ResponseDecoder&&) noexcept = default;

void ResponseDecoder::begin(bool to_head_request) {
  head_ = {};
  buffered_.clear();
  chunks_.reset();
  remaining_ = 0;
  body_bytes_ = 0;
  error_ = {};
  interim_ = 0;
  body_ = Body::none;
  state_ = State::head;
  to_head_request_ = to_head_request;
  begun_ = false;
}

ResponseDecoder::Step ResponseDecoder::fail(std::string_view error) noexcept {
  error_ = error;
  state_ = State::failed;
  return {Status::failed};
}

bool ResponseDecoder::refuse(std::string_view error) noexcept {
  fail(error);
  return false;
}

ResponseDecoder::Step ResponseDecoder::next(std::string_view& input) {
  if (!input.empty()) begun_ = true;
  switch (state_) {
    case State::head:
      return take_head(input);
    case State::body:
      return take_body(input);
    case State::complete:
      return {Status::complete};
    case State::failed:
      break;
  }
  return {Status::failed};
}

bool ResponseDecoder::end_of_input() noexcept {
  if (state_ != State::body || body_ != Body::until_close) return false;
  state_ = State::complete;
  return true;
}

// --- The head

ResponseDecoder::Step ResponseDecoder::take_head(std::string_view& input) {
  while (true) {
    // The end may lie across the pieces.
    auto const seen = buffered_.size();
    auto const room = limits_.max_head_bytes - std::min(seen, limits_.max_head_bytes);
    buffered_.append(input.substr(0, room));
    auto const end = buffered_.find(head_end, seen < head_end.size() ? 0 : seen - head_end.size());
    if (end == std::string::npos) {
      input.remove_prefix(std::min(room, input.size()));
      if (buffered_.size() >= limits_.max_head_bytes) return fail("has a head that is too large");
      return {Status::more};
    }
    input.remove_prefix(end + head_end.size() - seen);
    buffered_.resize(end + 2);
    head_ = {};
    if (!parse_head(buffered_)) return {Status::failed};
    buffered_.clear();
    auto const interim = head_.status < 200 && head_.status != 101;
    if (!interim) break;
    if (++interim_ > most_interim_responses) return fail("is announced again and again");
  }
  if (!decide_body()) return {Status::failed};
  state_ = body_ == Body::none ? State::complete : State::body;
  return {Status::head};
}

bool ResponseDecoder::parse_head(std::string_view head) {
  auto is_first = true;
  while (!head.empty()) {
    auto const end = head.find("\r\n");
    auto const line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (is_first ? !parse_status_line(line) : !parse_header(line)) return false;
    is_first = false;
  }
  return true;
}

bool ResponseDecoder::parse_status_line(std::string_view line) {
  // HTTP/1.1 200 OK; the reason may be missing, and the space before it as well.
  auto const is_valid = line.size() >= 12 && line.starts_with("HTTP/1.") &&
                        (line[7] == '0' || line[7] == '1') && line[8] == ' ' && core::is_digit(line[9]) &&
                        core::is_digit(line[10]) && core::is_digit(line[11]) && line[9] != '0' &&
                        (line.size() == 12 || line[12] == ' ');
  if (!is_valid || skip_value(line.data(), line.data() + line.size()) != line.data() + line.size()) {
    return refuse("has a status line that is not HTTP/1.1");
  }
  head_.version_minor = line[7] == '1' ? 1 : 0;
  head_.keep_alive = head_.version_minor == 1;
  head_.status = *core::decimal<int>(line.substr(9, 3));
  return true;
}

bool ResponseDecoder::parse_header(std::string_view line) {
  if (head_.headers.size() >= limits_.max_header_lines) {
    return refuse("has too many header lines");
  }
  auto const colon = line.find(':');
  auto const name = line.substr(0, colon);
  auto const is_valid = colon != line.npos && !name.empty() && all_in(token_characters, name) &&
                        skip_value(line.data(), line.data() + line.size()) == line.data() + line.size();
  if (!is_valid) {
    return refuse("has a header line that is none");
  }
  head_.headers.emplace_back(name, trim(line.substr(colon + 1)));
  return true;
}

bool ResponseDecoder::decide_body() {
  std::string_view length;
  std::size_t lengths = 0;
  std::size_t encodings = 0;
  auto is_chunked = false;
  for (auto const& [name, value] : head_.headers) {
    if (equal_ignoring_case(name, "content-length")) {
      length = value;
      ++lengths;
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      is_chunked = equal_ignoring_case(value, "chunked");
      ++encodings;
    } else if (equal_ignoring_case(name, "connection")) {
      if (list_has_token(value, "close")) head_.keep_alive = false;
      if (list_has_token(value, "keep-alive") && head_.version_minor == 0) head_.keep_alive = true;
    }
  }
  if (lengths > 1) return refuse("has more than one Content-Length");
  if (encodings > 0 && (encodings > 1 || !is_chunked)) return refuse("has an unknown Transfer-Encoding");
  if (encodings > 0 && (lengths > 0 || head_.version_minor == 0))
    return refuse("has a Transfer-Encoding where it must not have one");
  if (lengths == 1) {
    auto const digits = std::all_of(length.begin(), length.end(), core::is_digit);
    auto const parsed = digits ? core::decimal<std::uint64_t>(length) : std::nullopt;
    if (!parsed) return refuse("has a Content-Length that is no number");
    remaining_ = *parsed;
  }
  auto const bodiless = to_head_request_ || head_.status == 101 || head_.status == 204 || head_.status == 304;
  if (bodiless) {
    body_ = Body::none;
  } else if (is_chunked) {
    body_ = Body::chunked;
    chunks_ = std::make_unique<ChunkedDecoder>();
  } else if (lengths == 1) {
    if (remaining_ > limits_.max_body_bytes) return refuse("has a body that is too large");
    body_ = remaining_ == 0 ? Body::none : Body::length;
  } else {
    body_ = Body::until_close;
    head_.keep_alive = false;
  }
  return true;
}

// --- The body

ResponseDecoder::Step ResponseDecoder::take_data(std::string_view data) {
  body_bytes_ += data.size();
  if (body_bytes_ > limits_.max_body_bytes) return fail("has a body that is too large");
  return {Status::data, data};
}

ResponseDecoder::Step ResponseDecoder::take_body(std::string_view& input) {
  if (body_ == Body::chunked) {
    auto const step = chunks_->next(input);
    switch (step.status) {
      case ChunkedDecoder::Status::more:
        return {Status::more};
      case ChunkedDecoder::Status::data:
        return take_data(step.data);
      case ChunkedDecoder::Status::done:
        state_ = State::complete;
        return {Status::complete};
      case ChunkedDecoder::Status::failed:
        return fail("has a chunk that is none");
    }
  }
  if (body_ == Body::length && remaining_ == 0) {
    state_ = State::complete;
    return {Status::complete};
  }
  if (input.empty()) return {Status::more};
  auto const data =
      body_ == Body::length
          ? input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())))
          : input;
  input.remove_prefix(data.size());
  if (body_ == Body::length) remaining_ -= data.size();
  return take_data(data);
}

}}}  // namespace aerie::v1::http
