#include "simulation/logged.hpp"

#include "simulation/logged_times.hpp"

#include <aerie/core/sleep.hpp>

#include <algorithm>
#include <utility>

namespace aerie::simulation {

using namespace std::chrono_literals;
using test::LogModel;

namespace {

constexpr std::size_t most_servers = 4;

LogModel::Settings settings_of(Random& random) {
  // Some logs are too short for what they are to keep.
  return {.keep_for = keep_for, .ceiling = random.one_in(4) ? 60U : 100'000U, .command_timeout = 1'000};
}

}  // namespace

LoggedSimulation::LoggedSimulation(std::uint64_t seed)
    : random_(seed),
      thinks_(random_.one_in(2) ? 30 : 0),
      max_retained_(random_.one_in(2) ? 8'000 : 1'000'000),
      log_(settings_of(random_)) {
  log_.delay = [this] { return random_.one_in(30) ? longest_delay : random_.below(15); };
  log_.arrived = [this] { return random_.one_in(2); };
  log_.on_added = [this](LogModel::Entry const& entry) { added(entry); };
  for (auto servers = 2 + random_.below(2); servers > 0; --servers)
    start_server();
  auto const count = 3 + random_.below(5);
  for (std::size_t i = 0; i < count; ++i)
    clients_.push_back(std::make_unique<Client>(i, any_nsp()));
  settle();
}

LoggedSimulation::~LoggedSimulation() {
  // What servers had said last still arrives.
  log_.on_added = [](LogModel::Entry const&) {};
  clients_.clear();
  servers_.clear();
}

// --- Servers

LoggedSimulation::Server& LoggedSimulation::start_server() {
  auto& server = *servers_.emplace_back(
      std::make_unique<Server>(last_server_++, static_cast<unsigned>(1 + random_.below(3))));
  aerie::ServerOptions options;
  options.serve_client = false;
  options.engine.ping_interval = ms(ping_interval);
  options.engine.ping_timeout = ms(ping_timeout);
  options.adapter = log_.adapter(server.number);
  options.connection_state_recovery =
      RecoveryOptions{.max_disconnection_duration = ms(log_window), .max_retained = max_retained_};
  server.io = std::make_unique<aerie::Server>(server.world.http, std::move(options));
  server.disturbed = now_;
  serve(server, "/");
  serve(server, "/b");
  server.world.run();
  return server;
}

void LoggedSimulation::serve(Server& server, std::string const& nsp) {
  auto& of = server.io->of(nsp);
  of.use([this](Socket& socket) -> Task<> {
    auto const name = socket.handshake().query("name").value_or("");
    if (thinks_ > 0) co_await sleep_for(ms(random_.below(thinks_)));
    for (auto const& client : clients_)
      if (client->name == name && client->is_locked_out) throw ConnectError("locked out");
  });
  of.on_connection([this](Socket& socket) {
    auto const name = socket.handshake().query("name").value_or("");
    for (auto const& client : clients_)
      if (client->name == name) client->outcome = to_string(socket.recovery());
  });
  of.on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
  of.on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
  of.on("ask", [this](Socket& socket) {
    questions_.ask(socket, std::string(socket.handshake().query("name").value_or("")));
  });
  of.on("say", [this, &server, nsp](Socket&, std::string const& room) { send(server, nsp, {room}, ""); });
}

void LoggedSimulation::stop_or_go_on(Server& server) {
  if (server.stands_still) return go_on(server);
  auto const running = std::ranges::count_if(servers_, [](auto const& each) { return !each->stands_still; });
  if (running < 2) return;
  ++faults_;
  server.stands_still = true;
  server.stopped_at = now_;
}

void LoggedSimulation::go_on(Server& server) {
  if (!std::exchange(server.stands_still, false)) return;
  server.disturbed = now_;
  // Nobody knows whether a session has ended that is not in the log when its server goes on.
  auto const are_records_gone = records_lost_ > 0 && records_lost_ + certainty >= server.stopped_at;
  auto const is_known_late = are_records_gone || server.behind + longest_without_record >= record_time;
  for (auto const& client : clients_) {
    if (client->server != &server) continue;
    // Nor has it become certain of anything while it stood still again, or of one that it could not write
    // before.
    auto const could_write =
        std::max(client->connected_at, log_.disturbed(server.number)) + longest_without_record;
    auto const is_unwritten =
        client->connected_at + certainty >= server.stopped_at && could_write >= server.stopped_at;
    if (is_known_late || is_unwritten || client->forgotten_until >= server.stopped_at)
      client->forgotten_until = now_ + certainty;
  }
  server.world.advance(ms(std::exchange(server.behind, 0)));
}

void LoggedSimulation::kill(Server& server) {
  auto const running = std::ranges::count_if(
      servers_, [&](auto const& each) { return !each->stands_still && each.get() != &server; });
  if (running == 0) return;
  ++faults_;
  for (auto const& client : clients_) {
    if (client->server == &server) {
      cut(*client);
      client->server = nullptr;
    }
    client->end.server_ends(server.world);
  }
  std::erase_if(servers_, [&](auto const& each) { return each.get() == &server; });
}

// --- What happens

void LoggedSimulation::step() {
  auto& client = any_client();
  auto const what = random_.below(64);
  if (what < 18) return emit();
  if (what < 30) return pass(1 + random_.below(30));
  if (what < 34) return cut(client);
  if (what < 43) return come_back(client);
  if (what < 51) return read(client);
  if (what < 52) return client.end.emit("[\"say\",\"" + any_room() + "\"]");
  if (what < 53) return client.end.emit("[\"ask\"]");
  if (what < 56) {
    settle();
    return change_rooms(client);
  }
  if (what < 60) return disturb();
  if (what < 61) return random_.one_in(2) ? lock_out(client) : outlive(client);
  if (random_.one_in(12)) return pass(log_window + random_.below(log_window));
  if (random_.one_in(6)) return leave(client);
  pass(random_.below(log_window / 4));
}

void LoggedSimulation::disturb() {
  auto& server = any_server();
  switch (random_.below(12)) {
    case 0:
    case 1:
    case 2:
      ++faults_;
      return log_.cut(server.number, now_ + random_.below(random_.one_in(4) ? 900 : 60));
    case 3:
    case 4:
    case 5:
      return stop_or_go_on(server);
    case 6:
      return kill(server);
    case 7:
    case 8:
      if (servers_.size() < most_servers) start_server();
      return;
    case 9:
      return fail_over();
    case 10:
      if (!random_.one_in(3)) return;
      ++faults_;
      all_may_be_told();
      return log_.flush();
    default:
      ++faults_;
      // What is kept for less than an hour ends with a jump ahead.
      if (random_.one_in(3)) {
        all_may_be_told();
        jumped_ = now_;
        return log_.jump(3'600'000);
      }
      return log_.jump(random_.one_in(2) ? -static_cast<std::int64_t>(random_.below(500'000))
                                         : static_cast<std::int64_t>(random_.below(300)));
  }
}

/// First the replica falls behind, later it takes over.
void LoggedSimulation::fail_over() {
  if (!log_.has_replica()) {
    replica_since_ = now_;
    return log_.copy();
  }
  // Else what comes next has the positions of what is lost: then nobody can know.
  if (!log_.is_ahead()) return;
  ++faults_;
  all_may_be_told();
  static_cast<void>(log_.fail_over(now_ + 1 + random_.below(100)));
  for (auto const& client : clients_) {
    for (auto& expected : client->expected)
      expected.is_optional = expected.is_optional || expected.added >= replica_since_;
  }
  questions_.lost_since(replica_since_);
  // Until every server has written its sessions again.
  pass(certainty);
}

void LoggedSimulation::emit() {
  auto& server = any_server();
  if (server.stands_still) return;
  auto const nsp = any_nsp();
  std::set<std::string> to;
  std::string except;
  auto const kind = random_.below(6);
  if (kind > 0) to.insert(any_room());
  if (kind > 3) to.insert(any_room());
  if (kind == 3) except = any_room();
  if (kind == 5) {
    // To one client alone, wherever it is.
    auto const& client = any_client();
    if (client.nsp == nsp && client.is_settled) to = {client.end.id()};
  }
  auto const shard = random_.below(server.world.runtime.shard_count());
  server.world.runtime.shard(shard).post([this, &server, nsp, to, except] { send(server, nsp, to, except); });
}

/// In a turn of one of its shards.
void LoggedSimulation::send(Server& server, std::string const& nsp, std::set<std::string> const& to,
                            std::string const& except) {
  auto target = server.io->of(nsp).all();
  for (auto const& room : to)
    target = target.to(room);
  if (!except.empty()) target = target.except(except);
  target.emit("m", ++last_number_);
  // Nobody counts on those, whose last argument is no text.
  if (random_.one_in(8)) target.volatile_().emit("v", 0);
}

void LoggedSimulation::cut(Client& client) {
  if (client.end.is_away()) return;
  if (client.end.state() == RecoveryClient::State::connected) {
    // One whose server stands still has been away since then.
    client.away_since = client.server->stands_still ? client.server->stopped_at : now_;
    has_gone(client);
  }
  auto const in_silence = random_.one_in(3);
  // Its server goes on with what it has asked for, and may get it when somebody else has it already.
  if (client.end.state() != RecoveryClient::State::connected) client.rival_until = now_ + longest_claim;
  client.end.cut(in_silence);
}

void LoggedSimulation::come_back(Client& client) {
  if (!client.end.is_away()) return;
  auto& server = any_server();
  client.server = &server;
  client.claims_since = now_;
  client.end.connect(server.world, random_.below(server.world.runtime.shard_count()), client.name);
}

void LoggedSimulation::leave(Client& client) {
  // A replica that takes over may know its session still.
  if (log_.has_replica() || client.end.state() != RecoveryClient::State::connected) return;
  settle();
  client.away_since = now_;
  client.end.leave();
  client.has_ended = true;
  questions_.ended(client.name);
  // Until its server has told the log.
  pass(2 * longest_delay + 2 * tick);
}

void LoggedSimulation::change_rooms(Client& client) {
  if (log_.has_replica() || client.end.state() != RecoveryClient::State::connected || !client.is_settled)
    return;
  auto const room = any_room();
  auto const is_in = client.rooms.contains(room);
  client.end.emit(std::string(is_in ? "[\"leave\"" : "[\"join\"") + ",\"" + room + "\"]");
  client.server->world.run();
  if (is_in) {
    client.rooms.erase(room);
  } else {
    client.rooms.insert(room);
  }
  // Until that is written.
  pass(2 * longest_delay + 2 * tick);
}

/// Its server stands still while it goes on with another one, and has to learn that it is not there any more.
void LoggedSimulation::outlive(Client& client) {
  settle();
  if (log_.has_replica() || servers_.size() < 2) return;
  auto& first = *client.server;
  stop_or_go_on(first);
  if (!first.stands_still) return;
  cut(client);
  for (int tries = 0; tries < 100 && client.end.state() != RecoveryClient::State::connected; ++tries) {
    if (client.end.is_away()) {
      come_back(client);
      if (client.server == &first) cut(client);
    }
    pass(tick);
  }
  change_rooms(client);
  go_on(first);
  pass(longest_delay);
  if (client.server != nullptr && client.server != &first) kill(*client.server);
}

void LoggedSimulation::lock_out(Client& client) {
  if (client.end.is_away()) client.is_locked_out = !client.is_locked_out;
}

void LoggedSimulation::pass(Time time) {
  for (Time passed = 0; passed < time;) {
    auto const part = std::min<Time>(time - passed, tick);
    passed += part;
    now_ += part;
    for (auto const& server : servers_) {
      if (server->stands_still) {
        server->behind += part;
      } else {
        server->world.advance(ms(part));
      }
    }
    log_.pass(now_);
    if (cuts_.empty() || cuts_.back().second != log_.cut_early()) cuts_.emplace_back(now_, log_.cut_early());
    // Clients answer pings as long as they are there.
    for (auto const& client : clients_) {
      read(*client);
      questions_.kept(client->name, now_, log_.session(client->end.pid()));
    }
    if (log_.has_replica() && now_ - replica_since_ > longest_lag) {
      replica_since_ = now_;
      log_.copy();
    }
  }
}

/// Until nothing is under way, and everybody is there. Then everybody has heard everything.
void LoggedSimulation::settle() {
  for (auto const& server : servers_)
    go_on(*server);
  for (auto const& client : clients_)
    client->is_locked_out = false;
  auto const is_there = [](auto const& client) {
    return client->end.state() == RecoveryClient::State::connected;
  };
  // Sessions that were lost are written again.
  if (now_ < records_lost_ + certainty) pass(records_lost_ + certainty - now_);
  int quiet = 0;
  for (int round = 0; round < 600 && quiet < 12; ++round) {
    for (auto const& client : clients_)
      come_back(*client);
    pass(tick);
    quiet = std::ranges::all_of(clients_, is_there) && log_.is_quiet() ? quiet + 1 : 0;
  }
  for (auto const& client : clients_) {
    if (!is_there(client)) broken(*client, "it cannot connect");
    for (auto const& expected : client->expected)
      if (!expected.is_optional) broken(*client, "event " + std::to_string(expected.number) + " is missing");
    client->expected.clear();
    client->is_settled = true;
    client->may_be_told = false;
  }
  questions_.settle();
  if (quiet < 12) throw Broken("something is always under way: " + log_.under_way());
  count_sockets();
}

void LoggedSimulation::finish() {
  settle();
  for (auto const& client : clients_)
    client->end.cut(false);
  clients_.clear();
  pass(log_window + 6'000);
  for (auto const& server : servers_) {
    auto const left = server->io->stats().recovery;
    if (left.retained_events != 0 || left.retained_bytes != 0)
      throw Broken(std::to_string(left.retained_events) + " events are kept for nobody");
  }
}

std::uint64_t seeds_to_miss(socketio::Condition condition, std::uint64_t seeds, std::uint64_t steps) {
  struct Away {
    explicit Away(socketio::Condition condition) { socketio::condition_taken_away = condition; }
    ~Away() { socketio::condition_taken_away = socketio::Condition::none; }
  } const away(condition);
  return first_broken(seeds, steps,
                      [](std::uint64_t seed) { return std::make_unique<LoggedSimulation>(seed); });
}

}  // namespace aerie::simulation
