#include "load/scenarios/echo.hpp"

#include "load/msgpack_packets.hpp"
#include "load/websocket_frames.hpp"

#include <charconv>
#include <utility>

namespace load {

Echo::Echo(Options const& options)
    : RoundTripScenario(options, "ack", options.connections * options.in_flight),
      crowd_(loop(), options.server(), options.connections, options.msgpack),
      content_(options.payload, 'x'),
      expected_(options.connections, nothing) {
  auto const argument = options.binary ? "{\"_placeholder\":true,\"num\":0}]" : "\"" + content_ + "\"]";
  auto const name = options.event.empty() ? std::string("echo") : options.event;
  auto const event = std::string(options.binary ? "451-" : "42");
  auto const ack = std::string(options.binary ? "61-" : "3");
  for (std::size_t i = 0; i < options.in_flight; ++i) {
    if (options.msgpack) {
      slots_.push_back({binary_frame(msgpack_event(name, content_, Crowd::first_id + i)),
                        msgpack_ack(content_, Crowd::first_id + i)});
      continue;
    }
    auto const id = std::to_string(Crowd::first_id + i);
    auto frames = text_frame(event + id + "[\"" + name + "\"," + argument);
    if (options.binary) frames += binary_frame(content_);
    slots_.push_back({std::move(frames), ack + id + "[" + argument});
  }
}

void Echo::begin() {
  crowd_.connect();
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { on_packet(client, packet); });
  crowd_.deliver_attachments_to(
      [this](std::size_t client, std::string_view bytes) { on_attachment(client, bytes); });
  begin_trips();
}

void Echo::start(std::size_t place) {
  crowd_[place / slots_.size()].send(slots_[place % slots_.size()].frames);
}

void Echo::on_packet(std::size_t client, std::string_view packet) {
  auto const before_id = static_cast<std::size_t>(options().binary ? 3 : 1);
  std::size_t id = 0;
  if (packet.size() > before_id)
    std::from_chars(packet.data() + before_id, packet.data() + packet.size(), id);
  auto const slot = id - Crowd::first_id;
  if (slot >= slots_.size() || packet != slots_[slot].answer || expected_[client] != nothing)
    return wrong_answer();
  if (options().binary) {
    expected_[client] = slot;
  } else {
    answered(client, slot);
  }
}

void Echo::on_attachment(std::size_t client, std::string_view bytes) {
  if (options().msgpack) {
    auto const slot = msgpack_ack_id(bytes).value_or(0) - Crowd::first_id;
    if (slot < slots_.size() && bytes == slots_[slot].answer) return answered(client, slot);
    return wrong_answer();
  }
  auto const slot = std::exchange(expected_[client], nothing);
  if (slot == nothing || bytes != content_) return wrong_answer();
  answered(client, slot);
}

void Echo::answered(std::size_t client, std::size_t slot) {
  end_trip(place(client, slot));
}

}  // namespace load
