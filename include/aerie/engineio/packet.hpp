#pragma once

/// \file
/// Packets of Engine.IO protocol 4 and the payloads that long-polling carries them in. Values and functions
/// without state; any thread. https://socket.io/docs/v4/engine-io-protocol/

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// The digit is the packet's first character.
enum class PacketType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// One packet as it was received; views into what it was decoded from.
struct Packet {
  PacketType type = PacketType::noop;
  bool binary = false;
  std::string_view data{};
};

/// Between two packets of a payload.
inline constexpr char payload_separator = '\x1e';
/// Before a packet of a payload that is a binary message in base64, which is read as leniently as the
/// official server reads it: some clients break it into lines.
inline constexpr char binary_prefix = 'b';

/// Reads a packet of text; false if it is none.
AERIE_API bool decode_packet(std::string_view text, Packet& packet) noexcept;

/// Walks through the packets of a POST body, one at a time and without recursion.
class AERIE_API PayloadDecoder {
 public:
  enum class Result : std::uint8_t { packet, end, malformed };

  explicit PayloadDecoder(std::string_view payload) noexcept : rest_(payload) {}

  /// Reads the next packet. A binary one's bytes are valid until the next call.
  Result next(Packet& packet);

 private:
  std::string_view rest_;
  bool at_end_ = false;
  std::string decoded_;
};

/// Appends a packet to a payload.
AERIE_API void append_packet(std::string& payload, PacketType type, std::string_view data);
/// Appends a binary message to a payload.
AERIE_API void append_binary(std::string& payload, std::string_view bytes);

}}}  // namespace aerie::v1::engineio
