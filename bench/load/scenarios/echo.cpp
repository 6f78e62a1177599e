#include "load/scenarios/echo.hpp"

#include "load/websocket_frames.hpp"

#include <charconv>

namespace load {

namespace {

// The crowd takes answers with the id 0 for those to `join`.
constexpr std::size_t first_id = 1;

}  // namespace

Echo::Echo(Options const& options)
    : SteadyScenario(options, "ack"),
      crowd_(loop(), options.port, options.connections),
      sent_at_(options.connections * options.in_flight) {
  for (std::size_t i = 0; i < options.in_flight; ++i) {
    auto const id = std::to_string(first_id + i);
    auto const text = "\"" + std::string(options.payload, 'x') + "\"]";
    slots_.push_back({text_frame("42" + id + "[\"" + options.event + "\"," + text), "3" + id + "[" + text});
  }
}

void Echo::begin() {
  crowd_.connect();
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { on_packet(client, packet); });
  for (std::size_t client = 0; client < crowd_.size(); ++client) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot)
      send(client, slot);
  }
}

void Echo::send(std::size_t client, std::size_t slot) {
  sent_at(client, slot) = Clock::now();
  crowd_[client].send(slots_[slot].frame);
  ++outstanding_;
}

void Echo::on_packet(std::size_t client, std::string_view packet) {
  std::size_t id = 0;
  if (packet.starts_with('3')) std::from_chars(packet.data() + 1, packet.data() + packet.size(), id);
  auto const slot = id - first_id;
  if (slot >= slots_.size() || packet != slots_[slot].answer) {
    ++wrong_;
    return;
  }
  latencies_.add(Clock::now() - sent_at(client, slot));
  ++answered_;
  --outstanding_;
  if (!is_ending()) send(client, slot);
}

}  // namespace load
