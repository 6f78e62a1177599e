#pragma once

/// \file
/// How packets are written: what stands between Socket.IO and the frames of the connection beneath. A server
/// has one parser, and its clients must have the same. docs/parsers.md

#include <aerie/core/api.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace socketio {

/// The beginning of a packet whose other frames have not arrived yet. What it holds is a parser's own affair;
/// how long it may take, and that there is memory for it, is looked after by whoever keeps it.
class AERIE_API PartialPacket {
 public:
  virtual ~PartialPacket() = default;
  /// Bytes that it holds.
  virtual std::size_t memory() const noexcept = 0;
};

/// What a parser may take from a client.
struct ParserLimits {
  std::size_t max_attachments = default_max_attachments;
  /// Bytes of all attachments of a packet.
  std::size_t max_attachments_size = 4'000'000;
  /// Arrays and objects within each other.
  std::size_t max_depth = 512;
};

/// A packet that has arrived. It is valid as long as this object and the frame that has completed it.
struct IncomingPacket {
  PacketType type = PacketType::event;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id{};
  /// Of an event its name and its arguments, of an acknowledgement its arguments, of a CONNECT its `auth`, an
  /// object, or nothing: undecoded, `Args(format, elements, ...)`, or as values, `Args(std::vector<Value>)`.
  Args payload{};

  // What the above may refer to.

  /// The places of the payload's elements.
  json::ElementList elements{};
  /// Texts that stand in no frame.
  std::string texts{};
  /// The packet as far as it had arrived before.
  std::unique_ptr<PartialPacket> whole{};
};

/// What comes of a frame.
struct ParseResult {
  enum class Kind : std::uint8_t {
    complete,    ///< The packet is there.
    incomplete,  ///< More frames belong to it.
    malformed,   ///< It is none; the client's connection is closed.
  };

  static ParseResult complete() noexcept { return {}; }
  static ParseResult incomplete() noexcept { return {Kind::incomplete, {}}; }
  /// `why` is told to listeners to errors; a text that lives for ever.
  static ParseResult malformed(std::string_view why) noexcept { return {Kind::malformed, why}; }

  Kind kind = Kind::complete;
  std::string_view why{};
};

}  // namespace socketio

/// Writes packets as frames, and reads them. One object serves all connections of a server at once, on any
/// thread: it has no state that changes. What belongs to one connection, the packet that it has begun to
/// send, is handed in with each of its frames.
///
/// What it throws is taken for a fault: of `encode` whoever emits hears, or else the log, and the packet is
/// not sent; of `decode` the log, and the connection is closed.
class AERIE_API Parser {
 public:
  virtual ~Parser() = default;

  /// Writes a packet: `out.begin(kind)`, and `out.add` for each further frame.
  virtual void encode(socketio::OutgoingPacket const& packet, socketio::EncodedPacket& out) const = 0;

  /// Takes a frame, and gives the packet that it completes. `begun` is what earlier frames have left there,
  /// null if the last packet is complete. What is there after an `incomplete` one is handed in again with
  /// the next frame; after any other result it is dropped.
  ///
  /// The parser checks the form of what it reads: that it ends where it should, is within the limits, and
  /// carries what its type may. Whether the client may send such a packet at all is checked by the server.
  virtual socketio::ParseResult decode(socketio::Frame const& frame,
                                       std::unique_ptr<socketio::PartialPacket>& begun,
                                       socketio::ParserLimits const& limits,
                                       socketio::IncomingPacket& packet) const = 0;

  /// The JSON text of the payload that `packet` was made with, if there is one as it stands; else nothing.
  /// Spares a cluster that speaks JSON from writing an event twice.
  virtual std::string_view json_payload(socketio::EncodedPacket const& packet,
                                        std::string_view nsp) const noexcept {
    static_cast<void>(packet);
    static_cast<void>(nsp);
    return {};
  }
};

/// The official parser, `socket.io-parser`: JSON, with what is binary in frames of its own. What a server has
/// unless its options say otherwise.
AERIE_API std::shared_ptr<Parser const> json_parser();

/// The official parser for MessagePack, `socket.io-msgpack-parser` 3.0.2: each packet is one binary message.
/// Dates and binary values arrive as what they are, and `undefined` too. Clients must be given it:
/// `io(url, { parser: require("socket.io-msgpack-parser") })`.
AERIE_API std::shared_ptr<Parser const> msgpack_parser();

}}  // namespace aerie::v1
