#include "http/chunked_decoder.hpp"

#include "http/characters.hpp"

#include <aerie/core/hex.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::uint8_t most_size_digits = 16;

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view& input) noexcept {
  while (!input.empty() || state_ == State::done || state_ == State::failed) {
    switch (state_) {
      case State::done:
        return {Status::done};
      case State::failed:
        return {Status::failed};
      case State::data: {
        auto const data =
            input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())));
        input.remove_prefix(data.size());
        remaining_ -= data.size();
        if (remaining_ == 0) state_ = State::data_carriage_return;
        return {Status::data, data};
      }
      default:
        state_ = take(input.front());
        input.remove_prefix(1);
    }
  }
  return {Status::more};
}

ChunkedDecoder::State ChunkedDecoder::take(char c) noexcept {
  switch (state_) {
    case State::size:
      return take_size(c);
    case State::extension_begin:
    case State::extension_name:
    case State::extension_name_end:
    case State::extension_value_begin:
    case State::extension_value:
    case State::extension_quoted:
    case State::extension_escaped:
    case State::extension_end:
      return take_extension(c);
    case State::size_line_feed: {
      auto const last = remaining_ == 0;
      digits_ = 0;
      return expect(c, '\n', last ? State::trailer_begin : State::data);
    }
    case State::data_carriage_return:
      return expect(c, '\r', State::data_line_feed);
    case State::data_line_feed:
      return expect(c, '\n', State::size);
    case State::trailer_begin:
      return c == '\r' ? State::last_line_feed : take_trailer(c);
    case State::trailer:
      return take_trailer(c);
    case State::trailer_line_feed:
      return expect(c, '\n', State::trailer_begin);
    case State::last_line_feed:
      return expect(c, '\n', State::done);
    default:
      return state_;
  }
}

ChunkedDecoder::State ChunkedDecoder::take_size(char c) noexcept {
  if (auto const digit = core::hex_digit(c); digit >= 0) {
    if (digits_ == most_size_digits) return fail(RequestError::chunk_size);
    ++digits_;
    remaining_ = remaining_ << 4U | static_cast<std::uint64_t>(digit);
    return State::size;
  }
  if (digits_ == 0) return fail(RequestError::chunk_size);
  if (c == '\r') return State::size_line_feed;
  return c == ';' ? State::extension_begin : fail(RequestError::chunk_size);
}

// A name, and perhaps a value, which is a token or quoted (RFC 9112 §7.1.1).
ChunkedDecoder::State ChunkedDecoder::take_extension(char c) noexcept {
  if (auto const error = check_ignored(c); error != RequestError::none) return fail(error);
  auto const is_token = is(token_characters, c);
  auto const is_blank = c == ' ' || c == '\t';
  switch (state_) {
    case State::extension_begin:
      if (is_blank) return state_;
      return is_token ? State::extension_name : fail(RequestError::chunk_extension);
    case State::extension_name:
      if (is_token) return state_;
      [[fallthrough]];
    case State::extension_name_end:
      return c == '=' ? State::extension_value_begin : end_extension(c, State::extension_name_end);
    case State::extension_value_begin:
      if (is_blank) return state_;
      if (c == '"') return State::extension_quoted;
      return is_token ? State::extension_value : fail(RequestError::chunk_extension);
    case State::extension_value:
      return is_token ? state_ : end_extension(c, State::extension_end);
    case State::extension_quoted:
      if (c == '\r') return fail(RequestError::chunk_extension);
      return c == '"' ? State::extension_end : c == '\\' ? State::extension_escaped : state_;
    case State::extension_escaped:
      return c == '\r' ? fail(RequestError::chunk_extension) : State::extension_quoted;
    default:
      return end_extension(c, State::extension_end);
  }
}

ChunkedDecoder::State ChunkedDecoder::end_extension(char c, State blank) noexcept {
  switch (c) {
    case '\r':
      return State::size_line_feed;
    case ';':
      return State::extension_begin;
    case ' ':
    case '\t':
      return blank;
    default:
      return fail(RequestError::chunk_extension);
  }
}

ChunkedDecoder::State ChunkedDecoder::take_trailer(char c) noexcept {
  if (auto const error = check_ignored(c); error != RequestError::none) return fail(error);
  return c == '\r' ? State::trailer_line_feed : State::trailer;
}

RequestError ChunkedDecoder::check_ignored(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  if (c == '\r') return RequestError::none;
  if ((byte < 0x20 && c != '\t') || byte == 0x7f) return RequestError::control_character;
  return ++overhead_ > max_overhead ? RequestError::chunk_overhead : RequestError::none;
}

ChunkedDecoder::State ChunkedDecoder::expect(char c, char expected, State next) noexcept {
  return c == expected ? next : fail(RequestError::chunk_end);
}

ChunkedDecoder::State ChunkedDecoder::fail(RequestError error) noexcept {
  error_ = error;
  return State::failed;
}

}}}  // namespace aerie::v1::http
