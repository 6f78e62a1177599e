#pragma once

#include "load/dialect.hpp"
#include "load/inflater.hpp"
#include "load/socket.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace load {

/// Where the clients connect to, and what they say of themselves.
struct Endpoint {
  Address server;
  Dialect const* dialect = &socket_io;
  std::string request = {};  // the whole upgrade request
  std::string join = {};     // the frame that joins the main namespace, or what the dialect has instead
};

/// An endpoint for clients that send about 700 bytes of headers, as a browser does, and a token of 300 bytes.
/// `msgpack`: the server's packets are MessagePack.
Endpoint browser_endpoint(Address const& server, bool msgpack = false, Dialect const& dialect = socket_io);

/// What a client's user hears of it.
class ClientListener {
 public:
  virtual void on_ready(std::size_t client) = 0;
  /// The server has answered the probe of an upgrade.
  virtual void on_probed(std::size_t /*client*/) {}
  /// A Socket.IO packet other than the handshake's: `2[...]`, `3...[...]`; or one of another dialect.
  virtual void on_packet(std::size_t client, std::string_view packet) = 0;
  /// An attachment of the packet before, or a packet in MessagePack.
  virtual void on_attachment(std::size_t /*client*/, std::string_view /*bytes*/) {}
  /// The connection has ended; `asked` tells whether `leave` had been called.
  virtual void on_closed(std::size_t client, bool asked) = 0;

 protected:
  ~ClientListener() = default;
};

/// A Socket.IO client over a WebSocket, as small and as fast as a load generator needs it: it answers pings,
/// joins the main namespace, and sends frames that its user has encoded. It speaks other dialects as well.
class WebSocketClient final : private EventTarget {
 public:
  WebSocketClient(std::size_t index, EventLoop& loop, Endpoint const& endpoint, ClientListener& listener)
      : index_(index), loop_(loop), endpoint_(endpoint), listener_(listener) {}

  /// Begins to connect; `on_ready` follows.
  void open(int receive_buffer = 0);
  /// Begins to connect for a session that has begun on another transport; `on_probed` follows.
  void upgrade(std::string_view session);
  /// The session is here from now on. REQUIRES: the probe was answered, and the other transport is paused.
  void finish_upgrade();
  void send(std::string_view frame) { socket_.send(frame); }
  /// Leaves the namespace and closes the connection as the official client does; `on_closed` follows.
  void leave();
  void stop_reading() { socket_.stop_reading(); }
  void resume_reading() { socket_.resume_reading(); }

 private:
  enum class State : std::uint8_t { closed, connecting, upgrading, probing, joining, ready, leaving };

  void on_events(std::uint32_t events) override;
  void read();
  void take_response(std::string_view& input);
  void take_frames(std::string_view& input);
  void on_text(std::string_view text);
  void on_line(std::string_view text);
  void on_binary(std::string_view message);
  void close();
  void send_request();

  std::size_t index_;
  EventLoop& loop_;
  Endpoint const& endpoint_;
  ClientListener& listener_;
  Socket socket_;
  State state_ = State::closed;
  std::string session_;  // that is to be upgraded
  std::string partial_;
  std::unique_ptr<Inflater> inflater_;  // from the first compressed message on
};

}  // namespace load
