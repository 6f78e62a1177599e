#include "load/scenarios/polling.hpp"

namespace load {

PollingEcho::PollingEcho(Options const& options)
    : RoundTripScenario(options, "ack", options.connections),
      crowd_(loop(), options.server(), options.connections) {
  auto const text = "\"" + std::string(options.payload, 'x') + "\"]";
  message_ = "420[\"echo\"," + text;
  answer_ = "30[" + text;
}

void PollingEcho::begin() {
  crowd_.connect();
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) { on_packet(client, packet); });
  begin_trips();
}

void PollingEcho::advance(TimePoint limit) {
  loop().turn(limit);
  crowd_.check();
}

void PollingEcho::on_packet(std::size_t client, std::string_view packet) {
  if (packet != answer_) return wrong_answer();
  end_trip(client);
}

PollingFanOut::PollingFanOut(Options const& options)
    : SteadyScenario(options, "delivery"),
      receivers_(loop(), options.server(), options.connections),
      sender_(loop(), options.server(), 1),
      ledger_(options.connections) {}

void PollingFanOut::begin() {
  receivers_.connect();
  sender_.connect();
  receivers_.join("bench");
  receivers_.deliver_to([this](std::size_t client, std::string_view packet) {
    if (ledger_.receive(client, packet) && !is_ending()) send();
  });
  for (std::size_t i = 0; i < options().in_flight; ++i)
    send();
}

void PollingFanOut::advance(TimePoint limit) {
  loop().turn(limit);
  receivers_.check();
}

void PollingFanOut::send() {
  sender_[0].send(ledger_.post({Clock::now(), receivers_.size(), options().payload}));
}

}  // namespace load
