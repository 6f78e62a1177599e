// What servers ask of each other.
#include "simulation/parts.hpp"

#include <aerie/core/spawn.hpp>

#include <algorithm>

namespace aerie::simulation {

using namespace std::chrono_literals;

std::uint64_t Simulation::open_request(Server& by, Time timeout) {
  auto question = std::make_shared<Question>();
  question->server = by.number;
  question->asked = now_;
  question->deadline = now_ + timeout + 50;
  open_.emplace(++last_request_, std::move(question));
  ++requests_;
  return last_request_;
}

void Simulation::close_request(std::uint64_t request) {
  if (open_.erase(request) == 0)
    broken("request " + std::to_string(request) + " has ended twice, or too late");
}

void Simulation::ask() {
  auto& server = any_server();
  if (server.closing) return;
  auto const request = open_request(server, 700);
  auto const room = any_room();
  // Those who are in the room all the time, from long before to the end.
  auto const members = [this, room](Time since) {
    return static_cast<std::size_t>(std::ranges::count_if(clients_, [&](auto const& client) {
      auto const found = client->rooms.find(room);
      return found != client->rooms.end() && std::max(found->second, client->since) + settled <= since;
    }));
  };
  auto const asked = now_;
  server.world.in_turn(
      [&] {
        server.io->to(room).timeout(700ms).emit("q",
                                                [this, request, members, asked](BroadcastReply const& reply) {
                                                  close_request(request);
                                                  if (!reply.ok()) return;
                                                  ++complete_;
                                                  auto const quiet = last_fault_ + settled + latest <= asked;
                                                  if (quiet && reply.responses.size() < members(asked))
                                                    broken("an answer is missing, and nothing is said of it");
                                                });
      },
      random_.below(server.world.runtime.shard_count()));
}

void Simulation::fetch() {
  auto& server = any_server();
  if (server.closing) return;
  auto const request = open_request(server, 600);
  std::set<std::string> there;
  for (auto const& client : clients_)
    if (client->since + settled <= now_) there.insert(client->id);
  auto const task = [](Simulation& simulation, std::shared_ptr<Namespace> nsp, std::uint64_t number,
                       std::set<std::string> members, Time asked) -> Task<> {
    auto const found = co_await nsp->timeout(600ms).fetch_sockets();
    simulation.close_request(number);
    std::set<std::string> ids;
    for (auto const& socket : found)
      if (!ids.insert(socket.id()).second) simulation.broken("a socket is found twice");
    if (!found.complete()) co_return;
    ++simulation.complete_;
    if (simulation.last_fault_ + settled + latest > asked) co_return;
    for (auto const& client : simulation.clients_)
      if (members.contains(client->id) && !ids.contains(client->id))
        simulation.broken("a socket is not found, and nothing is said of it");
  };
  auto& shard = server.world.runtime.shard(random_.below(server.world.runtime.shard_count()));
  spawn(shard, task(*this, server.io->sockets().shared_from_this(), request, std::move(there), now_));
  server.world.run();
}

void Simulation::ask_servers() {
  auto& server = any_server();
  if (server.closing) return;
  auto const request = open_request(server, 800);
  server.world.in_turn([&] {
    server.io->server_side().timeout(800ms).emit(
        "load?", [this, request, asked = now_](BroadcastReply const& reply) {
          close_request(request);
          std::set<std::int64_t> from;
          for (auto const& response : reply.responses)
            if (!from.insert(response.as_int()).second) broken("a server has answered twice");
          if (!reply.ok()) return;
          ++complete_;
          if (last_fault_ + settled + latest <= asked && from.size() + 1 < servers_.size())
            broken("a server has not answered, and nothing is said of it");
        });
  });
}

}  // namespace aerie::simulation
