#include "load/scenarios/stored.hpp"

#include "load/chat_api.hpp"
#include "load/prose.hpp"
#include "load/websocket_frames.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace load {

namespace {

constexpr std::string_view delivery = "2[\"newMessage\",{\"id\":";
constexpr std::string_view somebody_came = "2[\"online\",";

std::uint64_t number_at(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Stored::Stored(Options const& options)
    : RoundTripScenario(options, "message", options.senders * options.in_flight),
      crowd_(loop(), options.connections, sign_in(options)),
      last_(options.connections) {
  if (options.connections % options.rooms != 0)
    throw std::runtime_error("--connections has to be a multiple of --rooms");
  if (options.senders > options.connections)
    throw std::runtime_error("--senders are some of the --connections");
}

std::vector<Endpoint> Stored::sign_in(Options const& options) {
  ChatApi api(loop(), options.server());
  std::vector<Endpoint> members;
  for (std::size_t i = 0; i < options.connections; ++i) {
    auto const token = api.sign_in("member " + std::to_string(i));
    members.push_back(browser_endpoint(options.server()));
    members.back().join = text_frame("40{\"token\":\"" + token + "\"}");
    if (i < options.rooms) rooms_.push_back(api.make_room("room " + std::to_string(i), token));
  }
  return members;
}

void Stored::begin() {
  crowd_.connect();
  crowd_.ask(
      [this](std::size_t client) { return "420[\"joinRoom\",{\"chatRoomId\":" + room_of(client) + "}]"; },
      crowd_.size());
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { on_packet(client, packet); });
  begin_trips();
}

void Stored::start(std::size_t place) {
  auto const client = place / options().in_flight;
  auto const slot = place % options().in_flight;
  owed_ += options().connections / options().rooms;
  auto const number = std::to_string(++sent_);
  std::string packet("42" + std::to_string(Crowd::first_id + slot));
  packet.append("[\"sendMessage\",{\"chatRoomId\":").append(room_of(client));
  packet.append(",\"content\":\"").append(prose(options().payload, sent_));
  packet.append("\",\"clientId\":\"").append(number).append("\"}]");
  crowd_[client].send(text_frame(packet));
}

void Stored::on_packet(std::size_t client, std::string_view packet) {
  if (packet.starts_with(delivery)) {
    delivered(client, packet.substr(delivery.size()));
  } else if (packet.starts_with('3')) {
    acknowledged(client, packet.substr(1));
  } else if (!packet.starts_with(somebody_came)) {
    wrong_answer();
  }
}

void Stored::delivered(std::size_t client, std::string_view rest) {
  auto const id = number_at(rest);
  if (id <= std::exchange(last_[client], id)) wrong_answer();
  ++delivered_;
}

void Stored::acknowledged(std::size_t client, std::string_view rest) {
  auto const slot = number_at(rest) - Crowd::first_id;
  if (slot >= options().in_flight || rest.substr(rest.find('[')).starts_with("[{\"ok\":false"))
    return wrong_answer();
  end_trip(client * options().in_flight + slot);
}

}  // namespace load
