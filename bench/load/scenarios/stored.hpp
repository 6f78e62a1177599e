#pragma once

#include "load/crowd.hpp"
#include "load/round_trip_scenario.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// The program of apps/chat and its database: rooms of equal size, of whose members some have so many
/// messages under way, and send the next one when one is acknowledged, which it is when it is stored. Each
/// has an id; every member of the room, its sender too, must get it once and with rising ids.
class Stored final : public RoundTripScenario {
 public:
  explicit Stored(Options const& options);

 private:
  void begin() override;
  std::uint64_t broken() const override { return crowd_.broken(); }
  std::uint64_t outstanding() const override { return owed_ - delivered_; }
  std::uint64_t deliveries() const override { return delivered_; }

  /// Makes the users and the rooms; gives where each user connects to.
  std::vector<Endpoint> sign_in(Options const& options);
  /// The first `senders` clients are spread evenly.
  std::string const& room_of(std::size_t client) const { return rooms_[client % rooms_.size()]; }
  void start(std::size_t place) override;
  void on_packet(std::size_t client, std::string_view packet);
  void delivered(std::size_t client, std::string_view rest);
  void acknowledged(std::size_t client, std::string_view rest);

  std::vector<std::string> rooms_;  // their ids
  Crowd crowd_;
  std::vector<std::uint64_t> last_;  // the last id that each client has seen
  std::uint64_t sent_ = 0;
  std::uint64_t owed_ = 0;  // deliveries of what was sent
  std::uint64_t delivered_ = 0;
};

}  // namespace load
