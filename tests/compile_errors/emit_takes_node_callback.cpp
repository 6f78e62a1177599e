// says: aerie: the function behind the arguments of an event is called with its acknowledgement
#include <aerie/aerie.hpp>

#include <string>

void ask(aerie::Socket& socket) {
  socket.emit("question", 1, [](std::string const& answer) { static_cast<void>(answer); });
}
