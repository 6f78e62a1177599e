#pragma once

#include "load/crowd.hpp"
#include "load/steady_scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each connection has `in_flight` acknowledged messages under way, with a text or an attachment, and sends
/// the next one when an answer comes.
class Echo final : public SteadyScenario {
 public:
  explicit Echo(Options const& options);

 private:
  /// One of the messages that a connection has in flight, over and over under the same id.
  struct Slot {
    std::string frames;
    std::string answer;
  };

  void begin() override;
  std::uint64_t done() const override { return answered_; }
  std::uint64_t under_way() const override { return outstanding_; }
  std::uint64_t failures() const override { return wrong_ + crowd_.broken(); }
  Latencies& latencies() override { return latencies_; }

  void send(std::size_t client, std::size_t slot);
  void on_packet(std::size_t client, std::string_view packet);
  void on_attachment(std::size_t client, std::string_view bytes);
  void answered(std::size_t client, std::size_t slot);
  TimePoint& sent_at(std::size_t client, std::size_t slot) { return sent_at_[client * slots_.size() + slot]; }

  Crowd crowd_;
  std::string content_;
  std::vector<Slot> slots_;
  // Of each client: the message whose attachment is to come, or `nothing`.
  static constexpr std::size_t nothing = static_cast<std::size_t>(-1);
  std::vector<std::size_t> expected_;
  std::vector<TimePoint> sent_at_;
  Latencies latencies_;
  std::uint64_t answered_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace load
