#include "channels/channel_gateway.hpp"

#include "error_answers.hpp"
#include "model.hpp"
#include "random_bytes.hpp"
#include "text.hpp"

#include <aerie/core/log.hpp>

#include <chrono>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

std::string guest_name() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name = "guest-";
  for (char const byte : random_bytes(3)) {
    auto const value = static_cast<unsigned char>(byte);
    name.push_back(digits[value >> 4U]);
    name.push_back(digits[value & 15U]);
  }
  return name;
}

}  // namespace

void ChannelGateway::describe(aerie::Gateway<ChannelGateway>& g) {
  g.matching("^/channel-[a-z0-9][a-z0-9-]{0,62}$").use<ErrorAnswers>();
  g.connected<&ChannelGateway::welcome>().disconnected<&ChannelGateway::farewell>();
  g.on<&ChannelGateway::say>("say").use<aerie::Throttle>(20, 10s);
  g.emits<ChannelWelcome>("welcome").emits<ChannelMessage>("said").emits<std::int64_t>("online");
}

void ChannelGateway::welcome(aerie::Socket& socket) {
  auto& channel = socket.nsp();
  auto const& guest = socket.set(Guest{guest_name()});
  auto const online = static_cast<std::int64_t>(channel.socket_count());
  ChannelWelcome const greeting{guest.name, online, backlog_.recent(channel.name())};
  socket.emit("welcome", greeting);
  count(channel);
}

void ChannelGateway::farewell(aerie::Socket& socket) {
  count(socket.nsp());
}

void ChannelGateway::count(aerie::Namespace& channel) {
  soon_.do_soon(channel.name(), [known = channel.weak_from_this()] {
    if (auto const open = known.lock()) open->emit("online", static_cast<std::int64_t>(open->socket_count()));
  });
}

Said ChannelGateway::say(aerie::Namespace& channel, Guest const& guest, SayRequest const& request) {
  if (text::length(request.content) > longest_content) {
    throw ChatError(ErrorCode::too_long, "The message is longer than 2000 characters.");
  }
  if (text::trimmed(request.content).empty()) throw ChatError(ErrorCode::empty, "The message is empty.");
  auto message = backlog_.add(channel.name(), {0, guest.name, request.content, aerie::Date(clock_.wall())});
  channel.emit("said", message);
  return {true, std::move(message)};
}

}  // namespace chat
