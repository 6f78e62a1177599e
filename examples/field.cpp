// The server that game_loop, robot and qt_panel are clients of: who moves is seen by the others, and what
// robots measure goes to those who watch.
#include "port.hpp"

#include <aerie/socketio/server.hpp>

struct Position {
  double x = 0;
  double y = 0;
  static void describe(aerie::Schema<Position>& s) {
    s.field<&Position::x>();
    s.field<&Position::y>();
  }
};

int main(int argc, char** argv) {
  aerie::Server io;
  io.on("move",
        [](aerie::Socket& socket, Position const& to) { socket.broadcast().emit("moved", socket.id(), to); });
  io.on("watch", [](aerie::Socket& socket) {
    socket.join("watchers");
    return true;
  });
  // A watcher that is too slow misses some: the next ones are newer.
  io.on("telemetry", [](aerie::Socket& socket, aerie::Bytes const& frame) {
    socket.to("watchers").volatile_().emit("telemetry", socket.id(), frame);
  });
  io.on("finished", [](aerie::Socket& socket, int frames) {
    socket.to("watchers").emit("finished", socket.id(), frames);
    return true;
  });
  io.listen(example::port(argc, argv), "127.0.0.1");
  io.run();
}
