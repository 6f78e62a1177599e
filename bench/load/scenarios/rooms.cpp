#include "load/scenarios/rooms.hpp"

#include "load/websocket_frames.hpp"

namespace load {

JoinLeave::JoinLeave(Options const& options)
    : RoundTripScenario(options, "step", options.connections),
      crowd_(loop(), options.server(), options.connections),
      step_(options.connections) {
  for (auto const* const event : {"join", "leave"}) {
    for (std::size_t room = 0; room < options.rooms; ++room)
      frames_.push_back(
          text_frame("421[\"" + std::string(event) + "\",\"room " + std::to_string(room) + "\"]"));
  }
}

void JoinLeave::begin() {
  crowd_.connect();
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { on_packet(client, packet); });
  begin_trips();
}

void JoinLeave::on_packet(std::size_t client, std::string_view packet) {
  if (!packet.starts_with("31[")) return wrong_answer();
  step_[client] = (step_[client] + 1) % frames_.size();
  end_trip(client);
}

}  // namespace load
