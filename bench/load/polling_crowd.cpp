#include "load/polling_crowd.hpp"

#include "load/join.hpp"

#include <stdexcept>

namespace load {

PollingCrowd::PollingCrowd(EventLoop& loop, Address const& server, std::size_t size) : loop_(loop) {
  PollingListener& listener = *this;
  for (std::size_t i = 0; i < size; ++i)
    clients_.push_back(std::make_unique<PollingClient>(i, loop, server, listener));
}

void PollingCrowd::connect() {
  auto const limit = after(Clock::now(), patience_s);
  std::size_t opened = 0;
  while (ready_ < size()) {
    for (; opened < size() && opened - ready_ < handshakes_at_once; ++opened)
      clients_[opened]->open();
    turn_until(limit);
  }
}

void PollingCrowd::join(std::string_view room) {
  auto const limit = after(Clock::now(), patience_s);
  on_packet_ = [this](std::size_t, std::string_view packet) { joined_ += answers_join(packet); };
  auto const packet = join_packet(room);
  for (auto const& client : clients_)
    client->send(packet);
  while (joined_ < size())
    turn_until(limit);
}

void PollingCrowd::check() const {
  if (!failure_.empty()) throw std::runtime_error("a polling client failed: " + failure_);
}

void PollingCrowd::turn_until(TimePoint limit) {
  check();
  if (Clock::now() > limit)
    throw std::runtime_error("of " + std::to_string(size()) + " polling clients " + std::to_string(ready_) +
                             " are ready and " + std::to_string(joined_) + " have joined after a minute");
  loop_.turn(limit);
}

void PollingCrowd::on_ready(std::size_t) {
  ++ready_;
}

void PollingCrowd::on_packet(std::size_t client, std::string_view packet) {
  if (on_packet_) on_packet_(client, packet);
}

void PollingCrowd::on_failed(std::size_t, std::string_view why) {
  failure_ = why;
}

}  // namespace load
