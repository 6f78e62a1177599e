#include "fuzz/server/world.hpp"

#include "fuzz/server/packets.hpp"
#include "unit/support/http_answer.hpp"
#include "unit/support/polling_client.hpp"
#include "unit/websocket/frames.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace aerie::fuzz {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view path = "/socket.io/?EIO=4&transport=";

std::string upgrade_request(std::string_view sid, std::string_view headers = "") {
  std::string target = std::string(path) + "websocket";
  if (!sid.empty()) target += "&sid=" + std::string(sid);
  return test::get_request(target,
                           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                               std::string(headers));
}

std::string polling_target(std::string_view sid) {
  return std::string(path) + "polling&sid=" + std::string(sid);
}

core::Endpoint somebody(Random& random) {
  return core::Endpoint::parse("192.0.2." + std::to_string(1 + random.below(3))).value_or(core::Endpoint{});
}

}  // namespace

World::World(std::uint64_t seed, bool talks) : random_(seed), talks_(talks) {
  RuntimeOptions options;
  options.threads = 1 + static_cast<unsigned>(random_.below(3));
  options.worker_threads = 0;
  options.clock = &clock_;
  if (talks) options.log_level = LogLevel::debug;
  options.log_sink = [this, throws = random_.one_in(20)](LogRecord const& record) {
    if (talks_) log_to_stderr(record);
    if (throws && ++logged_ % 7 == 0) throw std::runtime_error("the log is full");
  };
  runtime_ = std::make_unique<Runtime>(std::move(options));
  http_ = std::make_unique<http::Server>(*runtime_);
  application_ = std::make_unique<Application>(*http_, random_, keepsakes_);

  auto pair = core::memory_pair(runtime_->shard(random_.below(runtime_->shard_count())));
  http_->serve(std::move(pair.server));
  witness_.emplace(Connection{.end = std::move(pair.client)});
  witness_->end.write(upgrade_request("", "X-Witness: yes\r\n"));
  settle();
  witness_->end.write(websocket::test::text_frame("40/witness,"));
  settle();
  look_after_the_witness();
}

World::~World() {
  application_->destroy_server();
}

void World::run(std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i)
    step();
  end();
}

void World::step() {
  auto const what = random_.below(24);
  if (talks_) std::cerr << "step " << what << "\n";
  switch (what) {
    case 0:
    case 1:
      return enter();
    case 2:
      return leave();
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      if (auto* const player = any_player()) say(*player);
      return;
    case 9:
      if (auto* const player = any_player()) {
        player->connections[random_.below(player->connections.size())].end.set_window(
            random_.one_in(2) ? random_.below(4000) : std::string::npos);
      }
      return;
    case 10:
    case 11:
      if (auto* const player = any_player()) take_all(*player);
      return;
    case 12:
      return keepsakes_.use_one(random_);
    case 13:
      application_->act();
      return;
    case 14:
      // In a turn, as a callback of the application's own would.
      runtime_->shard(random_.below(runtime_->shard_count())).post([this] {
        keepsakes_.use_one(random_);
        application_->act();
      });
      return;
    case 15:
      return advance(core::Milliseconds(random_.below(100)));
    case 16:
      return advance(core::Milliseconds(random_.below(10'000)));
    case 17:
      return check_the_witness();
    default:
      turn();
  }
}

// --- Clients

World::Player* World::any_player() {
  return players_.empty() ? nullptr : &players_[random_.below(players_.size())];
}

std::string_view World::any_sid() {
  auto const* const player = any_player();
  return player == nullptr ? std::string_view("nobody") : std::string_view(player->sid);
}

Connection& World::connect(Player& player) {
  auto pair = core::memory_pair(runtime_->shard(random_.below(runtime_->shard_count())), somebody(random_));
  http_->serve(std::move(pair.server));
  return player.connections.emplace_back(Connection{.end = std::move(pair.client)});
}

void World::enter() {
  if (players_.size() >= 8) return;
  auto const kind = static_cast<Player::Kind>(random_.below(3));
  auto& player = players_.emplace_back(Player{.kind = kind, .connections = {}});
  auto& connection = connect(player);
  if (kind == Player::Kind::websocket) {
    write(connection, upgrade_request(""));
    if (random_.one_in(3)) {
      write(connection, frames_of(random_, {{"40"}, {"42[\"echo\",1]"}}));
    }
  } else if (kind == Player::Kind::polling) {
    write(connection, test::get_request(std::string(path) + "polling"));
    connect(player);
  } else {
    stray(player);
  }
}

void World::leave() {
  if (players_.empty()) return;
  auto const at = random_.below(players_.size());
  auto& player = players_[at];
  for (auto& connection : player.connections) {
    switch (random_.below(3)) {
      case 0:
        connection.end.reset();
        break;
      case 1:
        // The last words, and the end with them.
        connection.end.write(std::exchange(connection.unsent, {}));
        connection.end.close();
        break;
      default:
        connection.end.close();
    }
  }
  // Some go only half, and read on.
  if (random_.one_in(3)) return;
  players_.erase(players_.begin() + static_cast<std::ptrdiff_t>(at));
}

void World::say(Player& player) {
  if (player.kind == Player::Kind::stray) return stray(player);
  take_all(player);
  if (player.kind == Player::Kind::polling && player.connections.size() < 3) return poll(player);
  auto& connection = player.connections.back();
  if (!connection.seen.is_websocket()) return;
  auto messages = random_messages(random_);
  // Most clients join before they do anything else.
  if (random_.one_in(4)) messages.insert(messages.begin(), {"40"});
  write(connection, frames_of(random_, messages));
}

void World::poll(Player& player) {
  if (player.sid.empty()) return;
  auto& polls = player.connections[0];
  auto& posts = player.connections[1];
  switch (random_.below(12)) {
    case 0:
      return upgrade(player);
    case 1:
    case 2:
    case 3:
    case 4:
      return write(polls, test::get_request(polling_target(player.sid)));
    case 5:
      return write(posts, "DELETE " + polling_target(any_sid()) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    default: {
      auto messages = random_messages(random_);
      if (random_.one_in(4)) messages.insert(messages.begin(), {"40"});
      write(posts, test::post_request(polling_target(player.sid), payload_of(messages)));
    }
  }
}

void World::upgrade(Player& player) {
  auto& connection = connect(player);
  connection.seen.joins_a_session();
  write(connection, upgrade_request(player.sid));
  write(connection, frames_of(random_, {{"2probe"}}));
  if (random_.one_in(3)) return;
  write(connection, frames_of(random_, {{"5"}}));
}

void World::stray(Player& player) {
  auto& connection = random_.one_in(4) ? connect(player) : player.connections.front();
  auto const sid = std::string(any_sid());
  std::string request;
  switch (random_.below(10)) {
    case 0:
      request = test::get_request(random_.one_of("/hello", "/throws", "/later/1", "/later/123", "/nothing"));
      break;
    case 1:
      request = test::post_request("/body", random_.bytes(random_.below(300)));
      break;
    case 2:
      request =
          "POST /body HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
      break;
    case 3:
      request = test::get_request(polling_target(sid));
      break;
    case 4:
      request = upgrade_request(random_.one_in(2) ? sid : "nobody");
      connection.seen.joins_a_session();
      break;
    case 5:
      request = test::get_request(
          random_.one_of("/socket.io/?EIO=3&transport=polling", "/socket.io/?EIO=4", "/socket.io/",
                         "/socket.io/?EIO=4&transport=polling&sid=", "/socket.io/socket.io.js",
                         "/socket.io/../hello", "/socket.io/?transport=websocket&EIO=4", "/%2e%2e/x%ff"));
      break;
    case 6:
      request = "HEAD /hello HTTP/1.1\r\nHost: test\r\n\r\n";
      connection.seen.give_up();
      break;
    case 7:
      request = "OPTIONS /socket.io/ HTTP/1.1\r\nHost: test\r\nOrigin: http://elsewhere\r\n\r\n";
      break;
    default:
      request = test::get_request("/hello", "Connection: close\r\n");
      damage(random_, request);
      // It may have become one whose answer has another form.
      connection.seen.give_up();
  }
  write(connection, request);
}

void World::write(Connection& connection, std::string_view bytes) {
  connection.unsent += bytes;
  if (talks_) std::cerr << "  client " << &connection << ": " << bytes.substr(0, bytes.find("\r\n")) << "\n";
  auto const size =
      random_.one_in(4) ? random_.below(connection.unsent.size() + 1) : connection.unsent.size();
  connection.end.write(std::string_view(connection.unsent).substr(0, size));
  connection.unsent.erase(0, size);
}

void World::take(Connection& connection) {
  auto const bytes = connection.end.take();
  if (talks_ && !bytes.empty()) std::cerr << "  server to " << &connection << ": " << bytes << "\n";
  for (auto const each : bytes)
    digest_ = (digest_ ^ static_cast<unsigned char>(each)) * 0x100000001B3U;
  connection.seen.feed(bytes);
}

void World::take_all(Player& player) {
  for (auto& connection : player.connections) {
    take(connection);
    for (auto const& packet : connection.seen.take_packets()) {
      if (packet.starts_with('0')) player.sid = test::sid_in(packet);
      if (packet != "2" || random_.one_in(8)) continue;
      if (connection.seen.is_websocket()) {
        write(connection, frames_of(random_, {{"3"}}));
      } else if (player.connections.size() > 1) {
        write(player.connections[1], test::post_request(polling_target(player.sid), "3"));
      }
    }
  }
}

// --- Time and turns

void World::turn() {
  runtime_->shard(random_.below(runtime_->shard_count())).run_ready();
}

void World::settle() {
  for (std::size_t round = 0; round < 6; ++round) {
    for (std::size_t i = 0; i < runtime_->shard_count(); ++i)
      runtime_->shard(i).run_ready();
  }
}

void World::advance(core::Milliseconds by) {
  clock_.advance(by);
  settle();
  look_after_the_witness();
}

// --- The witness: a client that does everything right, and whom nothing of it all may concern.

void World::look_after_the_witness() {
  if (!witness_) return;
  take(*witness_);
  for (auto const& packet : witness_->seen.take_packets()) {
    if (packet == "2") witness_->end.write(websocket::test::text_frame("3"));
  }
  settle();
}

void World::check_the_witness() {
  if (!witness_) return;
  settle();
  look_after_the_witness();
  if (application_->has_closed()) return;
  auto const number = std::to_string(++asked_);
  witness_->end.write(websocket::test::text_frame("42/witness," + number + "[\"echo\"," + number + "]"));
  settle();
  take(*witness_);
  auto const expected = "43/witness," + number + "[" + number + "]";
  auto const packets = witness_->seen.take_packets();
  if (std::ranges::find(packets, expected) == packets.end()) {
    throw Violation("a client that nothing concerns is not answered any more: " + expected +
                    (witness_->end.ended() ? "; its connection has ended" : ""));
  }
}

// --- The end, in one of several orders

void World::end() {
  check_the_witness();
  switch (random_.below(4)) {
    case 0:
      // Everybody goes.
      players_.clear();
      witness_.reset();
      settle();
      for (int i = 0; i < 20; ++i)
        advance(10s);
      check_that_nothing_is_left();
      break;
    case 1:
      // The server closes, and everything ends by itself.
      application_->io().close();
      for (int i = 0; i < 20; ++i)
        advance(10s);
      check_that_nothing_is_left();
      break;
    case 2:
      // The server goes while its clients are there, and the runtime turns on.
      application_->destroy_server();
      keepsakes_.use_one(random_);
      settle();
      keepsakes_.use_one(random_);
      advance(10s);
      http_.reset();
      settle();
      break;
    default:
      break;
  }
  application_->destroy_server();
  for (int i = 0; i < 4; ++i)
    keepsakes_.use_one(random_);
  http_.reset();
  keepsakes_.use_one(random_);
  if (random_.one_in(2)) settle();
  runtime_.reset();
  for (int i = 0; i < 4; ++i)
    keepsakes_.use_one(random_);
  keepsakes_.clear();
}

void World::check_that_nothing_is_left() {
  auto const require = [](bool holds, std::string const& what) {
    if (!holds) throw Violation(what);
  };
  auto const connections = http_->connections();
  require(connections == 0, std::to_string(connections) + " connections are left");
  auto const sessions = application_->io().engine().clients_count();
  require(sessions == 0, std::to_string(sessions) + " sessions are left");
  for (std::size_t i = 0; i < runtime_->shard_count(); ++i) {
    auto const used = runtime_->shard(i).account().used();
    require(used == 0, std::to_string(used) + " bytes are left on the account of a shard");
  }
}

}  // namespace aerie::fuzz
