#pragma once

/// \file
/// What a simulation is made of. For its own files.

#include "simulation/simulation.hpp"
#include "socketio/local_member.hpp"

namespace aerie::simulation {

/// By then everything has arrived that will: both ways through Redis at its slowest, and the turns between.
inline constexpr std::uint64_t latest = 1'000;
/// By then a server knows that a connection was cut, and a new subscription holds.
inline constexpr std::uint64_t settled = 600;

struct Simulation::Server {
  Server(std::size_t its_number, unsigned threads) : number(its_number), world(threads) {}

  bool is_steady(Time now) const {
    return !closing && disturbed + settled <= now && io->cluster().state == ClusterState::ready;
  }

  std::size_t number;
  test::ServerOnAClock world;
  std::unique_ptr<aerie::Server> io;
  // Both are the server's.
  Adapter const* adapter = nullptr;
  socketio::LocalMember const* member = nullptr;
  std::map<Sender, std::uint64_t> emitted;
  Time disturbed = 0;
  bool closing = false;
  bool closed = false;
};

/// That an event reaches a client.
struct Simulation::Expectation {
  Time until;
  std::string except;  // whoever joins it meanwhile may not get it
};

struct Simulation::Client {
  Client(Server& its_server, std::size_t shard)
      : server(its_server), end(its_server.world, test::Over::websocket, shard) {}

  Server& server;
  test::SocketIoClient end;
  std::string id;
  Time since = 0;
  std::map<std::string, Time> rooms;  // since when
  std::set<std::string> was_in;       // what it has left: it may hear of them or not
  std::map<Sender, std::uint64_t> last;
  std::map<Event, Expectation> expected;
};

/// A request of a server, as whoever asks sees it.
struct Simulation::Question {
  std::size_t server = 0;
  Time asked = 0;
  Time deadline = 0;
};

}  // namespace aerie::simulation
