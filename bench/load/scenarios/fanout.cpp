#include "load/scenarios/fanout.hpp"

namespace load {

FanOut::FanOut(Options const& options)
    : SteadyScenario(options, "delivery"),
      crowd_(loop(), options.port, options.connections + 1),
      ledger_(options.connections + 1) {}

void FanOut::begin() {
  crowd_.connect();
  crowd_.join([](std::size_t) { return "bench"; }, options().connections);
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) {
    if (ledger_.receive(client, packet) && !is_ending()) send();
  });
  for (std::size_t i = 0; i < options().in_flight; ++i)
    send();
}

void FanOut::send() {
  auto const receivers = options().connections;
  crowd_[receivers].send(ledger_.post({Clock::now(), receivers, options().payload}));
}

}  // namespace load
