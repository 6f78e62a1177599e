#pragma once

#include "unit/socketio/socketio_fixture.hpp"

#include <functional>
#include <string>

namespace aerie::socketio::test {

/// A server with one socket at hand.
class SocketFixture : public SocketIoFixture {
 protected:
  /// A server whose last socket is `socket`.
  void listen(aerie::ServerOptions options = {}) {
    start(std::move(options)).on_connection([this](Socket& connected) {
      socket = &connected;
      if (on_connection) on_connection(connected);
    });
    io->on_disconnect([this](Socket& left) {
      if (socket == &left) socket = nullptr;
    });
  }
  /// Notes what comes of an acknowledgement.
  auto note() {
    return [this](AckReply const& reply) {
      events.push_back(reply ? "answer " + reply.get<std::string>() : std::string(to_string(reply.error())));
    };
  }
  Socket* socket = nullptr;
  std::function<void(Socket&)> on_connection;
};

}  // namespace aerie::socketio::test
