#pragma once

#include "simulation/questions.hpp"
#include "simulation/random.hpp"
#include "simulation/recovery_client.hpp"
#include "simulation/simulation.hpp"
#include "socketio/conditions.hpp"
#include "unit/support/log_model.hpp"

#include <aerie/socketio/server.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aerie::simulation {

/// Several servers over one log, delivery exactly once, and clients whose connections are cut at any moment.
/// Servers are killed, stand still and go on; their connections to the log break; a replica takes over that
/// lacks the last second; the log is emptied; its clock jumps. What happens follows from a seed. What must
/// hold all the time:
///
///     a client hears every event that is for it, once, and in the order of the log
///     a client that has missed anything is told that it is not recovered
///     unless there was a reason, a client that comes back is recovered, and no connection is ended
///     what a client is to answer it hears again, until it has
///     a session that has ended, or whose client is locked out, is nobody's
///     a session is at one server
///     at the end nothing is kept
class LoggedSimulation {
 public:
  explicit LoggedSimulation(std::uint64_t seed);
  ~LoggedSimulation();

  /// Does one thing, or lets some time pass. Throws Broken.
  void step();
  /// Ends everything and looks at what is left. Throws Broken.
  void finish();

  std::uint64_t digest() const { return digest_; }
  std::uint64_t deliveries() const { return deliveries_ + questions_.deliveries(); }
  std::uint64_t faults() const { return faults_; }
  std::uint64_t recovered() const { return recovered_; }
  std::uint64_t told() const { return told_; }

 private:
  using Time = test::LogModel::Time;
  struct Server {
    Server(std::size_t its_number, unsigned threads) : number(its_number), world(threads) {}
    std::size_t number;
    test::ServerOnAClock world;
    std::unique_ptr<aerie::Server> io;
    bool stands_still = false;
    Time behind = 0;
    /// When it went on last, or was started.
    Time disturbed = 0;
    Time stopped_at = 0;
  };
  struct Expected {
    std::int64_t number;
    Time added;
    /// The log has lost it: whoever has read it before may have had it.
    bool is_optional = false;
  };
  struct Client {
    Client(std::size_t which, std::string in)
        : name("c" + std::to_string(which)), nsp(in), end(std::move(in), Mutant::none) {}
    std::string name;
    std::string nsp;
    RecoveryClient end;
    Server* server = nullptr;
    std::set<std::string> rooms;
    std::deque<Expected> expected;
    /// It is known what is for it: since nothing was under way.
    bool is_settled = false;
    Time away_since = 0;
    Time claims_since = 0;
    /// When the last event that it has heard was added to the log.
    Time heard_at = 0;
    Time rival_until = 0;
    /// Its session had gone from the log when its server went on, which writes it again when it is certain
    /// that it is still there.
    Time forgotten_until = 0;
    Time connected_at = 0;
    /// How often the ceiling had cut something off when its server knew last what it has had.
    std::uint64_t cut_early = 0;
    bool may_be_told = false;
    bool has_ended = false;
    bool is_locked_out = false;
    std::string outcome;  // what its server said of its last claim
  };

  Server& start_server();
  void serve(Server& server, std::string const& nsp);
  Server& any_server() { return *servers_[random_.below(servers_.size())]; }
  std::string any_room() { return "r" + std::to_string(random_.below(3)); }
  std::string any_nsp() { return random_.one_in(3) ? "/b" : "/"; }
  Client& any_client() { return *clients_[random_.below(clients_.size())]; }

  // What happens.
  void emit();
  void send(Server& server, std::string const& nsp, std::set<std::string> const& to,
            std::string const& except);
  void cut(Client& client);
  void come_back(Client& client);
  void leave(Client& client);
  void change_rooms(Client& client);
  void lock_out(Client& client);
  void outlive(Client& client);
  void disturb();
  void stop_or_go_on(Server& server);
  void go_on(Server& server);
  void kill(Server& server);
  void fail_over();
  void settle();
  void pass(Time time);

  // What must hold.
  void added(test::LogModel::Entry const& entry);
  void read(Client& client);
  void connected(Client& client);
  void heard(Client& client, Value const& event);
  void count_sockets();
  void all_may_be_told();
  void has_gone(Client& client);
  bool is_excused(Client const& client) const;
  [[noreturn]] static void broken(Client const& client, std::string const& what);

  Random random_;
  std::size_t thinks_;
  std::size_t max_retained_;
  test::LogModel log_;
  Questions questions_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t last_server_ = 0;
  std::int64_t last_number_ = 0;
  /// When the log has got what was emitted, and what was the last of each namespace.
  std::map<std::int64_t, Time> added_at_;
  std::map<std::string, Time> last_added_;
  /// How often the ceiling had cut something off by some time.
  std::vector<std::pair<Time, std::uint64_t>> cuts_;
  Time now_ = 0;
  Time replica_since_ = 0;
  Time records_lost_ = 0;
  Time jumped_ = 0;
  std::uint64_t digest_ = 0xCBF29CE484222325U;
  std::uint64_t deliveries_ = 0;
  std::uint64_t faults_ = 0;
  std::uint64_t recovered_ = 0;
  std::uint64_t told_ = 0;
};

/// How many of the first seeds it takes until it is noticed that a condition does not hold; 0 if none of them
/// notices.
std::uint64_t seeds_to_miss(socketio::Condition condition, std::uint64_t seeds, std::uint64_t steps);

}  // namespace aerie::simulation
