// A server that shares its clients' rooms with others through Redis, Aerie's and official ones of Node.js
// alike. Start it twice, with a redis-server beside it; without one it works by itself, and says so:
//
//     redis_cluster --port 3001 &
//     redis_cluster --port 3002 &
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <csignal>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  aerie::Server io({.adapter = aerie::RedisAdapter{.url = "redis://localhost:6379"}});

  // Rooms reach over all servers.
  io.on("join", [](aerie::Socket& socket, std::string const& room) { socket.join(room); });
  io.on("say", [&io](std::string const& room, std::string const& text) { io.to(room).emit("said", text); });

  // So does whoever asks who is there; and it is said if a server has not answered.
  io.on("who", [&io](std::string room) -> aerie::Task<std::vector<std::string>> {
    auto const members = co_await io.in(room).fetch_sockets();
    std::vector<std::string> ids;
    for (auto const& member : members)
      ids.push_back(member.id());
    if (!members.complete()) ids.emplace_back("and perhaps others");
    co_return ids;
  });

  // How this server stands with the others.
  io.on("cluster", [&io] {
    auto const status = io.cluster();
    return status.state == aerie::ClusterState::ready ? std::string("ready") : status.reason;
  });

  io.runtime().on_signal({SIGINT, SIGTERM}, [&io](int) { io.close(); });
  io.listen(example::port(argc, argv));
  std::cout << "listening on port " << io.port() << std::endl;
  io.run();
}
