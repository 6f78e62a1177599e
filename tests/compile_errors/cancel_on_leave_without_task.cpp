// says: aerie: only a handler that returns a Task can be cancelled
#include <aerie/aerie.hpp>

void listen(aerie::Server& io) {
  io.on("event", aerie::cancel_on_leave([](aerie::Socket& socket) { socket.emit("answer"); }));
}
