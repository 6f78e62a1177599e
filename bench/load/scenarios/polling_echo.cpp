#include "load/scenarios/polling_echo.hpp"

#include "load/drain.hpp"

#include <stdexcept>

namespace load {

PollingEcho::PollingEcho(Options const& options)
    : SteadyScenario(options, "ack"), sent_at_(options.connections) {
  auto const text = "\"" + std::string(options.payload, 'x') + "\"]";
  message_ = "420[\"echo\"," + text;
  answer_ = "30[" + text;
  PollingListener& listener = *this;
  for (std::size_t i = 0; i < options.connections; ++i)
    clients_.push_back(std::make_unique<PollingClient>(i, loop(), options.port, listener));
}

void PollingEcho::begin() {
  for (auto const& client : clients_)
    client->open();
  drain(loop(), [this] { return ready_ == clients_.size() || !failure_.empty(); });
  if (ready_ < clients_.size())
    throw std::runtime_error("the polling clients could not connect: " + failure_);
  for (std::size_t i = 0; i < clients_.size(); ++i)
    send(i);
}

void PollingEcho::advance(TimePoint limit) {
  loop().turn(limit);
  if (!failure_.empty()) throw std::runtime_error("a polling client failed: " + failure_);
}

void PollingEcho::send(std::size_t client) {
  sent_at_[client] = Clock::now();
  clients_[client]->send(message_);
  ++outstanding_;
}

void PollingEcho::on_ready(std::size_t) {
  ++ready_;
}

void PollingEcho::on_packet(std::size_t client, std::string_view packet) {
  if (packet != answer_) {
    ++wrong_;
    return;
  }
  latencies_.add(Clock::now() - sent_at_[client]);
  ++answered_;
  --outstanding_;
  if (!is_ending()) send(client);
}

void PollingEcho::on_failed(std::size_t, std::string_view why) {
  failure_ = why;
}

}  // namespace load
