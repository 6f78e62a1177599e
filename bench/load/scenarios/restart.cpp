#include "load/scenarios/restart.hpp"

#include "load/drain.hpp"
#include "load/measurement.hpp"
#include "load/websocket_frames.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace load {

Restart::Restart(Options const& options)
    : options_(options),
      stayed_(loop_, options.server(), options.senders),
      argument_("\"" + std::string(options.payload, 'x') + "\"]") {
  if (options.rate <= 0) throw std::runtime_error("this scenario needs --rate");
}

Report Restart::run() {
  stayed_.connect();
  {
    // As before the restart: the server has room for all of them, and its code is warm.
    Crowd before(loop_, options_.server(), options_.connections);
    before.connect();
    before.leave();
  }
  stayed_.deliver_to([this](std::size_t, std::string_view packet) { on_answer(packet); });
  next_ = Clock::now();
  run_until(after(Clock::now(), options_.warm_up));
  latencies_.clear();
  auto const asked_before = asked_.size();
  Measurement calm(options_.pids);
  run_until(after(Clock::now(), options_.seconds));
  calm.stop();
  auto const seconds_per_answer = calm.server_seconds() / static_cast<double>(asked_.size() - asked_before);
  auto const latencies_before = latencies_;
  latencies_.clear();
  delays_.clear();

  Crowd crowd(loop_, options_.server(), options_.connections);
  auto const asked_until_now = asked_.size();
  Measurement measurement(options_.pids);
  auto const begin = Clock::now();
  bring_back(crowd);
  auto const seconds = Seconds(Clock::now() - begin).count();
  measurement.stop();
  measurement.discount(seconds_per_answer * static_cast<double>(asked_.size() - asked_until_now));
  drain(loop_, [this] { return answered_ == asked_.size(); });

  Report report;
  measurement.report(report, "reconnect", crowd.size());
  report.add("seconds_until_back", seconds);
  report.add_latencies("before_", latencies_before);
  report.add_latencies("", latencies_);
  report.add("generator_late_p99_us", delays_.percentile_us(0.99));
  report.add_losses(asked_.size() - answered_ + wrong_ + stayed_.broken() + crowd.broken());
  return report;
}

void Restart::bring_back(Crowd& crowd) {
  auto const limit = after(Clock::now(), patience_s);
  while (crowd.ready() < crowd.size()) {
    if (crowd.broken() != 0 || Clock::now() > limit)
      throw std::runtime_error("of " + std::to_string(crowd.size()) + " clients " +
                               std::to_string(crowd.ready()) + " are back, " +
                               std::to_string(crowd.broken()) + " connections have broken");
    advance(crowd.open_some(opened_per_turn) ? Clock::now() : limit);
  }
}

void Restart::run_until(TimePoint limit) {
  while (Clock::now() < limit)
    advance(limit);
}

void Restart::advance(TimePoint limit) {
  for (auto const now = Clock::now(); next_ <= now; next_ = after(next_, 1 / options_.rate)) {
    delays_.add(Clock::now() - next_);
    auto const client = asked_.size() % stayed_.size();
    asked_.push_back(next_);
    auto const id = std::to_string(Crowd::first_id + asked_.size() - 1);
    stayed_[client].send(text_frame("42" + id + "[\"echo\"," + argument_));
  }
  loop_.turn(std::min(next_, limit));
}

void Restart::on_answer(std::string_view packet) {
  std::size_t id = 0;
  auto const* const end = packet.data() + packet.size();
  auto const parsed = std::from_chars(packet.data() + std::min<std::size_t>(1, packet.size()), end, id);
  auto const place = id - Crowd::first_id;
  if (!packet.starts_with('3') || place >= asked_.size() || asked_[place] == TimePoint() ||
      std::string_view(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)) != "[" + argument_) {
    ++wrong_;
    return;
  }
  latencies_.add(Clock::now() - std::exchange(asked_[place], TimePoint()));
  ++answered_;
}

}  // namespace load
