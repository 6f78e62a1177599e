#pragma once

#include "unit/socketio/recovery_fixture.hpp"
#include "unit/support/log_model.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::socketio::test {

using aerie::test::LogModel;

/// Servers over one log in memory, each with shards of its own, and clients that come back to any of them.
class LoggedFixture : public testing::TestWithParam<unsigned> {
 protected:
  static constexpr auto window = 10s;

  struct Member {
    Member(LogModel& log, std::size_t number, unsigned threads, RecoveryOptions const& recovery)
        : world(threads) {
      aerie::ServerOptions options;
      options.serve_client = false;
      options.adapter = log.adapter(number);
      options.connection_state_recovery = recovery;
      io = std::make_unique<aerie::Server>(world.http, std::move(options));
      io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
      io->on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
    }
    ServerOnAClock world;
    std::unique_ptr<aerie::Server> io;
    bool stands_still = false;
    core::Milliseconds behind{0};
  };

  Member& start() {
    auto const number = members.size();
    members.push_back(std::make_unique<Member>(log, number, GetParam(), recovery));
    run();
    return *members.back();
  }
  /// Nothing of it is left; its clients' connections are dead.
  void kill(std::size_t server, ReturningClient& client) {
    client.socket.reset();
    client.dead.clear();
    client.connected = client.recovered = false;
    members[server].reset();
  }
  void stop(std::size_t server) { members[server]->stands_still = true; }
  void go_on(std::size_t server) {
    auto& member = *members[server];
    member.stands_still = false;
    member.world.advance(std::exchange(member.behind, 0ms));
    run();
  }
  /// Until nothing is left to do at the present time.
  void run() {
    for (int round = 0; round < 8; ++round) {
      for (auto const& member : members)
        if (member && !member->stands_still) member->world.run();
      log.pass(now);
    }
  }
  void pass(core::Milliseconds time) {
    for (core::Milliseconds passed{0}; passed < time; passed += 100ms) {
      now += 100;
      for (auto const& member : members) {
        if (!member) continue;
        if (member->stands_still) {
          member->behind += 100ms;
        } else {
          member->world.advance(100ms);
        }
      }
      run();
    }
  }
  template <class Action>
  void in_turn(std::size_t server, Action action) {
    members[server]->world.in_turn(action, GetParam() - 1);
    run();
  }
  void emit(std::size_t server, std::string_view event, std::string const& room = "") {
    auto const to = room.empty() ? members[server]->io->all() : members[server]->io->to(room);
    in_turn(server, [&] { to.emit(event, 1); });
  }

  /// Connects, to any shard, and comes back as whoever it was.
  void connect(ReturningClient& client, std::size_t shard = 0) {
    client.ask_to_connect(shard % GetParam());
    for (int round = 0; round < 4; ++round)
      run();
    client.read();
  }
  /// The same client at another server.
  ReturningClient moved(ReturningClient const& client, std::size_t server) {
    ReturningClient moved(members[server]->world);
    moved.pid = client.pid;
    moved.id = client.id;
    moved.offset = client.offset;
    return moved;
  }
  /// The same client at server 1, while server 0 stands still and does not know that its connection is dead.
  ReturningClient taken_while_standing_still(ReturningClient& client) {
    stop(0);
    client.vanish();
    auto elsewhere = moved(client, 1);
    connect(elsewhere);
    EXPECT_TRUE(elsewhere.recovered);
    return elsewhere;
  }
  void send(ReturningClient& client, std::string_view packet) {
    client.send(packet);
    run();
  }

  LogModel log{{.keep_for = 100'000, .ceiling = 10'000, .command_timeout = 5'000}};
  RecoveryOptions recovery{.max_disconnection_duration = window};
  std::uint64_t now = 0;
  std::vector<std::unique_ptr<Member>> members;
};

}  // namespace aerie::socketio::test
