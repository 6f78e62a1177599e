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
    case State::extension:
      return take_ignored(c, State::size_line_feed);
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
      return c == '\r' ? State::last_line_feed : take_ignored(c, State::trailer_line_feed);
    case State::trailer:
      return take_ignored(c, State::trailer_line_feed);
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
  return c == ';' ? State::extension : fail(RequestError::chunk_size);
}

ChunkedDecoder::State ChunkedDecoder::take_ignored(char c, State line_feed) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  if (c == '\r') return line_feed;
  if ((byte < 0x20 && c != '\t') || byte == 0x7f) return fail(RequestError::control_character);
  if (++overhead_ > max_overhead) return fail(RequestError::chunk_overhead);
  return line_feed == State::size_line_feed ? State::extension : State::trailer;
}

ChunkedDecoder::State ChunkedDecoder::expect(char c, char expected, State next) noexcept {
  return c == expected ? next : fail(RequestError::chunk_end);
}

ChunkedDecoder::State ChunkedDecoder::fail(RequestError error) noexcept {
  error_ = error;
  return State::failed;
}

}}}  // namespace aerie::v1::http
