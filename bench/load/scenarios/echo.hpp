#pragma once

#include "load/crowd.hpp"
#include "load/round_trip_scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each connection has `in_flight` acknowledged messages under way, with a text or an attachment, and sends
/// the next one when an answer comes.
class Echo final : public RoundTripScenario {
 public:
  explicit Echo(Options const& options);

 private:
  /// One of the messages that a connection has in flight, over and over under the same id.
  struct Slot {
    std::string frames;
    std::string answer;
  };

  void begin() override;
  std::uint64_t broken() const override { return crowd_.broken(); }

  void start(std::size_t place) override;
  void on_packet(std::size_t client, std::string_view packet);
  void on_attachment(std::size_t client, std::string_view bytes);
  void answered(std::size_t client, std::size_t slot);
  std::size_t place(std::size_t client, std::size_t slot) const { return client * slots_.size() + slot; }

  Crowd crowd_;
  std::string content_;
  std::vector<Slot> slots_;
  // Of each client: the message whose attachment is to come, or `nothing`.
  static constexpr std::size_t nothing = static_cast<std::size_t>(-1);
  std::vector<std::size_t> expected_;
};

}  // namespace load
