#include "load/scenarios/open_loop.hpp"

#include <algorithm>
#include <stdexcept>

namespace load {

OpenLoop::OpenLoop(Options const& options, Cast cast)
    : SteadyScenario(options, "delivery"),
      cast_(cast),
      crowd_(loop(), options.server(), cast.clients),
      ledger_(cast.receivers, cast.senders_per_room) {
  if (options.rate <= 0) throw std::runtime_error("this scenario needs --rate");
}

void OpenLoop::begin() {
  crowd_.connect();
  crowd_.join([this](std::size_t client) { return room_of(client); }, cast_.receivers);
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { ledger_.receive(client, packet); });
  next_ = Clock::now();
}

void OpenLoop::advance(TimePoint limit) {
  for (auto const now = Clock::now(); next_ <= now; next_ = after(next_, next_gap())) {
    auto const sender = next_sender();
    crowd_[sender.client].send(ledger_.post({next_, sender.receivers, options().payload, sender.place}));
  }
  loop().turn(std::min(next_, limit));
}

OpenLoop::Sender FanOutAtRate::next_sender() {
  return {options().connections, 0, options().connections};
}

double FanOutAtRate::next_gap() {
  return static_cast<double>(options().connections) / options().rate;
}

Chat::Chat(Options const& options)
    : OpenLoop(options, {options.connections, options.connections, options.connections / options.rooms}) {
  if (options.connections % options.rooms != 0)
    throw std::runtime_error("--connections has to be a multiple of --rooms");
}

std::string Chat::room_of(std::size_t client) const {
  return "room " + std::to_string(client / room_size());
}

OpenLoop::Sender Chat::next_sender() {
  auto const client = std::uniform_int_distribution<std::size_t>(0, options().connections - 1)(random_);
  return {client, client % room_size(), room_size()};
}

double Chat::next_gap() {
  return std::exponential_distribution<double>(options().rate / static_cast<double>(room_size()))(random_);
}

}  // namespace load
