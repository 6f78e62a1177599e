#pragma once

#include "load/crowd.hpp"
#include "load/latencies.hpp"
#include "load/scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each connection has `in_flight` acknowledged messages under way, and sends the next one when an answer
/// comes.
class Echo final : public Scenario {
 public:
  explicit Echo(Options const& options);
  Report run() override;

 private:
  /// One of the messages that a connection has in flight, over and over under the same id.
  struct Slot {
    std::string frame;
    std::string answer;
  };

  void send(std::size_t client, std::size_t slot);
  void on_packet(std::size_t client, std::string_view packet);
  void run_until(TimePoint limit);
  TimePoint& sent_at(std::size_t client, std::size_t slot) { return sent_at_[client * slots_.size() + slot]; }

  Options options_;
  EventLoop loop_;
  Crowd crowd_;
  std::vector<Slot> slots_;
  std::vector<TimePoint> sent_at_;
  Latencies latencies_;
  std::uint64_t answered_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t wrong_ = 0;
  bool stopping_ = false;
};

}  // namespace load
