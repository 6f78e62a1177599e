#pragma once

#include "examples/memory_adapter.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/core/spawn.hpp>
#include <aerie/socketio/server.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie::socketio::test {

using aerie::test::Over;
using aerie::test::ServerOnAClock;
using aerie::test::SocketIoClient;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// Servers of one cluster, each with shards of its own, over a broker in memory; all on the test's thread.
class ClusterFixture : public testing::TestWithParam<unsigned> {
 protected:
  /// One server and its runtime.
  struct Member {
    Member(unsigned threads, AdapterFactory adapter, std::shared_ptr<Parser const> parser) : world(threads) {
      aerie::ServerOptions options;
      options.parser = std::move(parser);
      options.serve_client = false;
      options.adapter = std::move(adapter);
      io = std::make_unique<aerie::Server>(world.http, std::move(options));
    }
    ServerOnAClock world;
    std::unique_ptr<aerie::Server> io;
  };

  Member& start() { return start(memory_adapter(broker)); }
  Member& start(AdapterFactory adapter, std::shared_ptr<Parser const> parser = {}) {
    return *members.emplace_back(std::make_unique<Member>(GetParam(), std::move(adapter), std::move(parser)));
  }
  /// A client of the main namespace on one of a server's shards.
  SocketIoClient& client(Member& of, std::string_view nsp = "/", std::size_t shard = 0,
                         Over over = Over::websocket) {
    auto& made = clients.emplace_back(of.world, over, shard % GetParam());
    ids.push_back(made.join(nsp));
    run();
    return made;
  }
  void run() {
    for (int round = 0; round < 4; ++round) {
      for (auto const& member : members)
        if (member->io) member->world.run();
    }
  }
  void advance(core::Milliseconds by) {
    for (auto const& member : members)
      member->world.advance(by);
    run();
  }
  template <class Action>
  void in_turn(Member& of, Action action, std::size_t shard = 0) {
    of.world.in_turn(action, shard % GetParam());
    run();
  }
  /// Runs a task of a server to its end, or until it waits for time to pass. `function` must outlive it.
  template <class F>
  void in_task(Member& of, F& function, std::size_t shard = 0) {
    spawn(of.world.runtime.shard(shard % GetParam()), function());
    run();
  }
  /// What each client has got since the last time.
  Strings take() {
    run();
    Strings texts;
    for (auto& each : clients)
      texts.push_back(each.take_text());
    return texts;
  }

  MemoryBroker broker;
  std::vector<std::unique_ptr<Member>> members;
  std::deque<SocketIoClient> clients;
  Strings ids;
};

}  // namespace aerie::socketio::test
