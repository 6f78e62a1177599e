#include "simulation/recovery.hpp"

#include <aerie/core/sleep.hpp>

#include <algorithm>
#include <utility>

namespace aerie::simulation {

using namespace std::chrono_literals;

namespace {

// In milliseconds.
constexpr std::uint64_t memory_window = 2'000;
constexpr std::size_t longest_thought = 30;

}  // namespace

RecoverySimulation::RecoverySimulation(std::uint64_t seed, Mutant mutant)
    : random_(seed),
      mutant_(mutant),
      world_(static_cast<unsigned>(1 + random_.below(4))),
      // Some servers' middlewares wait, and some servers have too little room.
      thinks_(random_.one_in(2) ? longest_thought : 0),
      max_retained_(random_.one_in(4) ? 20'000 : 1'000'000) {
  start_server();
  auto const count = 3 + random_.below(6);
  for (std::size_t i = 0; i < count; ++i)
    clients_.push_back(std::make_unique<Client>(random_.one_in(3) ? "/b" : "/", mutant));
  settle();
}

RecoverySimulation::~RecoverySimulation() {
  clients_.clear();
}

void RecoverySimulation::broken(Client const& client, std::string const& what) {
  throw Broken("client " + client.end.id() + " of " + client.nsp + ": " + what);
}

// --- The server

void RecoverySimulation::start_server() {
  aerie::ServerOptions options;
  options.serve_client = false;
  options.engine.ping_interval = ms(ping_interval);
  options.engine.ping_timeout = ms(ping_timeout);
  options.connection_state_recovery = RecoveryOptions{
      .max_disconnection_duration = ms(mutant_ == Mutant::short_window ? memory_window / 8 : memory_window),
      .max_retained = max_retained_};
  io_ = std::make_unique<aerie::Server>(world_.http, std::move(options));
  serve("/");
  serve("/b");
}

void RecoverySimulation::serve(std::string const& nsp) {
  auto& of = io_->of(nsp);
  of.use([this](Socket&) -> Task<> {
    if (thinks_ > 0) co_await sleep_for(ms(random_.below(thinks_)));
  });
  of.on_connection([this](Socket& socket) {
    if (mutant_ != Mutant::lost_rooms || !socket.recovered()) return;
    for (auto const& room : {"r0", "r1", "r2"})
      socket.leave(room);
  });
  of.on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
  of.on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
  of.on("say", [this, nsp](Socket& socket, std::string const& room) {
    send(socket.shard().index(), nsp, {room}, "");
  });
}

void RecoverySimulation::restart() {
  // What the old one has said already counts.
  world_.run();
  for (auto const& client : clients_)
    read(*client);
  io_.reset();
  for (auto const& client : clients_)
    client->has_ended = true;
  start_server();
  world_.run();
}

// --- What happens

void RecoverySimulation::step() {
  auto& client = any_client();
  switch (random_.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return emit();
    case 4:
    case 5:
      return world_.runtime.shard(any_shard()).run_ready();
    case 6:
      return cut(client);
    case 7:
    case 8:
      return come_back(client);
    case 9:
    case 10:
    case 11:
      return read(client);
    case 12:
      return pass(1 + random_.below(60));
    case 13:
      client.end.emit("[\"say\",\"" + any_room() + "\"]");
      return;
    case 14:
      settle();
      return change_rooms(client);
    default:
      if (random_.one_in(20)) return restart();
      if (random_.one_in(10)) return pass(memory_window + random_.below(memory_window));
      if (random_.one_in(4)) return leave(client);
      return pass(random_.below(memory_window / 2));
  }
}

void RecoverySimulation::emit() {
  std::string const nsp = random_.one_in(3) ? "/b" : "/";
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
  auto const shard = any_shard();
  world_.runtime.shard(shard).post([this, shard, nsp, to, except] { send(shard, nsp, to, except); });
}

/// In a turn of the shard.
void RecoverySimulation::send(std::size_t shard, std::string const& nsp, std::set<std::string> const& to,
                              std::string const& except) {
  auto const number = ++sent_[shard];
  for (auto const& client : clients_) {
    if (client->nsp != nsp || !client->is_settled) continue;
    auto const is_in = [&](std::string const& room) {
      return client->rooms.contains(room) || room == client->end.id();
    };
    if (!except.empty() && is_in(except)) continue;
    if (to.empty() || std::ranges::any_of(to, is_in)) client->expected[shard].push_back(number);
  }
  auto target = io_->of(nsp).all();
  for (auto const& room : to)
    target = target.to(room);
  if (!except.empty()) target = target.except(except);
  target.emit("m", shard, number);
  // Nobody counts on those, whose last argument is no text.
  if (random_.one_in(8)) target.volatile_().emit("v", 0);
}

void RecoverySimulation::cut(Client& client) {
  if (client.end.is_away()) return;
  ++cuts_;
  if (client.end.state() == RecoveryClient::State::connected) {
    client.away_since = now_;
    client.gone_early = io_->stats().recovery.gone_early;
  }
  client.end.cut(random_.one_in(3));
}

void RecoverySimulation::come_back(Client& client) {
  if (client.end.is_away()) client.end.connect(world_, any_shard());
}

void RecoverySimulation::leave(Client& client) {
  if (client.end.state() != RecoveryClient::State::connected) return;
  settle();
  if (client.end.state() != RecoveryClient::State::connected) return;
  client.away_since = now_;
  client.end.leave();
  client.has_ended = true;
}

void RecoverySimulation::change_rooms(Client& client) {
  if (client.end.state() != RecoveryClient::State::connected || !client.is_settled) return;
  // What others have said before comes before.
  world_.run();
  auto const room = any_room();
  auto const is_in = client.rooms.contains(room);
  client.end.emit(std::string(is_in ? "[\"leave\"" : "[\"join\"") + ",\"" + room + "\"]");
  world_.run();
  if (is_in) {
    client.rooms.erase(room);
  } else {
    client.rooms.insert(room);
  }
}

void RecoverySimulation::pass(Time time) {
  // Clients answer pings as long as they are there.
  for (Time passed = 0; passed < time;) {
    auto const part = std::min<Time>(time - passed, 100);
    passed += part;
    now_ += part;
    world_.advance(ms(part));
    for (auto const& client : clients_)
      read(*client);
  }
}

/// Until nothing is under way, and everybody is there. Then everybody has heard everything.
void RecoverySimulation::settle() {
  for (auto const& client : clients_)
    come_back(*client);
  auto const is_there = [](auto const& client) {
    return client->end.state() == RecoveryClient::State::connected;
  };
  for (int round = 0; round < 100; ++round) {
    world_.run();
    for (auto const& client : clients_) {
      read(*client);
      come_back(*client);
    }
    if (round > 4 && std::ranges::all_of(clients_, is_there)) break;
    now_ += 10;
    world_.advance(10ms);
  }
  for (auto const& client : clients_) {
    if (!is_there(client)) broken(*client, "it cannot connect");
    for (auto const& [shard, numbers] : client->expected) {
      if (!numbers.empty())
        broken(*client, "event " + std::to_string(numbers.front()) + " of loop " + std::to_string(shard) +
                            " is missing");
    }
    client->is_settled = true;
  }
}

// --- What must hold

void RecoverySimulation::read(Client& client) {
  auto const was_there = client.end.state() == RecoveryClient::State::connected;
  auto const events = client.end.read();
  if (client.end.has_connected()) connected(client);
  for (auto const& event : events)
    heard(client, event);
  if (was_there && client.end.is_away()) {
    // The server has ended it, which has not heard of it for too long.
    client.away_since = now_;
    client.gone_early = io_->stats().recovery.gone_early;
  }
}

void RecoverySimulation::connected(Client& client) {
  digest_ = (digest_ ^ (client.end.recovered() ? 1 : 2)) * 0x100000001B3U;
  if (client.end.recovered()) {
    if (client.has_ended) broken(client, "a session that has ended is recovered");
    ++recovered_;
    return;
  }
  auto const is_too_late = now_ - client.away_since >= memory_window;
  auto const is_gone = io_->stats().recovery.gone_early != client.gone_early;
  if (client.is_settled && !client.has_ended && !is_too_late && !is_gone)
    broken(client, "it is not recovered after " + std::to_string(now_ - client.away_since) + " ms");
  if (client.is_settled) ++refused_;
  client.has_ended = false;
  client.is_settled = false;
  client.expected.clear();
  client.rooms.clear();
}

void RecoverySimulation::heard(Client& client, Value const& event) {
  if (!client.is_settled || event[0] != Value("m")) return;
  ++deliveries_;
  auto const shard = static_cast<std::size_t>(event[1].as_int());
  auto const number = event[2].as_int();
  digest_ = (digest_ ^ static_cast<std::uint64_t>(number) ^ shard) * 0x100000001B3U;
  auto& expected = client.expected[shard];
  if (!expected.empty() && expected.front() == number) return expected.pop_front();
  auto const name = "event " + std::to_string(number) + " of loop " + std::to_string(shard);
  if (std::ranges::find(expected, number) != expected.end())
    broken(client, name + " has come, and " + std::to_string(expected.front()) + " has not");
  broken(client, name + " has come twice, or was not for it");
}

void RecoverySimulation::finish() {
  settle();
  for (auto const& client : clients_)
    cut(*client);
  pass(memory_window + ping_interval + ping_timeout + 2'000);
  for (int i = 0; i < 40; ++i)
    pass(500);
  auto const left = io_->stats();
  if (left.recovery.waiting != 0 || left.recovery.retained_events != 0 || left.recovery.retained_bytes != 0)
    throw Broken(std::to_string(left.recovery.waiting) + " sessions and " +
                 std::to_string(left.recovery.retained_events) + " events are kept for nobody");
}

std::uint64_t seeds_to_catch(Mutant mutant, std::uint64_t seeds, std::uint64_t steps) {
  return first_broken(seeds, steps, [mutant](std::uint64_t seed) {
    return std::make_unique<RecoverySimulation>(seed, mutant);
  });
}

}  // namespace aerie::simulation
