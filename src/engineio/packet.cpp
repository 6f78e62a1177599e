#include <aerie/core/base64.hpp>
#include <aerie/engineio/packet.hpp>

namespace aerie { inline namespace v1 { namespace engineio {

bool decode_packet(std::string_view text, Packet& packet) noexcept {
  if (text.empty() || text.front() < '0' || text.front() > '6') return false;
  packet.type = static_cast<PacketType>(text.front());
  packet.binary = false;
  packet.data = text.substr(1);
  return true;
}

PayloadDecoder::Result PayloadDecoder::next(Packet& packet) {
  if (at_end_) return Result::end;
  auto const separator = rest_.find(payload_separator);
  auto const text = rest_.substr(0, separator);
  if (separator == std::string_view::npos) {
    at_end_ = true;
  } else {
    rest_.remove_prefix(separator + 1);
  }
  if (text.empty()) return Result::malformed;
  if (text.front() != binary_prefix) return decode_packet(text, packet) ? Result::packet : Result::malformed;
  decoded_.clear();
  base64::append_decoded_leniently(decoded_, text.substr(1));
  packet = {PacketType::message, true, decoded_};
  return Result::packet;
}

namespace {

void separate(std::string& payload) {
  if (!payload.empty()) payload.push_back(payload_separator);
}

}  // namespace

void append_packet(std::string& payload, PacketType type, std::string_view data) {
  separate(payload);
  payload.push_back(static_cast<char>(type));
  payload.append(data);
}

void append_binary(std::string& payload, std::string_view bytes) {
  separate(payload);
  payload.push_back(binary_prefix);
  base64::append_encoded(payload, bytes);
}

}}}  // namespace aerie::v1::engineio
