#include "simulation/parts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace aerie::simulation {

using namespace std::chrono_literals;
namespace {

std::uint64_t number_in(std::string_view text, std::size_t which) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] < '0' || text[at] > '9') {
      ++at;
      continue;
    }
    auto const [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    static_cast<void>(error);
    at = static_cast<std::size_t>(end - text.data());
    if (which-- == 0) return number;
  }
  return 0;
}

}  // namespace

Simulation::Simulation(Settings settings)
    : settings_(settings),
      random_(settings.seed),
      redis_(random_),
      adapter_(static_cast<int>(random_.below(4))) {
  constexpr std::string_view names[] = {"redis", "redis_sharded static", "redis_sharded dynamic",
                                        "redis_sharded dynamic-private"};
  adapter_name_ = names[adapter_];
  for (std::size_t i = 0; i < settings_.servers; ++i)
    start_server();
  for (std::size_t i = 0; i < settled; i += 10)
    pass_time();
}

Simulation::~Simulation() {
  clients_.clear();
}

AdapterFactory Simulation::adapter_of(Server& server) {
  redis::ClientOptions client;
  client.dial = [this, number = server.number](core::Shard& shard, core::Address const&) {
    return redis_.dial(shard, number);
  };
  client.random = [this] { return random_.fraction(); };
  // What is published waits as long as others may pause, and is to be on its way when all has settled.
  client.reconnect_delay_max = 200ms;
  if (adapter_ == 0) return RedisAdapter{.url = "redis://model", .requests_timeout = 500ms, .client = client};
  constexpr cluster::SubscriptionMode modes[] = {cluster::SubscriptionMode::static_,
                                                 cluster::SubscriptionMode::dynamic,
                                                 cluster::SubscriptionMode::dynamic_private};
  return RedisShardedAdapter{.url = "redis://model",
                             .subscription_mode = modes[adapter_ - 1],
                             .requests_timeout = 500ms,
                             .client = client};
}

void Simulation::note(std::uint64_t what) {
  digest_ = (digest_ ^ what) * 0x100000001B3U;
}

Simulation::Server& Simulation::any_server() {
  return *servers_[random_.below(servers_.size())];
}

Simulation::Client* Simulation::any_client() {
  return clients_.empty() ? nullptr : clients_[random_.below(clients_.size())].get();
}

// --- Servers

void Simulation::start_server() {
  auto& server = *servers_.emplace_back(
      std::make_unique<Server>(last_server_++, static_cast<unsigned>(1 + random_.below(2))));
  aerie::ServerOptions options;
  options.serve_client = false;
  options.close_timeout = 300ms;
  options.engine.ping_interval = std::chrono::hours(1);
  options.adapter = [&server, make = adapter_of(server)](ClusterMember& here) {
    auto adapter = make(here);
    server.adapter = adapter.get();
    server.member = static_cast<socketio::LocalMember*>(&here);
    return adapter;
  };
  server.io = std::make_unique<aerie::Server>(server.world.http, std::move(options));
  server.io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
  server.io->on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
  server.io->on_server_side("load?", [number = server.number] { return number; });
  server.disturbed = now_;
  server.world.run();
  last_fault_ = now_;
}

void Simulation::end_server(bool kill) {
  auto& server = any_server();
  if (servers_.size() <= 3 || server.closing) return;
  ++faults_;
  last_fault_ = now_;
  note(3 + server.number);
  // Its clients hear of it in their own way; nobody expects anything of them any more.
  forget_remote(server);
  for (auto const& client : clients_) {
    if (&client->server == &server) read(*client);
  }
  std::erase_if(clients_, [&](auto const& client) { return &client->server == &server; });
  server.closing = true;
  if (!kill) return server.world.in_turn([&] { server.io->close([&server] { server.closed = true; }); });
  redis_.cut(server.number, true);
  std::erase_if(open_, [&](auto const& open) { return open.second->server == server.number; });
  std::erase_if(servers_, [&](auto const& each) { return each.get() == &server; });
}

// --- Clients

void Simulation::connect() {
  auto& server = any_server();
  if (server.closing || clients_.size() >= settings_.servers * 3) return;
  auto& client = *clients_.emplace_back(
      std::make_unique<Client>(server, random_.below(server.world.runtime.shard_count())));
  client.id = client.end.join();
  client.since = now_;
  note(client.id.size());
}

void Simulation::disconnect() {
  if (clients_.size() < 8) return;
  auto const which = random_.below(clients_.size());
  auto& client = *clients_[which];
  read(client);
  client.end.send("1");
  clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(which));
}

void Simulation::change_rooms() {
  auto* const client = any_client();
  if (client == nullptr) return;
  auto const room = any_room();
  if (client->rooms.erase(room) > 0) {
    client->was_in.insert(room);
    // What is under way to the room may or may not arrive.
    client->expected.clear();
    client->end.send("2[\"leave\",\"" + room + "\"]");
  } else {
    client->rooms[room] = now_;
    std::erase_if(client->expected, [&](auto const& each) { return each.second.except == room; });
    client->end.send("2[\"join\",\"" + room + "\"]");
  }
}

// --- Events

void Simulation::emit() {
  auto& server = any_server();
  if (server.closing) return;
  auto const shard = random_.below(server.world.runtime.shard_count());
  auto const sender = server.number * 2 + shard;
  auto const number = ++server.emitted[sender];
  std::set<std::string> rooms;
  std::string except;
  auto const kind = random_.below(5);
  if (kind > 0) rooms.insert(any_room());
  if (kind > 2) rooms.insert(any_room());
  if (kind > 3) except = any_room();
  auto to = server.io->all();
  for (auto const& room : rooms)
    to = to.to(room);
  if (!except.empty()) to = to.except(except);
  for (auto const& client : clients_) {
    auto const in = [&](std::string const& room) {
      auto const found = client->rooms.find(room);
      return found != client->rooms.end() && found->second + settled <= now_;
    };
    auto const steady =
        &client->server == &server || (server.is_steady(now_) && client->server.is_steady(now_));
    if (client->since + settled > now_ || !steady || client->server.closing) continue;
    // Whoever has just joined it, or left it, may be excepted.
    if (!except.empty() && (client->rooms.contains(except) || client->was_in.contains(except))) continue;
    if (!rooms.empty() && std::ranges::none_of(rooms, in)) continue;
    client->expected.emplace(Event{sender, number}, Expectation{now_ + latest, except});
    ++expected_;
  }
  server.world.in_turn([&] { to.emit("m", sender, number); }, shard);
}

void Simulation::read(Client& client) {
  for (auto const& packet : client.end.take())
    received(client, packet);
}

void Simulation::received(Client& client, std::string const& packet) {
  for (auto const letter : packet)
    note(static_cast<unsigned char>(letter));
  if (packet.starts_with("2[\"m\",")) {
    Event const event{number_in(packet, 1), number_in(packet, 2)};
    ++deliveries_;
    auto& last = client.last[event.first];
    if (event.second <= last) {
      broken("sender " + std::to_string(event.first) + ": event " + std::to_string(event.second) +
             " came after " + std::to_string(last));
    }
    last = event.second;
    client.expected.erase(event);
  } else if (packet.find("[\"q\"]") != std::string::npos) {
    // Some never answer.
    if (!random_.one_in(8)) client.end.send("3" + std::to_string(number_in(packet.substr(1), 0)) + "[1]");
  }
}

// --- Faults and time

void Simulation::forget_remote(Server const& server) {
  for (auto const& client : clients_) {
    auto const own = &client->server == &server;
    std::erase_if(client->expected, [&](auto const& each) {
      auto const by_itself = each.first.first / 2 == server.number;
      // Neither what it has sent to others, nor what others have sent to it.
      return own ? !by_itself : by_itself;
    });
  }
}

void Simulation::disturb() {
  if (!settings_.faults) return;
  if (random_.one_in(6) && redis_.up()) {
    redis_.stop();
    redis_returns_ = now_ + 200 + random_.below(3'000);
    for (auto const& server : servers_) {
      forget_remote(*server);
      server->disturbed = now_;
    }
  } else {
    auto& server = any_server();
    if (!redis_.cut(server.number, random_.one_in(3))) return;
    forget_remote(server);
    server.disturbed = now_;
  }
  ++faults_;
  last_fault_ = now_;
}

void Simulation::pass_time() {
  auto const by = 1 + random_.below(25);
  now_ += by;
  if (!redis_.up() && now_ >= redis_returns_) {
    redis_.start();
    last_fault_ = now_;
    for (auto const& server : servers_)
      server->disturbed = now_;
  }
  redis_.pass(now_);
  for (auto const& server : servers_) {
    server->world.advance(core::Milliseconds(by));
    // As long as one is without Redis nothing is quiet.
    if (server->io->cluster().state != ClusterState::ready) {
      server->disturbed = now_;
      last_fault_ = now_;
    }
  }
  for (auto const& client : clients_)
    read(*client);
  // What such a server has asked ends with it.
  for (auto const& server : servers_) {
    if (server->closed)
      std::erase_if(open_, [&](auto const& open) { return open.second->server == server->number; });
  }
  std::erase_if(servers_, [](auto const& server) { return server->closed; });
  look_for_late();
}

void Simulation::look_for_late() {
  for (auto const& client : clients_) {
    for (auto const& [event, expectation] : client->expected) {
      if (expectation.until > now_) continue;
      broken("event " + std::to_string(event.second) + " of sender " + std::to_string(event.first) +
             " has not reached a client of server " + std::to_string(client->server.number));
    }
  }
  for (auto const& [number, question] : open_) {
    if (question->deadline < now_)
      broken("request " + std::to_string(number) + " of server " + std::to_string(question->server) +
             " is still open");
  }
  look_for_forgotten();
}

/// Adapters keep nothing for requests that have ended.
void Simulation::look_for_forgotten() {
  std::map<std::size_t, std::size_t> open;
  for (auto const& [number, question] : open_)
    ++open[question->server];
  for (auto const& server : servers_) {
    auto const kept = server->adapter->open_requests();
    most_open_ = std::max<std::uint64_t>(most_open_, kept);
    if (!server->closing && kept > open[server->number])
      broken("the adapter of server " + std::to_string(server->number) + " keeps " + std::to_string(kept) +
             " requests of " + std::to_string(open[server->number]) + " that are open");
  }
}

void Simulation::broken(std::string const& what) {
  // Callbacks that throw are reported, and no more.
  if (failure_.empty()) failure_ = what;
}

void Simulation::check() const {
  if (!failure_.empty()) throw Broken(failure_);
}

void Simulation::step() {
  do_something();
  check();
}

void Simulation::do_something() {
  auto const what = random_.below(100);
  note(what);
  if (what < 35) return pass_time();
  if (what < 65) return emit();
  if (what < 73) return change_rooms();
  if (what < 80) return connect();
  if (what < 83) return disconnect();
  if (what < 89) return ask();
  if (what < 94) return fetch();
  if (what < 98) return ask_servers();
  if (random_.one_in(8)) return disturb();
  if (!settings_.faults || !random_.one_in(8)) return pass_time();
  if (servers_.size() < settings_.servers) return start_server();
  end_server(random_.one_in(2));
}

void Simulation::finish() {
  redis_.start();
  for (Time end = now_ + 10'000; now_ < end;)
    pass_time();
  if (!open_.empty()) broken("a request is still open at the end");
  for (auto const& server : servers_) {
    if (server->adapter->open_requests() > 0) broken("an adapter keeps a request at the end");
    if (server->member->answering() > 0) broken("a request of another server is being answered at the end");
  }
  check();
  while (!clients_.empty()) {
    clients_.back()->end.send("1");
    clients_.back()->end.websocket->connection.close();
    clients_.pop_back();
  }
  for (Time end = now_ + 1'000; now_ < end;)
    pass_time();
  for (auto const& server : servers_) {
    auto const stats = server->world.runtime.stats();
    for (auto const& shard : stats.shards) {
      if (shard.bytes_held > 0) broken("a shard holds memory when nobody is there");
      if (shard.posts_waiting > 0) broken("posted work is left");
    }
    if (server->io->sockets().socket_count() > 0) broken("a socket is left");
    server->world.in_turn([&] { server->io->close(); });
  }
  for (Time end = now_ + 1'000; now_ < end;)
    pass_time();
  if (redis_.connections() > 0) broken("a connection to Redis is left");
  servers_.clear();
  check();
}

}  // namespace aerie::simulation
