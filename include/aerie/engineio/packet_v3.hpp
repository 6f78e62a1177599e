#pragma once

/// \file
/// Packets of Engine.IO protocol 3 and the payloads that long-polling carries them in. Values and functions
/// without state; any thread. https://github.com/socketio/engine.io-protocol/tree/v3
///
/// Unlike those of protocol 4, binary packets have a type, and packets of a payload say how long they are.

#include <aerie/core/api.hpp>
#include <aerie/engineio/packet.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio { namespace protocol3 {

/// Reads a packet of text, `4hello`, or of bytes in base64, `b4AQID`, which are put into `decoded`; false if
/// it is none. REQUIRES: the text is valid UTF-8.
AERIE_API bool decode_packet(std::string_view text, Packet& packet, std::string& decoded);

/// Reads a packet of bytes: a byte that is the type as a number, and the data; false if it is none.
AERIE_API bool decode_binary_packet(std::string_view bytes, Packet& packet) noexcept;

/// Walks through the packets of a POST body, one at a time and without recursion. Malformed is what the
/// official server takes for a parse error, and a packet that ends behind the body.
class AERIE_API PayloadDecoder {
 public:
  using Result = engineio::PayloadDecoder::Result;

  enum class Form : std::uint8_t {
    /// `<length>:<packet>` for each, lengths in UTF-16 code units as JavaScript counts. REQUIRES: the payload
    /// is valid UTF-8.
    text,
    /// A byte that says whether the packet is text (0) or binary (1), the digits of its length in bytes as
    /// numbers, 0xff, the packet.
    binary,
  };

  PayloadDecoder(std::string_view payload, Form form) noexcept : rest_(payload), form_(form) {}

  /// Reads the next packet. A binary one's bytes are valid until the next call.
  Result next(Packet& packet);

 private:
  Result next_text(Packet& packet);
  Result next_binary(Packet& packet);

  std::string_view rest_;
  Form form_;
  bool began_ = false;
  std::string decoded_;
};

/// Appends a packet to a payload of text. REQUIRES: `data` is valid UTF-8.
AERIE_API void append_packet(std::string& payload, PacketType type, std::string_view data);
/// Appends a binary message to a payload of text, in base64.
AERIE_API void append_base64(std::string& payload, std::string_view bytes);

/// Appends a packet of text to a payload in the binary form.
AERIE_API void append_packet_framed(std::string& payload, PacketType type, std::string_view data);
/// Appends a binary message to a payload in the binary form.
AERIE_API void append_binary_framed(std::string& payload, std::string_view bytes);

/// What stands before the bytes of a binary message.
inline constexpr char binary_message = 4;

}}}}  // namespace aerie::v1::engineio::protocol3
