#pragma once

#include "load/websocket_client.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace load {

/// The WebSocket clients of a scenario: connects them, some at a time, and puts them into rooms.
class Crowd final : private ClientListener {
 public:
  /// Answers with smaller ids are taken for those to `join` and `ask`.
  static constexpr std::size_t first_id = 1;
  using OnPacket = std::function<void(std::size_t client, std::string_view packet)>;

  Crowd(EventLoop& loop, Address const& server, std::size_t size, bool msgpack = false,
        Dialect const& dialect = socket_io);
  /// Clients that differ in what they say of themselves; they take the endpoints in turn.
  Crowd(EventLoop& loop, std::size_t size, std::vector<Endpoint> endpoints);

  /// Returns when all are ready; `on_each` hears of every one of them, with the time it took. Throws
  /// std::runtime_error if that takes longer than a minute.
  void connect(std::function<void(Clock::duration)> const& on_each = {});
  /// Begins to connect so many more, however many others are not ready yet; false if there are none left.
  bool open_some(std::size_t count);
  /// How many have become ready.
  std::size_t ready() const { return ready_; }
  /// Puts the first `count` clients into rooms and waits until the server has said so.
  void join(std::function<std::string(std::size_t client)> const& room_of, std::size_t count);
  /// Has the first `count` clients send a packet with the id 0, and waits until all have an answer.
  void ask(std::function<std::string(std::size_t client)> const& packet_of, std::size_t count);
  /// Disconnects all of them, as the official client does, and returns when the server has heard it.
  void leave();

  /// Who hears of packets other than the answers to `join` and of events that ask for an acknowledgement,
  /// which they get at once.
  void deliver_to(OnPacket handler) { on_packet_ = std::move(handler); }
  /// Who hears of the attachments that follow a packet, and of packets in MessagePack.
  void deliver_attachments_to(OnPacket handler) { on_attachment_ = std::move(handler); }
  WebSocketClient& operator[](std::size_t client) { return *clients_[client]; }
  std::size_t size() const { return clients_.size(); }
  /// How many of the clients' connections have broken, of all or of those from `begin` to before `end`.
  std::size_t broken() const { return broken_; }
  std::size_t broken(std::size_t begin, std::size_t end) const;
  /// A client's kernel keeps so little that one that stops reading is noticed soon. Before `connect`.
  void shrink_buffer(std::size_t client, int bytes) { receive_buffers_[client] = bytes; }

 private:
  static constexpr std::size_t handshakes_at_once = 128;
  static constexpr double patience_s = 60;

  void on_ready(std::size_t client) override;
  void on_packet(std::size_t client, std::string_view packet) override;
  void on_attachment(std::size_t client, std::string_view bytes) override;
  void on_closed(std::size_t client, bool asked) override;
  void turn_until(TimePoint limit, char const* what);
  Dialect const& dialect() const { return *endpoints_.front().dialect; }

  EventLoop& loop_;
  std::vector<Endpoint> endpoints_;
  std::vector<std::unique_ptr<WebSocketClient>> clients_;
  std::vector<int> receive_buffers_;
  std::vector<TimePoint> opened_at_;
  std::vector<char> is_broken_;
  std::function<void(Clock::duration)> on_each_;
  OnPacket on_packet_;
  OnPacket on_attachment_;
  std::size_t opened_ = 0;
  std::size_t ready_ = 0;
  std::size_t joined_ = 0;
  std::size_t left_ = 0;
  std::size_t broken_ = 0;
};

}  // namespace load
