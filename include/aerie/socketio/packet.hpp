#pragma once

/// \file
/// Packets of Socket.IO before they are written and after: what is to be sent, whatever the parser, and the
/// frames that a parser makes of it. https://socket.io/docs/v4/socket-io-protocol/

#include <aerie/core/api.hpp>
#include <aerie/schema/bytes.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/socketio/event_payload.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace socketio {

/// The numbers are those of the protocol. Whether a packet has something binary in it is the parser's
/// business.
enum class PacketType : std::uint8_t { connect = 0, disconnect = 1, event = 2, ack = 3, connect_error = 4 };

/// As the protocol's specification writes it: "CONNECT_ERROR". https://socket.io/docs/v4/socket-io-protocol/
constexpr std::string_view to_string(PacketType type) noexcept {
  switch (type) {
    case PacketType::connect:
      return "CONNECT";
    case PacketType::disconnect:
      return "DISCONNECT";
    case PacketType::event:
      return "EVENT";
    case PacketType::ack:
      return "ACK";
    case PacketType::connect_error:
      return "CONNECT_ERROR";
  }
  return "a packet";
}

inline constexpr std::size_t default_max_attachments = 10;

/// Names that no application may send or receive as an event.
AERIE_API bool is_reserved_event(std::string_view name) noexcept;

/// A message of the connection beneath.
enum class FrameKind : std::uint8_t { text, binary };

/// One of them; a view. A text is valid UTF-8.
struct Frame {
  FrameKind kind = FrameKind::text;
  std::string_view data{};
};

/// A packet ready to be sent: one frame or several, in their order. Its memory can be used again and again.
class EncodedPacket {
 public:
  /// Begins anew, with a frame of that kind. Returns its content, to be appended to.
  std::string& begin(FrameKind kind) {
    kind_ = kind;
    first_.clear();
    more_.clear();
    return first_;
  }
  /// Adds a frame. A text has to be valid UTF-8.
  void add(FrameKind kind, Bytes content) { more_.push_back({kind, std::move(content)}); }

  /// The first frame, which there always is; empty before `begin`.
  Frame first() const noexcept { return {kind_, first_}; }
  std::size_t frame_count() const noexcept { return 1 + more_.size(); }
  /// Calls `visit(Frame)` for each.
  template <class Visit>
  void each(Visit visit) const {
    visit(first());
    for (auto const& frame : more_)
      visit(Frame{frame.kind, frame.content.view()});
  }
  /// Bytes of all of it.
  std::size_t size() const noexcept {
    auto size = first_.size();
    for (auto const& frame : more_)
      size += frame.content.size();
    return size;
  }

 private:
  struct Further {
    FrameKind kind;
    Bytes content;
  };

  FrameKind kind_ = FrameKind::text;
  std::string first_;
  std::vector<Further> more_;
};

/// Why a client may not join a namespace: the payload of a CONNECT_ERROR, `{message, data?}`. Owns nothing.
struct Refusal {
  std::string_view message;
  /// What a middleware adds for its clients, which may be undefined. Null if it was none that has refused.
  Value const* data = nullptr;
};

/// The payload of the server's CONNECT. Owns nothing.
struct ConnectReply {
  std::string_view sid;
  /// What the client claims its session by, if the server recovers sessions; else empty.
  std::string_view pid{};
};

}  // namespace socketio

template <>
struct AERIE_API Codec<socketio::ConnectReply> {
  static void encode(Encoder& encoder, socketio::ConnectReply const& reply);
};

template <>
struct AERIE_API Codec<socketio::Refusal> {
  static void encode(Encoder& encoder, socketio::Refusal const& refusal);
};

namespace socketio {

/// What a packet carries, not yet in anybody's spelling. Owns nothing: it lives as long as what it is made
/// of, the call.
class AERIE_API PacketData {
 public:
  /// Nothing: a DISCONNECT.
  PacketData() noexcept : payload_(nullptr) {}
  /// One value.
  explicit PacketData(EncodableRef value) noexcept : form_(Form::value), value_(value) {}
  /// The array of these elements.
  explicit PacketData(ArgsRef elements) noexcept
      : form_(Form::elements), elements_(elements), payload_(nullptr) {}
  /// The array of an event's name and its arguments.
  PacketData(std::string_view event, ArgsRef args) noexcept
      : form_(Form::event), event_(event), elements_(args), payload_(nullptr) {}
  explicit PacketData(EventPayload const& payload) noexcept : form_(Form::payload), payload_(&payload) {}
  explicit PacketData(Refusal const& refusal) noexcept : form_(Form::refusal), refusal_(&refusal) {}

  bool empty() const noexcept { return form_ == Form::none; }
  /// Of a CONNECT_ERROR; otherwise null.
  Refusal const* refusal() const noexcept { return form_ == Form::refusal ? refusal_ : nullptr; }
  /// If it is an event that another server has sent; otherwise null.
  EventPayload const* payload() const noexcept { return form_ == Form::payload ? payload_ : nullptr; }

  /// Writes it, as one value: for a parser of any format, `packet.data.write(encoder)`. REQUIRES: not empty.
  /// Throws what a user's `Codec` throws.
  template <class Writer>
  void write(Writer& writer) const {
    switch (form_) {
      case Form::none:
        return;
      case Form::value:
        return value_.encode(writer);
      case Form::elements:
        writer.begin_array(elements_.size());
        break;
      case Form::event:
        writer.begin_array(elements_.size() + 1);
        writer.string(event_);
        break;
      case Form::payload:
        return payload_->encode(writer);
      case Form::refusal:
        return Codec<Refusal>::encode(writer, *refusal_);
    }
    encode_elements(writer, elements_);
    writer.end_array();
  }

 private:
  enum class Form : std::uint8_t { none, value, elements, event, payload, refusal };

  Form form_ = Form::none;
  std::string_view event_;
  ArgsRef elements_;
  // Of the form of that name.
  union {
    EventPayload const* payload_;
    Refusal const* refusal_;
    EncodableRef value_;
  };
};

/// A packet as whoever sends it gives it to the parser. Owns nothing.
struct OutgoingPacket {
  PacketType type = PacketType::event;
  /// With its slash.
  std::string_view nsp = "/";
  /// Of an event that asks for an acknowledgement, and of an acknowledgement.
  std::optional<std::uint64_t> id{};
  PacketData data{};
  /// The same goes to many clients.
  bool is_broadcast = false;
};

}  // namespace socketio

}}  // namespace aerie::v1
