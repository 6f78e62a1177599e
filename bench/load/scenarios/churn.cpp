#include "load/scenarios/churn.hpp"

#include "load/drain.hpp"
#include "load/measurement.hpp"
#include "load/websocket_frames.hpp"

namespace load {

Churn::Churn(Options const& options)
    : options_(options),
      endpoint_(browser_endpoint(options.port)),
      join_(text_frame("420[\"join\",\"bench\"]")),
      begun_at_(options.connections) {
  ClientListener& listener = *this;
  for (std::size_t i = 0; i < options.connections; ++i)
    clients_.push_back(std::make_unique<WebSocketClient>(i, loop_, endpoint_, listener));
}

Report Churn::run() {
  for (std::size_t i = 0; i < clients_.size(); ++i)
    begin(i);
  run_until(after(Clock::now(), options_.warm_up));

  auto const before = cycles_;
  latencies_.clear();
  Measurement measurement(options_.pid);
  run_until(after(Clock::now(), options_.seconds));
  measurement.stop();
  auto const units = cycles_ - before;

  stopping_ = true;
  drain(loop_, [this] { return running_ == 0; });

  Report report;
  measurement.report(report, "cycle", units);
  report.add_latencies("", latencies_);
  report.add_losses(running_ + broken_);
  return report;
}

void Churn::run_until(TimePoint limit) {
  while (Clock::now() < limit && broken_ == 0)
    loop_.turn(limit);
}

void Churn::begin(std::size_t client) {
  begun_at_[client] = Clock::now();
  ++running_;
  clients_[client]->open();
}

void Churn::on_ready(std::size_t client) {
  clients_[client]->send(join_);
}

void Churn::on_packet(std::size_t client, std::string_view packet) {
  if (packet.starts_with("30[")) clients_[client]->leave();
}

void Churn::on_closed(std::size_t client, bool asked) {
  --running_;
  if (!asked) {
    ++broken_;
    return;
  }
  ++cycles_;
  latencies_.add(Clock::now() - begun_at_[client]);
  if (!stopping_) begin(client);
}

}  // namespace load
