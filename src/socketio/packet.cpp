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
  // Undefined in JavaScript, and here, where there is no recovery.
  auto const has_pid = !reply.pid.empty() || encoder.keeps_undefined();
  encoder.begin_object(has_pid ? 2 : 1);
  encoder.key("sid");
  encoder.string(reply.sid);
  if (has_pid) {
    encoder.key("pid");
    if (reply.pid.empty()) {
      encoder.undefined();
    } else {
      encoder.string(reply.pid);
    }
  }
  encoder.end_object();
}

void Codec<socketio::Refusal>::encode(Encoder& encoder, socketio::Refusal const& refusal) {
  auto const has_data =
      refusal.data != nullptr && (!refusal.data->is_undefined() || encoder.keeps_undefined());
  encoder.begin_object(has_data ? 2 : 1);
  encoder.key("message");
  encoder.string(refusal.message);
  if (has_data) {
    encoder.key("data");
    aerie::encode(encoder, *refusal.data);
  }
  encoder.end_object();
}

}}  // namespace aerie::v1
