#include <aerie/socketio/packet.hpp>

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 {

bool socketio::is_reserved_event(std::string_view name) noexcept {
  constexpr auto shortest = std::string_view("connect").size();
  if (name.size() < shortest) return false;
  static constexpr std::array<std::string_view, 6> reserved{
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::ranges::find(reserved, name) != reserved.end();
}

void Codec<socketio::ConnectReply>::encode(Encoder& encoder, socketio::ConnectReply const& reply) {
  encoder.begin_object(1);
  encoder.key("sid");
  encoder.string(reply.sid);
  encoder.end_object();
}

void Codec<socketio::Refusal>::encode(Encoder& encoder, socketio::Refusal const& refusal) {
  encoder.begin_object(refusal.data == nullptr ? 1 : 2);
  encoder.key("message");
  encoder.string(refusal.message);
  if (refusal.data != nullptr) {
    encoder.key("data");
    aerie::encode(encoder, *refusal.data);
  }
  encoder.end_object();
}

}}  // namespace aerie::v1
