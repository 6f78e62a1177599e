#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/socketio/json_packet.hpp>

#include <algorithm>
#include <limits>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// From the digit of an event or an acknowledgement to that of one with something binary in it.
constexpr int to_binary = 3;

/// Reads the digits at the front of `text`; nothing if they exceed `most`. A few digits, as ids have, take
/// std::from_chars longer.
template <class T>
std::optional<T> take_number(std::string_view& text, T most) noexcept {
  T number = 0;
  std::size_t size = 0;
  for (; size < text.size() && core::is_digit(text[size]); ++size) {
    auto const digit = static_cast<T>(text[size] - '0');
    if (digit > most || number > (most - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  text.remove_prefix(size);
  return number;
}

PacketError take_attachments(std::string_view& text, std::size_t& count, std::size_t most) noexcept {
  if (text.empty() || !core::is_digit(text.front())) return PacketError::illegal_attachments;
  auto const number = take_number<std::size_t>(text, most);
  if (!number) return PacketError::too_many_attachments;
  if (*number == 0 || text.empty() || text.front() != '-') return PacketError::illegal_attachments;
  text.remove_prefix(1);
  count = *number;
  return PacketError::none;
}

std::string_view take_namespace(std::string_view& text) noexcept {
  auto const end = std::min(text.find(','), text.size());
  auto const nsp = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return nsp;
}

}  // namespace

std::string_view to_string(PacketError error) noexcept {
  switch (error) {
    case PacketError::none:
      return "";
    case PacketError::empty:
      return "empty packet";
    case PacketError::unknown_type:
      return "unknown packet type";
    case PacketError::illegal_attachments:
      return "Illegal attachments";
    case PacketError::too_many_attachments:
      return "too many attachments";
    case PacketError::illegal_id:
      return "illegal acknowledgement id";
    case PacketError::invalid_payload:
      return "invalid payload";
    case PacketError::illegal_placeholder:
      return "illegal attachments";
    case PacketError::text_while_assembling:
      return "got plaintext data when reconstructing a packet";
    case PacketError::binary_out_of_place:
      return "got binary data when not reconstructing a packet";
    case PacketError::attachments_too_large:
      return "the attachments of a packet are too large together";
  }
  return "";
}

PacketError parse_packet(std::string_view text, PacketHead& head, std::size_t max_attachments) noexcept {
  if (text.empty()) return PacketError::empty;
  auto type = text.front() - '0';
  if (type < 0 || type > to_binary + static_cast<int>(PacketType::ack)) return PacketError::unknown_type;
  auto const is_binary = type > static_cast<int>(PacketType::connect_error);
  if (is_binary) type -= to_binary;
  head.type = static_cast<PacketType>(type);
  text.remove_prefix(1);
  if (is_binary) {
    if (auto const error = take_attachments(text, head.attachments, max_attachments);
        error != PacketError::none) {
      return error;
    }
  }
  if (!text.empty() && text.front() == '/') head.nsp = take_namespace(text);
  if (!text.empty() && core::is_digit(text.front())) {
    head.id = take_number<std::uint64_t>(text, std::numeric_limits<std::int64_t>::max());
    if (!head.id) return PacketError::illegal_id;
  }
  head.payload = text;
  return PacketError::none;
}

void append_packet_head(std::string& out, PacketType type, std::size_t attachments, std::string_view nsp,
                        std::optional<std::uint64_t> id) {
  auto const digit = '0' + static_cast<int>(type);
  out.push_back(static_cast<char>(attachments == 0 ? digit : digit + to_binary));
  if (attachments != 0) {
    core::append_decimal(out, attachments);
    out.push_back('-');
  }
  if (nsp.size() != 1) {  // "/" has no name in packets
    out.append(nsp);
    out.push_back(',');
  }
  if (id) core::append_decimal(out, *id);
}

}}}  // namespace aerie::v1::socketio
