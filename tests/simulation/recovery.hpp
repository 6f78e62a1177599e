#pragma once

#include "simulation/random.hpp"
#include "simulation/recovery_client.hpp"
#include "simulation/simulation.hpp"

#include <aerie/socketio/server.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace aerie::simulation {

/// A server that recovers sessions in its memory, on several event loops, and clients whose connections are
/// cut at any moment: while they connect, while events are under way, without the server's noticing. What
/// happens follows from a seed. What must hold all the time:
///
///     a client hears every event that is for it, once, and those of one event loop in their order
///     unless its session had a reason to end, a client that comes back is recovered
///     a client that has missed anything is told that it is not
///     a session that has ended is nobody's
///     at the end nothing is kept
class RecoverySimulation {
 public:
  explicit RecoverySimulation(std::uint64_t seed, Mutant mutant = Mutant::none);
  ~RecoverySimulation();

  /// Does one thing, or lets some time pass. Throws Broken.
  void step();
  /// Ends everything and looks at what is left. Throws Broken.
  void finish();

  std::uint64_t digest() const { return digest_; }
  std::uint64_t deliveries() const { return deliveries_; }
  std::uint64_t cuts() const { return cuts_; }
  std::uint64_t recovered() const { return recovered_; }
  std::uint64_t refused() const { return refused_; }

 private:
  using Time = std::uint64_t;  // in milliseconds
  struct Client {
    // In memory a client that names an event of a session that was lost is told once more: see
    // docs/recovery.md.
    Client(std::string in, Mutant mutant) : nsp(in), end(in, mutant, true) {}
    std::string nsp;
    RecoveryClient end;
    std::set<std::string> rooms;
    /// What it is to hear next, of each event loop.
    std::map<std::size_t, std::deque<std::int64_t>> expected;
    /// It is known what is for it: since nothing was under way.
    bool is_settled = false;
    /// Since when it is away, and what had gone before its time by then.
    Time away_since = 0;
    std::uint64_t gone_early = 0;
    bool has_ended = false;
  };

  void start_server();
  void serve(std::string const& nsp);
  std::size_t any_shard() { return random_.below(world_.runtime.shard_count()); }
  std::string any_room() { return "r" + std::to_string(random_.below(3)); }
  Client& any_client() { return *clients_[random_.below(clients_.size())]; }

  // What happens.
  void emit();
  void send(std::size_t shard, std::string const& nsp, std::set<std::string> const& to,
            std::string const& except);
  void cut(Client& client);
  void come_back(Client& client);
  void leave(Client& client);
  void restart();
  void settle();
  void change_rooms(Client& client);
  void pass(Time time);

  // What must hold.
  void read(Client& client);
  void connected(Client& client);
  void heard(Client& client, Value const& event);
  [[noreturn]] static void broken(Client const& client, std::string const& what);

  Random random_;
  Mutant mutant_;
  test::ServerOnAClock world_;
  std::unique_ptr<aerie::Server> io_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<std::size_t, std::int64_t> sent_;
  Time now_ = 0;
  std::uint64_t digest_ = 0xCBF29CE484222325U;
  std::uint64_t deliveries_ = 0;
  std::uint64_t cuts_ = 0;
  std::uint64_t recovered_ = 0;
  std::uint64_t refused_ = 0;
  std::size_t thinks_ = 0;
  std::size_t max_retained_ = 0;
};

/// How many of the first seeds it takes until a mutant is noticed; 0 if none of them does.
std::uint64_t seeds_to_catch(Mutant mutant, std::uint64_t seeds, std::uint64_t steps);

}  // namespace aerie::simulation
