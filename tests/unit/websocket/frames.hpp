#pragma once

/// \file
/// Frames as bytes, right and wrong ones, and what a decoder makes of them as values that print well.

#include <aerie/websocket/frame_decoder.hpp>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::websocket::test {

/// A frame as a peer may write it, against the rules too.
struct Frame {
  unsigned first = 0x81;  ///< FIN, RSV1-3 and opcode.
  std::string payload{};
  bool masked = true;
  unsigned length_bytes = 0;  ///< 0: the shortest form; else 1, 2 or 8.
};

/// A header that declares `length` bytes.
inline std::string header(unsigned first, std::uint64_t length, bool masked = true,
                          unsigned length_bytes = 0) {
  if (length_bytes == 0) length_bytes = length <= 125 ? 1 : length <= 0xFFFF ? 2 : 8;
  auto const mask_bit = masked ? 0x80u : 0u;
  std::string out(1, static_cast<char>(first));
  if (length_bytes == 1) {
    out += static_cast<char>(mask_bit | length);
  } else {
    out += static_cast<char>(mask_bit | (length_bytes == 2 ? 126u : 127u));
    for (auto shift = 8 * length_bytes; shift > 0; shift -= 8)
      out += static_cast<char>(length >> (shift - 8));
  }
  return masked ? out + "\x37\xfa\x21\x3d" : out;
}

inline std::string wire(Frame const& frame) {
  auto out = header(frame.first, frame.payload.size(), frame.masked, frame.length_bytes);
  for (std::size_t i = 0; i < frame.payload.size(); ++i)
    out += static_cast<char>(frame.payload[i] ^ (frame.masked ? "\x37\xfa\x21\x3d"[i % 4] : 0));
  return out;
}

inline std::string text_frame(std::string_view payload) {
  return wire({.first = 0x81, .payload = std::string(payload)});
}
inline std::string binary_frame(std::string_view payload) {
  return wire({.first = 0x82, .payload = std::string(payload)});
}
inline std::string ping_frame(std::string_view payload) {
  return wire({.first = 0x89, .payload = std::string(payload)});
}
inline std::string close_body(unsigned code, std::string_view reason = "") {
  std::string body{static_cast<char>(code >> 8), static_cast<char>(code)};
  return body.append(reason);
}
inline std::string close_frame(unsigned code, std::string_view reason = "") {
  return wire({.first = 0x88, .payload = close_body(code, reason)});
}

/// An event that owns its payload.
struct Seen {
  FrameEvent::Kind kind = FrameEvent::Kind::need_more;
  std::string payload{};
  CloseCode code = CloseCode::no_status;
  Error error = Error::none;
  bool compressed = false;

  bool operator==(Seen const&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, Seen const& seen) {
  static constexpr char const* names[] = {"need_more", "text", "binary", "ping", "pong", "close", "error"};
  out << names[static_cast<int>(seen.kind)] << " (" << seen.payload.size() << " bytes: \""
      << seen.payload.substr(0, 40) << "\") " << static_cast<int>(seen.code);
  return out << (seen.error == Error::none ? "" : " ")
             << (seen.error == Error::none ? "" : describe(seen.error));
}

inline Seen seen_text(std::string_view payload) {
  return {.kind = FrameEvent::Kind::text, .payload = std::string(payload)};
}
inline Seen seen_binary(std::string_view payload) {
  return {.kind = FrameEvent::Kind::binary, .payload = std::string(payload)};
}
inline Seen seen_ping(std::string_view payload) {
  return {.kind = FrameEvent::Kind::ping, .payload = std::string(payload)};
}
inline Seen seen_pong(std::string_view payload) {
  return {.kind = FrameEvent::Kind::pong, .payload = std::string(payload)};
}
inline Seen seen_close(unsigned code, std::string_view reason = "") {
  return {.kind = FrameEvent::Kind::close, .payload = std::string(reason), .code = CloseCode(code)};
}
inline Seen seen_error(Error error) {
  return {.kind = FrameEvent::Kind::error, .code = close_code_of(error), .error = error};
}

/// Feeds one read and appends what comes of it. The read is copied to memory of its own, so that a view that
/// outlives it is found by AddressSanitizer.
inline void feed(FrameDecoder& decoder, std::string_view bytes, std::vector<Seen>& seen) {
  std::vector<char> read(bytes.begin(), bytes.end());
  std::span<char> input(read);
  while (true) {
    auto const event = decoder.next(input);
    if (event.kind == FrameEvent::Kind::need_more) return;
    seen.push_back({.kind = event.kind,
                    .payload = {event.payload.begin(), event.payload.end()},
                    .code = event.code,
                    .error = event.error,
                    .compressed = event.compressed});
  }
}

/// All events of `bytes` read as one.
inline std::vector<Seen> decode(std::string_view bytes, DecoderOptions const& options = {}) {
  FrameDecoder decoder(options);
  std::vector<Seen> seen;
  feed(decoder, bytes, seen);
  return seen;
}

/// All events of `bytes` read one at a time.
inline std::vector<Seen> decode_bytewise(std::string_view bytes, DecoderOptions const& options = {}) {
  FrameDecoder decoder(options);
  std::vector<Seen> seen;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    feed(decoder, bytes.substr(i, 1), seen);
  return seen;
}

}  // namespace aerie::websocket::test
