#pragma once

#include "simulation/random.hpp"
#include "simulation/redis_model.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/socketio/server.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace aerie::simulation {

/// A rule that does not hold.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The first of so many seeds, from 1 on, whose world, `make(seed)`, breaks a rule; 0 if none does.
template <class Make>
std::uint64_t first_broken(std::uint64_t seeds, std::uint64_t steps, Make make) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    try {
      auto const world = make(seed);
      for (std::uint64_t i = 0; i < steps; ++i)
        world->step();
      world->finish();
    } catch (Broken const&) {
      return seed;
    }
  }
  return 0;
}

/// A cluster of servers around a model of Redis, to which things happen that follow from a seed: clients come
/// and go, join rooms, are sent events and asked; connections to Redis are cut, Redis goes and comes back,
/// servers are closed, killed and started. What must hold all the time:
///
///     an event reaches each client that it is for once, and none twice
///     what one shard of one server has emitted arrives in its order
///     every request ends, in time, once, and says so if something is missing
///     an adapter keeps nothing for a request that has ended
///     at the end nothing is left: no request open, no byte held
///
/// "Is for" means: since before it was emitted and until it should have arrived nothing has happened to the
/// connections of either server. What Redis' publish and subscribe lose in an outage is lost.
class Simulation {
 public:
  struct Settings {
    std::uint64_t seed = 1;
    std::size_t servers = 24;
    /// With faults; else nothing is ever cut.
    bool faults = true;
  };

  explicit Simulation(Settings settings);
  ~Simulation();

  /// Does one thing, or lets some time pass. Throws Broken.
  void step();
  /// Ends everything and looks at what is left. Throws Broken.
  void finish();

  /// The same for two runs of one seed.
  std::uint64_t digest() const { return digest_; }
  std::uint64_t deliveries() const { return deliveries_; }
  std::uint64_t expected() const { return expected_; }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t complete() const { return complete_; }
  /// The most requests that one adapter has kept at a time.
  std::uint64_t most_open() const { return most_open_; }
  std::uint64_t faults() const { return faults_; }
  std::string_view adapter_name() const { return adapter_name_; }

 private:
  using Time = RedisModel::Time;
  using Sender = std::size_t;  // a shard of a server
  using Event = std::pair<Sender, std::uint64_t>;

  struct Expectation;
  struct Client;
  struct Server;
  struct Question;

  AdapterFactory adapter_of(Server& server);
  Server& any_server();
  Client* any_client();
  std::string any_room() { return "r" + std::to_string(random_.below(5)); }

  // What happens.
  void start_server();
  void end_server(bool kill);
  void connect();
  void disconnect();
  void change_rooms();
  void emit();
  void ask();
  void fetch();
  void ask_servers();
  void disturb();
  void pass_time();

  // What must hold.
  void read(Client& client);
  void received(Client& client, std::string const& packet);
  void look_for_late();
  void look_for_forgotten();
  void forget_remote(Server const& server);
  std::uint64_t open_request(Server& by, Time timeout);
  void close_request(std::uint64_t request);
  void note(std::uint64_t what);
  void broken(std::string const& what);
  void check() const;
  void do_something();

  Settings settings_;
  Random random_;
  RedisModel redis_;
  Time now_ = 0;
  Time redis_returns_ = 0;
  Time last_fault_ = 0;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<std::uint64_t, std::shared_ptr<Question>> open_;
  std::size_t last_server_ = 0;
  std::uint64_t last_request_ = 0;
  std::uint64_t digest_ = 0xCBF29CE484222325U;
  std::uint64_t deliveries_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t complete_ = 0;
  std::uint64_t most_open_ = 0;
  std::uint64_t faults_ = 0;
  int adapter_ = 0;
  std::string failure_;
  std::string_view adapter_name_;
};

}  // namespace aerie::simulation
