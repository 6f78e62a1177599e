#pragma once

/// \file
/// A whole server in one thread, on a clock that the test turns, with connections in memory.

#include "unit/support/http_answer.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/server.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::test {

class ServerOnAClock {
 public:
  explicit ServerOnAClock(unsigned threads = 1, std::size_t memory_limit = 0,
                          std::shared_ptr<Tracer> tracer = {})
      : runtime({.threads = threads,
                 .memory_limit = memory_limit,
                 .log_sink =
                     [this](LogRecord const& record) {
                       log.emplace_back(record.message);
                       if (on_log) on_log(record);
                     },
                 .tracer = std::move(tracer),
                 .clock = &clock}),
        http(runtime) {}

  core::MemoryClient connect(std::size_t shard = 0) {
    auto pair = core::memory_pair(runtime.shard(shard));
    entry->serve(std::move(pair.server));
    return std::move(pair.client);
  }
  /// Turns every shard until none has anything left to do at the present time.
  void run() {
    for (int round = 0; round < 4; ++round) {
      for (std::size_t i = 0; i < runtime.shard_count(); ++i)
        runtime.shard(i).run_ready();
    }
  }
  void advance(core::Milliseconds by) {
    clock.advance(by);
    run();
  }
  /// Runs `action` in a turn of a shard, as handlers are run.
  template <class Action>
  void in_turn(Action action, std::size_t shard = 0) {
    runtime.shard(shard).post([&action] { action(); });
    run();
  }
  /// Sends a request on a connection of its own.
  Answer ask(std::string_view request, std::size_t shard = 0) {
    auto client = connect(shard);
    client.write(request);
    run();
    auto bytes = client.take();
    return take_answer(bytes);
  }
  bool logged(std::string_view part) const {
    for (auto const& line : log)
      if (line.find(part) != std::string::npos) return true;
    return false;
  }

  std::vector<std::string> log;
  /// Told of each line as well, if the test wants that.
  LogSink on_log;
  core::ManualClock clock;
  Runtime runtime;
  http::Server http;
  /// Where connections arrive: another one if the test has it.
  http::Server* entry = &http;
};

}  // namespace aerie::test
