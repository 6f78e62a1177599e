#pragma once

#include "load/http_exchange.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace load {

/// What a polling client's user hears of it.
class PollingListener {
 public:
  /// The session is open; what follows are the connects of namespaces.
  virtual void on_session(std::size_t /*client*/, std::string_view /*id*/) {}
  virtual void on_ready(std::size_t client) = 0;
  /// A Socket.IO packet other than the handshake's.
  virtual void on_packet(std::size_t client, std::string_view packet) = 0;
  /// No request is under way any more, and none follows.
  virtual void on_paused(std::size_t /*client*/) {}
  virtual void on_failed(std::size_t client, std::string_view why) = 0;

 protected:
  ~PollingListener() = default;
};

/// A Socket.IO client over HTTP long-polling: one connection on which a GET always waits, and one for the
/// POSTs.
class PollingClient final {
 public:
  PollingClient(std::size_t index, EventLoop& loop, Address const& server, PollingListener& listener);

  /// Begins to connect, with a session of its own; `on_session` and `on_ready` follow.
  void open();
  /// Sends an Engine.IO packet in a POST of its own, or with others in the next one if one is under way.
  void send(std::string_view packet);
  /// Asks and sends nothing more, and closes its connections once it has the answers that it waits for;
  /// `on_paused` follows.
  void pause();
  /// What a pause has kept from being sent: the answer to a ping, if one came meanwhile.
  std::string_view unsent() const { return unsent_; }

 private:
  void poll();
  void post();
  void on_payload(std::string_view payload);
  void on_engine_packet(std::string_view packet);
  void on_posted();
  void rest();
  void take_session(std::string_view handshake);
  std::string request_line(std::string_view method) const;

  std::size_t index_;
  Address server_;
  PollingListener& listener_;
  HttpExchange poll_;
  HttpExchange post_;
  std::string session_;
  std::string unsent_;
  bool ready_ = false;
  bool pausing_ = false;
};

}  // namespace load
