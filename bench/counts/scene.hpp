#pragma once

/// \file
/// A Socket.IO server with clients in memory, on a clock that stands still: whatever it does is done in the
/// same instructions every time.

#include "unit/support/polling_client.hpp"
#include "unit/websocket/frames.hpp"

#include <aerie/socketio/server.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::counts {

/// A client's frame.
inline std::string frame(std::string_view packet) {
  return websocket::test::text_frame("4" + std::string(packet));
}

/// What a browser sends to open a WebSocket, some 700 bytes.
std::string const& browser_handshake();
/// A CONNECT packet with a token of 300 bytes.
std::string const& connect_frame();

/// The contract of `bench_server`: echo, join and msg.
class Scene {
 public:
  /// `measured`: with metrics on.
  explicit Scene(unsigned threads = 1, bool measured = false);

  /// A client that has joined the main namespace. Several shards get theirs in turn.
  core::MemoryClient& add_client();
  core::MemoryClient& add_member();
  std::vector<core::MemoryClient>& clients() noexcept { return clients_; }
  Server& io() noexcept { return io_; }
  /// Forgets what the clients have received.
  void drain();

  /// Not counted.
  void run() { world.run(); }

  test::ServerOnAClock world;

 private:
  void measure();

  Server io_;
  std::vector<core::MemoryClient> clients_;
};

/// Does everything that there is to do. The instructions of this function, and of no other, are counted.
[[gnu::noinline]] void counted_run(Scene& scene);

}  // namespace aerie::counts
