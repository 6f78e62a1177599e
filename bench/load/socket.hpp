#pragma once

#include "load/event_loop.hpp"
#include "load/tls.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace load {

/// Where a server listens on 127.0.0.1, and how it is spoken to: a port alone is one without TLS.
struct Address {
  // NOLINTNEXTLINE(google-explicit-constructor)
  Address(std::uint16_t its_port, TlsContext* its_tls = nullptr) : port(its_port), tls(its_tls) {}

  std::uint16_t port;
  TlsContext* tls;
};

/// A TCP connection to 127.0.0.1, with TLS or without, in the loop: what could not be sent at once follows
/// when there is room. The user is told of events by the loop and hands them on; of the TLS handshake he
/// notices nothing.
class Socket final : private Outgoing {
 public:
  Socket() = default;
  ~Socket() { close(); }
  Socket(Socket const&) = delete;
  Socket& operator=(Socket const&) = delete;

  /// Begins to connect; the first `writable` event says that it is done. `receive_buffer` bytes of the
  /// kernel's are asked for if it isn't 0.
  void connect(EventLoop& loop, Address const& server, EventTarget& target, int receive_buffer = 0);
  void close();
  /// Tells the server that nothing more will be sent, so that it closes the connection. REQUIRES: TLS.
  void end();
  bool is_open() const { return descriptor_ >= 0; }

  /// The bytes leave when the event at hand has been handled. Does nothing when the connection has ended: its
  /// user has been told.
  void send(std::string_view bytes);
  /// Sends what has waited for room, and listens for input.
  void on_writable();
  /// What has arrived, in the loop's buffer: empty if there is nothing yet, none if the peer has gone.
  std::optional<std::string_view> receive();
  /// From now on nothing is read, and the peer's data piles up.
  void stop_reading();
  void resume_reading();
  /// Null without TLS.
  TlsLayer const* tls() const { return tls_.get(); }

 private:
  void flush() override;
  std::optional<std::string_view> decrypt(std::string_view bytes);

  EventLoop* loop_ = nullptr;
  EventTarget* target_ = nullptr;
  int descriptor_ = -1;
  std::string unsent_;
  std::unique_ptr<TlsLayer> tls_;
};

}  // namespace load
