#include "load/scenarios/fanout.hpp"

namespace load {

FanOut::FanOut(Options const& options)
    : SteadyScenario(options, "delivery"),
      receivers_(loop(), options.server(), options.connections, false, dialect_of(options)),
      sender_(loop(), options.sender_server(), 1, false, dialect_of(options)),
      ledger_(options.connections, 1, dialect_of(options)) {}

void FanOut::begin() {
  receivers_.connect();
  sender_.connect();
  receivers_.join([](std::size_t) { return "bench"; }, receivers_.size());
  if (options().sender_port != 0) let_the_cluster_know();
  receivers_.deliver_to([this](std::size_t client, std::string_view packet) {
    if (ledger_.receive(client, packet) && !is_ending()) send();
  });
  for (std::size_t i = 0; i < options().in_flight; ++i)
    send();
}

// An official server answers a join before its subscription to the room has reached Redis.
void FanOut::let_the_cluster_know() {
  auto const limit = after(Clock::now(), 0.25);
  while (Clock::now() < limit)
    loop().turn(limit);
}

void FanOut::send() {
  sender_[0].send(
      ledger_.post({.scheduled = Clock::now(),
                    .receivers = receivers_.size(),
                    .size = options().payload,
                    .event = options().event.empty() ? "msg" : std::string_view(options().event)}));
}

}  // namespace load
