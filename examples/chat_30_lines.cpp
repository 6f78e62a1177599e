// A chat server with rooms: join(name, room), say(text), and everybody hears who comes and goes.
#include <aerie/aerie.hpp>

#include <string>

struct User {
  std::string name;
  std::string room;
};

int main(int argc, char** argv) {
  aerie::Server io({.engine = {.cors = aerie::http::CorsOptions{.origin = "*"}}});

  io.on("join", [](aerie::Socket& socket, std::string const& name, std::string const& room) {
    socket.set(User{name, room});
    socket.join(room);
    socket.to(room).emit("joined", name);  // to everybody there but this one
    return "welcome to " + room;           // the acknowledgement
  });

  io.on("say", [&io](aerie::Socket& socket, std::string const& text) {
    auto const& user = socket.get<User>();
    io.to(user.room).emit("said", user.name, text);
  });

  io.on_disconnecting([](aerie::Socket& socket) {
    if (auto const* user = socket.find<User>()) socket.to(user->room).emit("left", user->name);
  });

  io.listen(argc == 3 ? static_cast<std::uint16_t>(std::stoi(argv[2])) : 3000);  // --port 3000
  io.run();
}
