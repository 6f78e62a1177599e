#pragma once

#include "load/polling_client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// The clients of a scenario over HTTP long-polling: connects them, some at a time, and puts them into rooms.
class PollingCrowd final : private PollingListener {
 public:
  using OnPacket = std::function<void(std::size_t client, std::string_view packet)>;

  PollingCrowd(EventLoop& loop, Address const& server, std::size_t size);

  /// Returns when all are ready. Throws std::runtime_error if that takes longer than a minute.
  void connect();
  /// Puts all of them into a room and waits until the server has said so.
  void join(std::string_view room);

  /// Who hears of packets from now on.
  void deliver_to(OnPacket handler) { on_packet_ = std::move(handler); }
  PollingClient& operator[](std::size_t client) { return *clients_[client]; }
  std::size_t size() const { return clients_.size(); }
  /// Throws std::runtime_error that says why, if a client has failed.
  void check() const;

 private:
  static constexpr std::size_t handshakes_at_once = 64;
  static constexpr double patience_s = 60;

  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_failed(std::size_t client, std::string_view why) override;
  void turn_until(TimePoint limit);

  EventLoop& loop_;
  std::vector<std::unique_ptr<PollingClient>> clients_;
  OnPacket on_packet_;
  std::string failure_;
  std::size_t ready_ = 0;
  std::size_t joined_ = 0;
};

}  // namespace load
