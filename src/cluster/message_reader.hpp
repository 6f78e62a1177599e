#pragma once

/// \file
/// What the messages of all clusters have in common, read: JSON if they begin with `{`, else MessagePack, as
/// the official adapters tell them apart. Tolerant where the official ones are (members in any order, members
/// that nobody knows, numbers as names of rooms), and where those would throw or do to everybody what was
/// meant for nobody, a message is refused.

#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// Arrays and objects within each other that a message from another server may have.
inline constexpr std::size_t max_message_depth = 512;

/// Reads one message. REQUIRES: the bytes outlive the reader. Belongs to one thread.
class MessageReader {
 public:
  explicit MessageReader(std::string_view bytes);

  /// Where the message is at. Nothing can be read of a text that is no UTF-8.
  Decoder& decoder() noexcept { return *decoder_; }
  /// To be called after the message: nothing went wrong, and nothing follows it.
  bool finish();

  /// An event with its arguments, in the form in which it came.
  bool read_payload(socketio::EventPayload& payload);

 private:
  std::variant<json::Reader, msgpack::Reader> reader_;
  Decoder* decoder_;
};

/// A packet of an event: `{"type":2,"data":["event",1],"nsp":"/"}`; `nsp` may be missing.
struct Packet {
  std::string nsp;
  socketio::EventPayload payload;
};

// Each reads one value. False: refused.
bool read_text(Decoder& decoder, std::string& text);
bool read_texts(Decoder& decoder, std::vector<std::string>& texts);
bool read_packet(MessageReader& reader, Packet& packet);
/// `{"rooms":[],"except":[],"flags":{}}`, any of which may be missing.
bool read_options(Decoder& decoder, socketio::ClusterMessage& message);
bool read_sockets(Decoder& decoder, std::vector<socketio::SocketDetails>& sockets);
/// A whole number that is not negative.
bool read_count(Decoder& decoder, std::uint64_t& count);
bool read_truth(Decoder& decoder, bool& truth);
/// Leaves a value that is null or undefined behind, and says so.
bool skip_null(Decoder& decoder);

}}}  // namespace aerie::v1::cluster
