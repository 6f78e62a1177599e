#include <aerie/core/immortal.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/parser.hpp>

#include <limits>
#include <utility>

namespace aerie { inline namespace v1 {

namespace socketio { namespace {

/// Why a message is no packet, in the official parser's words where it has them.
struct Fault {
  static constexpr std::string_view packet = "invalid packet";
  static constexpr std::string_view type = "invalid packet type";
  static constexpr std::string_view nsp = "invalid namespace";
  static constexpr std::string_view payload = "invalid payload";
  static constexpr std::string_view id = "invalid packet id";
};

/// Writes the members in the order in which the official server builds its packets.
class PacketWriter {
 public:
  PacketWriter(std::string& out, OutgoingPacket const& packet)
      : writer_(out, msgpack::Dialect::notepack_2), packet_(packet) {}

  void write() {
    constexpr std::size_t type_and_namespace = 2;
    writer_.begin_object(type_and_namespace + (packet_.data.empty() ? 0 : 1) + (packet_.id ? 1 : 0));
    auto const* const refusal = packet_.data.refusal();
    if (packet_.type == PacketType::ack) {
      put_id();
      put_type();
      put_data();
      put_nsp();
    } else if (refusal != nullptr && refusal->data == nullptr) {
      put_type();
      put_nsp();
      put_data();
    } else if (packet_.is_broadcast) {
      put_type();
      put_data();
      put_nsp();
      put_id();
    } else {
      put_type();
      put_data();
      put_id();
      put_nsp();
    }
  }

 private:
  void put_type() {
    writer_.key("type");
    writer_.unsigned_integer(static_cast<std::uint64_t>(packet_.type));
  }
  void put_nsp() {
    writer_.key("nsp");
    writer_.string(packet_.nsp);
  }
  void put_data() {
    if (packet_.data.empty()) return;
    writer_.key("data");
    packet_.data.write(writer_);
  }
  void put_id() {
    if (!packet_.id) return;
    writer_.key("id");
    writer_.unsigned_integer(*packet_.id);
  }

  msgpack::Writer writer_;
  OutgoingPacket const& packet_;
};

/// Reads one packet, whose members may come in any order.
class PacketReader {
 public:
  PacketReader(std::string_view bytes, ParserLimits const& limits, IncomingPacket& packet)
      : reader_(bytes, limits.max_depth < no_limit ? limits.max_depth + 1 : no_limit), packet_(packet) {}

  ParseResult read() {
    if (!read_members()) return ParseResult::malformed(Fault::packet);
    if (!has_type_) return ParseResult::malformed(Fault::type);
    if (!has_nsp_) return ParseResult::malformed(Fault::nsp);
    if (!is_payload_valid()) return ParseResult::malformed(Fault::payload);
    if (!has_valid_id_) return ParseResult::malformed(Fault::id);
    packet_.payload = Args(msgpack_elements(), packet_.elements, 0, {});
    return ParseResult::complete();
  }

 private:
  static constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

  bool read_members() {
    if (!reader_.begin_object()) return false;
    std::string_view key;
    while (reader_.next_member(key)) {
      if (!read_member(key)) return false;
    }
    return reader_.finish();
  }

  bool read_member(std::string_view key) {
    if (key == "type") return read_type();
    if (key == "nsp") return read_nsp();
    if (key == "data") return read_data();
    if (key == "id") return read_id();
    return reader_.skip();
  }

  /// A whole number that is not negative; nothing if it is another value, which is passed over.
  std::optional<std::uint64_t> read_number() {
    if (reader_.peek() != ValueKind::number) {
      static_cast<void>(reader_.skip());
      return std::nullopt;
    }
    Number number;
    auto const is_whole = reader_.read_number(number) && number.kind == Number::Kind::integer;
    if (!is_whole || number.integer < 0) return std::nullopt;
    return static_cast<std::uint64_t>(number.integer);
  }

  bool read_type() {
    auto const type = read_number();
    has_type_ = type && *type <= static_cast<std::uint64_t>(PacketType::connect_error);
    if (has_type_) packet_.type = static_cast<PacketType>(*type);
    return reader_.ok();
  }

  bool read_nsp() {
    has_nsp_ = reader_.peek() == ValueKind::string;
    // The view is into the message.
    return has_nsp_ ? reader_.read_string(packet_.nsp) : reader_.skip();
  }

  bool read_id() {
    auto const is_undefined = reader_.peek() == ValueKind::undefined;
    packet_.id = read_number();
    has_valid_id_ = is_undefined || packet_.id;
    return reader_.ok();
  }

  bool read_data() {
    // Of two members of one name the last one counts, as in JavaScript.
    packet_.elements.clear();
    data_ = reader_.peek();
    if (data_ == ValueKind::undefined) return reader_.skip();
    if (data_ != ValueKind::array) return read_element();
    if (!reader_.begin_array()) return false;
    while (reader_.next_element()) {
      if (!read_element()) return false;
    }
    return reader_.ok();
  }

  bool read_element() {
    auto const before = reader_.rest();
    if (!reader_.skip()) return false;
    packet_.elements.push_back(before.substr(0, before.size() - reader_.rest().size()));
    return true;
  }

  bool is_payload_valid() const {
    switch (packet_.type) {
      case PacketType::connect:
        return data_ == ValueKind::undefined || data_ == ValueKind::object;
      case PacketType::disconnect:
        return data_ == ValueKind::undefined;
      case PacketType::connect_error:
        return data_ == ValueKind::string || data_ == ValueKind::object;
      case PacketType::event:
      case PacketType::ack:
        return data_ == ValueKind::array;
    }
    return false;
  }

  msgpack::Reader reader_;
  IncomingPacket& packet_;
  ValueKind data_ = ValueKind::undefined;
  bool has_type_ = false;
  bool has_nsp_ = false;
  bool has_valid_id_ = true;
};

class MsgpackParser final : public Parser {
 public:
  void encode(OutgoingPacket const& packet, EncodedPacket& out) const override {
    PacketWriter(out.begin(FrameKind::binary), packet).write();
  }

  ParseResult decode(Frame const& frame, std::unique_ptr<PartialPacket>&, ParserLimits const& limits,
                     IncomingPacket& packet) const override {
    if (frame.kind != FrameKind::binary) return ParseResult::malformed(Fault::packet);
    return PacketReader(frame.data, limits, packet).read();
  }
};

}}  // namespace socketio

std::shared_ptr<Parser const> msgpack_parser() {
  static core::Immortal<socketio::MsgpackParser> const parser;
  return {std::shared_ptr<void>(), &*parser};
}

}}  // namespace aerie::v1
