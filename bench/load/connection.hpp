#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace load {

/// What the driver of a scenario hears of a connection.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_ready(std::size_t index) = 0;
  /// A Socket.IO packet other than the handshake's: `2[...]`, `3...[...]`.
  virtual void on_packet(std::size_t index, std::string_view packet) = 0;
  virtual void on_lost(std::size_t index) = 0;
};

/// A Socket.IO client over a WebSocket, as small and as fast as a load generator needs it: it answers pings,
/// joins the main namespace, and writes frames that its user has encoded. Belongs to one epoll loop.
class Connection {
 public:
  Connection(std::size_t index, Listener& listener) : index_(index), listener_(listener) {}
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  /// Begins to connect; the handshake goes on in `on_events`.
  void open(int epoll, std::uint16_t port, std::string_view headers, std::string_view auth);
  void on_events(std::uint32_t events);
  void send(std::string_view frame);
  void close();
  bool ready() const { return state_ == State::ready; }
  std::size_t index() const { return index_; }

 private:
  enum class State : std::uint8_t { closed, connecting, upgrading, joining, ready };

  void read();
  void take_http(std::string_view& input);
  void take_frames(std::string_view& input);
  void on_text(std::string_view text);
  void watch(std::uint32_t events);
  void lost();

  std::size_t index_;
  Listener& listener_;
  int epoll_ = -1;
  int socket_ = -1;
  State state_ = State::closed;
  std::string request_;
  std::string join_;
  std::string partial_;
  std::string unsent_;
};

/// A client's frame with a Socket.IO packet in it.
std::string text_frame(std::string_view engine_packet);

}  // namespace load
